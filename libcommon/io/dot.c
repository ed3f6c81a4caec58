/* SPDX-License-Identifier: Apache-2.0 */
#include "io/dot.h"

/*
 * Inside double quotes only the quote itself is special to the parser, but what draws a label
 * then reads backslashes (\n, \N) and entities (&amp;) in it.
 */
static void
put_text(struct str *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '"': str_add(out, "\\\""); break;
		case '\\': str_add(out, "\\\\"); break;
		case '&': str_add(out, "&amp;"); break;
		default: str_addc(out, *text);
		}
}

static void
put_quoted(struct str *out, const char *text)
{
	str_addc(out, '"');
	put_text(out, text);
	str_addc(out, '"');
}

void
dot_open(struct str *out, const char *name)
{
	str_add(out, "digraph ");
	put_quoted(out, name);
	str_add(out, " {\n\trankdir=LR;\n\tnode [shape=box];\n");
}

void
dot_node(struct str *out, const char *id, const char *label, const char *note, int strong)
{
	str_addc(out, '\t');
	put_quoted(out, id);
	str_add(out, " [label=\"");
	put_text(out, label);
	str_add(out, "\\n");
	put_text(out, note);
	str_add(out, strong ? "\", penwidth=3];\n" : "\"];\n");
}

void
dot_edge(struct str *out, const char *from, const char *to, const char *label)
{
	str_addc(out, '\t');
	put_quoted(out, from);
	str_add(out, " -> ");
	put_quoted(out, to);
	str_add(out, " [label=");
	put_quoted(out, label);
	str_add(out, "];\n");
}

void
dot_close(struct str *out)
{
	str_add(out, "}\n");
}
