/* SPDX-License-Identifier: Apache-2.0 */
/* The structure: values, arrays, and objects with their keys in order. */
#include "io/jtext.h"
#include "io/jtext_scan.h"
#include "io/jtext_string.h"

#include <ctype.h>

#define TEXT_OF_(x) #x
#define TEXT_OF(x) TEXT_OF_(x)

static int value(struct jtext_scan *s);

static void
skip_space(struct jtext_scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
		s->p++;
}

static int
enter(struct jtext_scan *s)
{
	if (s->depth == JTEXT_DEEPEST)
		return jtext_scan_refuse(s, "nested deeper than " TEXT_OF(JTEXT_DEEPEST));
	s->depth++;
	jtext_scan_copy_one(s);
	skip_space(s);
	return 0;
}

/* Behind an element: 1 if another one follows, 0 if the end did. */
static int
another(struct jtext_scan *s, char end, const char *wanted)
{
	skip_space(s);
	if (jtext_scan_peek(s) == ',') {
		jtext_scan_copy_one(s);
		skip_space(s);
		return 1;
	}
	if (jtext_scan_peek(s) != end)
		return jtext_scan_unexpected(s, wanted);
	return 0;
}

static void
leave(struct jtext_scan *s)
{
	jtext_scan_copy_one(s);
	s->depth--;
}

static int
refuse_twice(struct jtext_scan *s, const struct jtext_member *m)
{
	return jtext_scan_refuse_text(
	    s, m->read_at, m->text + 1, m->key_len, "is a key twice in one object");
}

static int
by_key(const void *a, const void *b)
{
	const struct jtext_member *x = a, *y = b;

	return jtext_compare(x->text + 1, x->key_len, y->text + 1, y->key_len);
}

/* Writes the members that begin at start again, in order. Their length stays the same. */
static int
sort_members(struct jtext_scan *s, size_t first, char *start)
{
	struct jtext_member *m = s->members.v + first, *end = s->members.v + s->members.n;

	qsort(m, (size_t)(end - m), sizeof(*m), by_key);
	str_reset(&s->scratch);
	for (struct jtext_member *i = m; i < end; i++) {
		if (i > m && by_key(i - 1, i) == 0)
			return refuse_twice(s, i[-1].read_at > i->read_at ? i - 1 : i);
		if (i > m)
			str_addc(&s->scratch, ',');
		str_addn(&s->scratch, i->text, i->len);
	}
	memcpy(start, s->scratch.text, s->scratch.len);
	return 0;
}

/* One member; *sorted becomes 0 if its key belongs before the last one's. */
static int
member(struct jtext_scan *s, size_t first, int *sorted)
{
	struct jtext_member m = {.text = s->w, .read_at = s->p};

	if (jtext_scan_peek(s) != '"')
		return jtext_scan_unexpected(s, "a key in double quotes");
	if (jtext_scan_string(s) < 0)
		return -1;
	m.key_len = (size_t)(s->w - m.text) - 2;
	if (s->members.n > first) {
		int order = by_key(&s->members.v[s->members.n - 1], &m);

		if (order == 0)
			return refuse_twice(s, &m);
		*sorted &= order < 0;
	}
	skip_space(s);
	if (jtext_scan_peek(s) != ':')
		return jtext_scan_unexpected(s, "a colon");
	jtext_scan_copy_one(s);
	skip_space(s);
	if (value(s) < 0)
		return -1;
	m.len = (size_t)(s->w - m.text);
	vec_push(&s->members, m);
	return 0;
}

static int
object(struct jtext_scan *s)
{
	size_t first = s->members.n;
	int sorted = 1, more = 1;
	char *start;

	if (enter(s) < 0)
		return -1;
	start = s->w;
	if (jtext_scan_peek(s) == '}')
		more = 0;
	while (more > 0)
		more = member(s, first, &sorted) < 0 ? -1 : another(s, '}', "a comma or '}'");
	if (more < 0 || (!sorted && sort_members(s, first, start) < 0))
		return -1;
	s->members.n = first;
	leave(s);
	return 0;
}

static int
array(struct jtext_scan *s)
{
	int more = 1;

	if (enter(s) < 0)
		return -1;
	if (jtext_scan_peek(s) == ']')
		more = 0;
	while (more > 0)
		more = value(s) < 0 ? -1 : another(s, ']', "a comma or ']'");
	if (more < 0)
		return -1;
	leave(s);
	return 0;
}

static int
value(struct jtext_scan *s)
{
	int c = jtext_scan_peek(s);

	if (c == '"')
		return jtext_scan_string(s);
	if (c == '{')
		return object(s);
	if (c == '[')
		return array(s);
	if (c == '-' || (c >= '0' && c <= '9'))
		return jtext_scan_number(s);
	if (c >= 0 && isalpha(c))
		return jtext_scan_literal(s);
	return jtext_scan_unexpected(s, "a value");
}

int
jtext_canonical(const char *text, size_t len, struct str *out, struct fault *f)
{
	struct jtext_scan s = {.text = text, .p = text, .end = text + len, .f = f};
	char *start = str_space(out, len);
	int result;

	s.w = start;
	skip_space(&s);
	result = value(&s);
	skip_space(&s);
	if (result == 0 && s.p < s.end)
		result = jtext_scan_unexpected(&s, "the end");
	str_grown(out, result == 0 ? (size_t)(s.w - start) : 0);
	vec_done(&s.members);
	str_done(&s.scratch);
	return result;
}
