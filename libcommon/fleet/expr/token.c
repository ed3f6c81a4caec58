/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/token.h"

#include <string.h>
#include <strings.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define DIGITS "0123456789"

unsigned
token_column(const char *start, const struct token *t)
{
	unsigned column = 1;

	for (const char *p = start; p < t->at; p++)
		column += ((unsigned char)*p & 0xc0) != 0x80;
	return column;
}

int
token_is(const struct token *t, const char *text)
{
	return (t->kind == TOKEN_WORD || t->kind == TOKEN_MARK) && t->len == strlen(text) &&
	       strncasecmp(t->at, text, t->len) == 0;
}

static int
refuse(const char *start, const struct token *t, struct fault *f, const char *why)
{
	int shown = t->len > 40 ? 40 : (int)t->len;

	return fault_set(
	    f, FAULT_BAD, "column %u: %.*s: %s", token_column(start, t), shown, t->at, why);
}

/* From a quote to behind its partner; a quote twice stands for itself. */
static int
quoted(const char *start, struct token *t, struct fault *f)
{
	const char quote = *t->at, *p = t->at + 1;

	while (*p && (*p != quote || p[1] == quote))
		p += *p == quote ? 2 : 1;
	if (!*p) {
		t->len = strlen(t->at);
		return refuse(start, t, f, "a quote that is not closed");
	}
	t->len = (size_t)(p + 1 - t->at);
	t->kind = quote == '\'' ? TOKEN_TEXT : TOKEN_QUOTED;
	if (t->kind == TOKEN_QUOTED && t->len == 2)
		return refuse(start, t, f, "an empty name");
	return 0;
}

static int
number(const char *start, struct token *t, struct fault *f)
{
	const char *p = t->at + strspn(t->at, DIGITS), *exponent;

	t->kind = TOKEN_INT;
	if (*p == '.') {
		t->kind = TOKEN_REAL;
		p += 1 + strspn(p + 1, DIGITS);
	}
	if (*p == 'e' || *p == 'E') {
		exponent = p + 1;
		exponent += *exponent == '+' || *exponent == '-';
		if (strspn(exponent, DIGITS)) {
			t->kind = TOKEN_REAL;
			p = exponent + strspn(exponent, DIGITS);
		}
	}
	t->len = (size_t)(p - t->at);
	if (!strspn(p, LETTERS DIGITS ".'\""))
		return 0;
	t->len += strspn(p, LETTERS DIGITS ".");
	return refuse(start, t, f, "neither a number nor a name; texts stand in 'quotes'");
}

static int
mark(const char *start, struct token *t, struct fault *f)
{
	/* Longer ones before those that they begin with. */
	static const char *const marks[] = {"==", "!=", "<>", "<=", ">=", "||", "=", "<", ">", "+",
	    "-", "*", "/", "%", "(", ")", ",", ".", "[", "]"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		t->len = strlen(marks[i]);
		if (strncmp(t->at, marks[i], t->len) == 0)
			return 0;
	}
	t->len = 1;
	while (((unsigned char)t->at[t->len] & 0xc0) == 0x80)
		t->len++;
	if (*t->at == ';')
		return refuse(start, t, f, "an expression is one condition, without semicolons");
	if (strncmp(t->at, "&&", 2) == 0)
		return refuse(start, t, f, "the word is and");
	if (*t->at == '?' || *t->at == '$' || *t->at == ':' || *t->at == '@')
		return refuse(start, t, f, "expressions take no parameters");
	return refuse(start, t, f, "no part of an expression");
}

int
token_next(const char *start, const char *p, struct token *t, struct fault *f)
{
	p += strspn(p, " \t\r\n");
	*t = (struct token){.kind = TOKEN_END, .at = p};
	if (!*p)
		return 0;
	if (*p == '\'' || *p == '"')
		return quoted(start, t, f);
	if (strspn(p, DIGITS) || (*p == '.' && strspn(p + 1, DIGITS)))
		return number(start, t, f);
	t->kind = TOKEN_WORD;
	t->len = strspn(p, LETTERS DIGITS);
	if (t->len)
		return 0;
	t->kind = TOKEN_MARK;
	return mark(start, t, f);
}
