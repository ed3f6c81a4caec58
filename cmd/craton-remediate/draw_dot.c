/* SPDX-License-Identifier: Apache-2.0 */
/* A workflow as a graph for dot(1). */
#include "remediate.h"

/* In double quotes; control characters are left out. */
static void
add_text(const char *text, struct str *out)
{
	str_addc(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			str_addc(out, '\\');
		if ((unsigned char)*text >= ' ')
			str_addc(out, *text);
	}
	str_addc(out, '"');
}

static void
add_edge(const char *from, const char *to, const char *style, struct str *out)
{
	str_add(out, "  ");
	add_text(from, out);
	str_add(out, " -> ");
	add_text(to, out);
	str_addf(out, "%s;\n", style);
}

static void
add_step(const struct workflow *w, size_t i, struct str *out)
{
	const struct step *s = &w->steps.v[i];
	const struct graph_node *node = &w->graph.nodes[i];

	str_add(out, "  ");
	add_text(s->name, out);
	str_addf(out, " [shape=%s%s];\n", s->each.n ? "box3d" : "box",
	    s->idempotent ? "" : ", style=bold");
	for (size_t j = 0; j < node->needs.n; j++)
		add_edge(w->steps.v[node->needs.v[j]].name, s->name, "", out);
	if (s->retry.from)
		add_edge(s->name, s->retry.from, " [style=dashed, label=\"retry\"]", out);
}

void
draw_dot(const struct workflow *w, struct str *out)
{
	str_add(out, "digraph ");
	add_text(w->name, out);
	str_add(out, " {\n");
	for (size_t i = 0; i < w->steps.n; i++)
		add_step(w, w->graph.order[i], out);
	str_add(out, "}\n");
}
