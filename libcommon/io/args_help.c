/* SPDX-License-Identifier: Apache-2.0 */
#include "io/args_help.h"

#include "base/report.h"

#include <string.h>

#define COLUMNS 80
#define INDENT 2
#define WIDEST_LEFT 28 /* an option longer than that has its help on the next line */

const struct args_opt args_help_option = {'h', "help", NULL, ARGS_FLAG, NULL, "print this help"};

static void
add_spaces(struct str *out, size_t n)
{
	str_addf(out, "%*s", (int)n, "");
}

/* Words wrapped at the last column. The cursor stands at column indent, as do later lines. */
static void
add_wrapped(struct str *out, size_t indent, const char *text)
{
	size_t column = indent;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");

		if (column > indent && column + 1 + len > COLUMNS) {
			str_addc(out, '\n');
			add_spaces(out, indent);
			column = indent;
		} else if (column > indent) {
			str_addc(out, ' ');
			column++;
		}
		str_addn(out, text, len);
		column += len;
		text += len;
	}
	str_addc(out, '\n');
}

/* "  -l, --label EXPR" */
static void
add_left(struct str *out, const struct args_opt *o)
{
	if (o->letter)
		str_addf(out, "%*s-%c, --%s", INDENT, "", o->letter, o->name);
	else
		str_addf(out, "%*s    --%s", INDENT, "", o->name);
	if (o->value)
		str_addf(out, " %s", o->value);
}

/* A row of a list: what is named, then from column right on what it is. */
static void
add_row(struct str *out, const char *left, size_t right, const char *text)
{
	size_t len = strlen(left);

	str_add(out, left);
	if (len + INDENT > right) {
		str_addc(out, '\n');
		len = 0;
	}
	add_spaces(out, right - len);
	add_wrapped(out, right, text);
}

static void
widen(size_t *right, size_t left)
{
	if (left <= WIDEST_LEFT && left + INDENT > *right)
		*right = left + INDENT;
}

static void
widen_to_options(size_t *right, const struct args_opt *o)
{
	struct str left = STR_INIT;

	for (; o && o->name; o++) {
		str_reset(&left);
		add_left(&left, o);
		widen(right, left.len);
	}
	str_done(&left);
}

static void
add_options(struct str *out, size_t right, const struct args_opt *o)
{
	struct str left = STR_INIT;

	for (; o && o->name; o++) {
		str_reset(&left);
		add_left(&left, o);
		add_row(out, left.text, right, o->help);
	}
	str_done(&left);
}

static void
add_examples(struct str *out, const char *lines)
{
	str_add(out, "\nExamples:\n");
	while (*lines) {
		size_t len = strcspn(lines, "\n");

		str_addf(out, "%*s%.*s\n", INDENT, "", (int)len, lines);
		lines += len + (lines[len] == '\n');
	}
}

void
args_help(const struct args *a, struct str *out)
{
	const struct args_opt last[] = {args_help_option, {0}};
	const struct args_opt *tables[] = {a->own, a->shared, a->common, last};
	size_t right = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		widen_to_options(&right, tables[i]);
	str_addf(out, "usage: %s %s\n\n", report_tool_name(), a->usage);
	add_wrapped(out, 0, a->about);
	if (a->examples)
		add_examples(out, a->examples);
	str_add(out, "\nOptions:\n");
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		add_options(out, right, tables[i]);
}

void
args_help_tool(const char *about, const struct args_verb *verbs, struct str *out)
{
	struct str left = STR_INIT;
	size_t right = 0;

	for (const struct args_verb *v = verbs; v->name; v++)
		widen(&right, INDENT + strlen(v->name));
	str_addf(out, "usage: %s VERB [options] [NAME ...]\n\n", report_tool_name());
	add_wrapped(out, 0, about);
	str_add(out, "\nVerbs:\n");
	for (const struct args_verb *v = verbs; v->name; v++) {
		str_reset(&left);
		str_addf(&left, "%*s%s", INDENT, "", v->name);
		add_row(out, left.text, right, v->about);
	}
	str_addf(out, "\n\"%s VERB --help\" lists the options of a verb.\n", report_tool_name());
	str_done(&left);
}
