/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of Python's literals that JSON can say: numbers, quoted texts, True, False, None,
 * lists, tuples, and dicts with texts for keys. Each reader returns where it ended, or NULL:
 * then all of it is a text.
 */
#include "fleet/formats/ansible/ansible_value.h"

#include "io/jtext.h"

#include <string.h>

/* Deeper ones stay texts. */
#define DEEPEST 32

static const char *
skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* The escapes that people write; a text with any other stays as it stands. */
static int
unescape(char c)
{
	static const char from[] = "\\'\"nt", to[] = "\\'\"\n\t";
	const char *at = c ? strchr(from, c) : NULL;

	return at ? to[at - from] : 0;
}

static const char *
read_text(const char *p, struct str *json)
{
	struct str plain = STR_INIT;
	char quote = *p++;

	str_add(&plain, "");
	while (p && *p && *p != quote) {
		char c = *p++;

		if (c == '\\')
			c = (char)unescape(*p++);
		if (c)
			str_addc(&plain, c);
		else
			p = NULL;
	}
	if (p && *p == quote)
		jtext_put_string(json, plain.text);
	else
		p = NULL;
	str_done(&plain);
	return p ? p + 1 : NULL;
}

/* A number as JSON would have it too: no 0123, no 1_000, no 0x. */
static const char *
read_number(const char *p, struct str *json)
{
	size_t len = strspn(p, "+-.0123456789eE");
	size_t skip = *p == '+';
	struct fault why;

	return len > skip && jtext_canonical(p + skip, len - skip, json, &why) == 0 ? p + len
										    : NULL;
}

static const char *
read_word(const char *p, struct str *json)
{
	static const char *const words[][2] = {
	    {"True", "true"}, {"False", "false"}, {"None", "null"}};

	for (size_t i = 0; i < 3; i++)
		if (strncmp(p, words[i][0], strlen(words[i][0])) == 0) {
			str_add(json, words[i][1]);
			return p + strlen(words[i][0]);
		}
	return NULL;
}

static const char *read_value(const char *p, struct str *json, int depth);

/* "KEY:" before a member of a dict. */
static const char *
read_key(const char *p, struct str *json)
{
	if (*p != '\'' && *p != '"')
		return NULL;
	p = read_text(p, json);
	if (!p || *(p = skip_blanks(p)) != ':')
		return NULL;
	str_addc(json, ':');
	return skip_blanks(p + 1);
}

static const char *
read_members(const char *p, char close, struct str *json, int depth)
{
	for (int n = 0;; n++) {
		p = skip_blanks(p);
		if (*p == close)
			return p + 1;
		if (n)
			str_addc(json, ',');
		if (close == '}' && !(p = read_key(p, json)))
			return NULL;
		p = read_value(p, json, depth + 1);
		if (!p)
			return NULL;
		p = skip_blanks(p);
		if (*p == ',')
			p++;
		else if (*p != close)
			return NULL;
	}
}

static const char *
read_value(const char *p, struct str *json, int depth)
{
	if (depth > DEEPEST)
		return NULL;
	switch (*p) {
	case '\'':
	case '"': return read_text(p, json);
	case '[':
	case '(':
		str_addc(json, '[');
		p = read_members(p + 1, *p == '[' ? ']' : ')', json, depth);
		str_addc(json, ']');
		return p;
	case '{':
		str_addc(json, '{');
		p = read_members(p + 1, '}', json, depth);
		str_addc(json, '}');
		return p;
	case 'T':
	case 'F':
	case 'N': return read_word(p, json);
	default: return read_number(p, json);
	}
}

/* In Python ('a') is no tuple. Rare enough to be left a text. */
static int
is_parenthesis(const char *text)
{
	return *text == '(' && !strchr(text, ',');
}

void
ansible_value(const char *text, struct str *json)
{
	size_t before = json->len;
	struct str canonical = STR_INIT;
	struct fault why;
	const char *end = is_parenthesis(text) ? NULL : read_value(text, json, 0);

	if (end && !*skip_blanks(end) &&
	    jtext_canonical(json->text + before, json->len - before, &canonical, &why) == 0) {
		str_cut(json, before);
		str_addn(json, canonical.text, canonical.len);
	} else {
		if (json->text)
			str_cut(json, before);
		jtext_put_string(json, text);
	}
	str_done(&canonical);
}
