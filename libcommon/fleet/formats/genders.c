/* SPDX-License-Identifier: Apache-2.0 */
/*
 * genders(3): NODES ATTRIBUTE[=VALUE],...; nodes with ranges, several lines a node. In a value %n
 * stands for the node's name, %% for a percent sign. An attribute is a label; those called cloud,
 * region and cell are the places, which are made if they are not there. `#` begins a comment.
 */
#include "fleet/formats/draft.h"
#include "fleet/formats/format.h"

#include "base/map.h"
#include "base/mem.h"
#include "io/hostlist.h"

#include <stdlib.h>
#include <string.h>

/* Longer lines of nodes are a slip of a digit. */
#define MOST_NODES 100000

struct node {
	char *name;
	unsigned long line;
	struct words attributes;
};

/* From the widest. */
static const char *const places[] = {"cloud", "region", "cell"};

#define PLACES 3

struct genders {
	struct draft draft;
	VEC(struct node) nodes;
	struct map index;
	struct map made; /* places: "region CLOUD REGION" */
	/* Of the line being read. */
	char *attributes;
	unsigned long line;
	size_t taken;
	struct fault why;
};

static void
start(struct format_run *run)
{
	run->state = mem_zero(1, sizeof(struct genders));
}

static void
end(struct format_run *run)
{
	struct genders *g = run->state;

	for (size_t i = 0; i < g->nodes.n; i++) {
		free(g->nodes.v[i].name);
		words_done(&g->nodes.v[i].attributes);
	}
	vec_done(&g->nodes);
	map_done(&g->index);
	map_done(&g->made);
	draft_done(&g->draft);
	free(g);
}

/* ---- lines ---- */

/* An attribute of a node, its %n and %% replaced; to be freed. */
static char *
replaced(const char *attribute, const char *node)
{
	struct str out = STR_INIT;

	for (const char *p = attribute; *p; p++)
		if (*p == '%' && p[1] == 'n') {
			str_add(&out, node);
			p++;
		} else {
			str_addc(&out, *p);
			p += *p == '%' && p[1] == '%';
		}
	return str_take(&out);
}

static int
take_node(const char *name, void *ctx)
{
	struct genders *g = ctx;
	char *list = mem_dup(g->attributes), *rest = list, *word;
	int added;
	union map_value *at;

	if (++g->taken > MOST_NODES) {
		free(list);
		return fault_set(&g->why, FAULT_BAD, "more than %d nodes", MOST_NODES);
	}
	at = map_put(&g->index, name, &added);
	if (added) {
		struct node *node = vec_add(&g->nodes);

		at->i = (int64_t)g->nodes.n - 1;
		node->name = mem_dup(name);
		node->line = g->line;
	}
	while ((word = strsep(&rest, ",")))
		if (*word) {
			char *text = replaced(word, name);

			vec_push(&g->nodes.v[at->i].attributes, text);
		}
	free(list);
	return 0;
}

static int
read_line(struct genders *g, char *line, struct fault *f)
{
	static const char blanks[] = " \t\r";
	char *comment = strchr(line, '#'), *nodes, *rest;
	int result;

	if (comment)
		*comment = '\0';
	nodes = line + strspn(line, blanks);
	if (!*nodes)
		return 0;
	g->attributes = nodes + strcspn(nodes, blanks);
	if (*g->attributes)
		*g->attributes++ = '\0';
	g->attributes += strspn(g->attributes, blanks);
	rest = g->attributes + strcspn(g->attributes, blanks);
	if (rest[strspn(rest, blanks)])
		return fault_set(f, FAULT_BAD, "a blank between attributes");
	*rest = '\0';
	g->taken = 0;
	result = hostlist_each(nodes, take_node, g, f);
	if (result > 0 || g->taken > MOST_NODES)
		*f = g->why;
	return result ? -1 : 0;
}

/* ---- nodes ---- */

/* The value of an attribute that is a place, or NULL. */
static const char *
place_of(const struct node *node, const char *place)
{
	size_t len = strlen(place);

	for (size_t i = 0; i < node->attributes.n; i++) {
		const char *a = node->attributes.v[i];

		if (strncmp(a, place, len) == 0 && a[len] == '=' && a[len + 1])
			return a + len + 1;
	}
	return NULL;
}

/* A record for each place that no node before was in. */
static int
make_places(struct format_run *run, const struct node *node, struct fault *f)
{
	struct genders *g = run->state;
	struct str path = STR_INIT;
	const char *above[PLACES] = {0};
	int result = 0, added;

	for (size_t i = 0; result == 0 && i < PLACES; i++) {
		above[i] = place_of(node, places[i]);
		if (!above[i])
			continue;
		str_addf(&path, "%s %s\n", places[i], above[i]);
		map_put(&g->made, path.text, &added);
		if (!added)
			continue;
		draft_start(&g->draft, places[i]);
		draft_text(&g->draft, "name", above[i]);
		for (size_t n = 0; n < i; n++)
			draft_text(&g->draft, places[n], above[n]);
		result = draft_emit(&g->draft, run, node->line, f);
	}
	str_done(&path);
	return result;
}

static int
is_place(const char *attribute)
{
	for (size_t i = 0; i < PLACES; i++) {
		size_t len = strlen(places[i]);

		if (strncmp(attribute, places[i], len) == 0 && attribute[len] == '=' &&
		    attribute[len + 1])
			return 1;
	}
	return 0;
}

static int
emit_node(struct format_run *run, const struct node *node, struct fault *f)
{
	struct genders *g = run->state;

	if (make_places(run, node, f) < 0)
		return -1;
	draft_start(&g->draft, "host");
	draft_text(&g->draft, "name", node->name);
	draft_text(&g->draft, "key", node->name);
	for (size_t i = 0; i < PLACES; i++)
		draft_text(&g->draft, places[i], place_of(node, places[i]));
	for (size_t i = 0; i < node->attributes.n; i++)
		if (!is_place(node->attributes.v[i]))
			draft_label(&g->draft, NULL, node->attributes.v[i]);
	return draft_emit(&g->draft, run, node->line, f);
}

static int
translate_all(struct format_run *run, char *text, size_t len, struct fault *f)
{
	struct genders *g = run->state;
	char *line;

	(void)len;
	while ((line = strsep(&text, "\n"))) {
		g->line++;
		if (read_line(g, line, f) == 0)
			continue;
		if (f->kind != FAULT_BAD)
			return -1;
		format_bad(run, g->line, f);
	}
	for (size_t i = 0; i < g->nodes.n; i++)
		if (emit_node(run, &g->nodes.v[i], f) < 0)
			return -1;
	return 0;
}

const struct format format_genders = {
    .name = "genders",
    .about = "a genders file: nodes with attributes",
    .start = start,
    .end = end,
    .text = translate_all,
};
