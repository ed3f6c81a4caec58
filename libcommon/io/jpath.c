/* SPDX-License-Identifier: Apache-2.0 */
#include "io/jpath.h"

#include "base/mem.h"
#include "base/num.h"

#include <stdlib.h>
#include <string.h>

void
jpath_done(struct jpath *p)
{
	for (size_t i = 0; i < p->steps.n; i++)
		free(p->steps.v[i].key);
	vec_done(&p->steps);
}

/* ---- reading ---- */

struct reader {
	const char *text, *at;
	struct fault *f;
};

static int
bad(const struct reader *r, const char *what)
{
	return fault_set(r->f, FAULT_BAD, "column %zu: %s", (size_t)(r->at - r->text) + 1, what);
}

/* A key in double quotes is a JSON string. To be freed. */
static char *
quoted_key(struct reader *r)
{
	const char *end = r->at + 1;
	struct str canonical = STR_INIT;
	char *key = NULL;

	while (*end && *end != '"')
		end += *end == '\\' && end[1] ? 2 : 1;
	if (!*end)
		bad(r, "a quote that is not closed");
	else if (jtext_canonical(r->at, (size_t)(end + 1 - r->at), &canonical, r->f) < 0)
		bad(r, "no string of JSON");
	else
		key = jtext_plain_dup((struct jtext){canonical.text, canonical.len});
	if (key)
		r->at = end + 1;
	str_done(&canonical);
	return key;
}

static char *
read_key(struct reader *r)
{
	size_t len;
	char *key;

	if (*r->at == '"')
		return quoted_key(r);
	len = strcspn(r->at, ".[]:,\"*= \t");
	if (!len) {
		bad(r, "a key is wanted");
		return NULL;
	}
	key = mem_dupn(r->at, len);
	r->at += len;
	return key;
}

static int
add_key(struct jpath *p, struct reader *r)
{
	char *key = read_key(r);

	if (!key)
		return -1;
	vec_push(&p->steps, ((struct jpath_step){JPATH_KEY, key, 0}));
	return 0;
}

/* Behind a bracket. */
static int
add_index(struct jpath *p, struct reader *r)
{
	struct jpath_step step = {JPATH_ANY_INDEX, NULL, 0};
	size_t len = strspn(r->at, "0123456789");
	struct fault why;

	if (*r->at == '*') {
		len = 1;
	} else {
		char *digits = mem_dupn(r->at, len);
		int ok = num_int(digits, 0, INT32_MAX, &step.index, &why) == 0;

		free(digits);
		if (!ok)
			return bad(r, "a number or * is wanted in brackets");
		step.kind = JPATH_INDEX;
	}
	r->at += len;
	if (*r->at != ']')
		return bad(r, "a bracket that is not closed");
	r->at++;
	vec_push(&p->steps, step);
	return 0;
}

static int
add_step(struct jpath *p, struct reader *r)
{
	if (*r->at++ == '[')
		return add_index(p, r);
	if (*r->at != '*')
		return add_key(p, r);
	r->at++;
	vec_push(&p->steps, ((struct jpath_step){JPATH_ANY_KEY, NULL, 0}));
	return 0;
}

int
jpath_init(struct jpath *p, const char *text, const char **end, struct fault *f)
{
	struct reader r = {text, text, f};
	int status;

	*p = (struct jpath){0};
	status = add_key(p, &r);
	while (status == 0 && (*r.at == '.' || *r.at == '['))
		status = add_step(p, &r);
	*end = r.at;
	if (status < 0)
		jpath_done(p);
	return status;
}

/* ---- following ---- */

struct search {
	const struct jpath *path;
	struct str *out; /* each find, a comma before all but the first */
	int found;
};

static void follow(struct search *s, size_t step, struct jtext value);

static void
follow_all(struct search *s, size_t step, struct jtext value, enum jtext_type type)
{
	struct jtext key, each;
	size_t at = 0;

	while (jtext_type(value) == type && jtext_each(value, &at, &key, &each))
		follow(s, step, each);
}

/* As in MySQL, a value that is no array is the first and only element of one. */
static void
follow_index(struct search *s, size_t step, struct jtext value, int64_t index)
{
	struct jtext key, each;
	size_t at = 0;

	if (jtext_type(value) != JTEXT_ARRAY) {
		if (index == 0)
			follow(s, step, value);
		return;
	}
	while (jtext_each(value, &at, &key, &each))
		if (index-- == 0) {
			follow(s, step, each);
			return;
		}
}

static void
follow(struct search *s, size_t step, struct jtext value)
{
	const struct jpath_step *now = &s->path->steps.v[step];

	if (step == s->path->steps.n) {
		if (s->found++)
			str_addc(s->out, ',');
		str_addn(s->out, value.text, value.len);
		return;
	}
	switch (now->kind) {
	case JPATH_KEY:
		value = jtext_member(value, now->key);
		if (value.text)
			follow(s, step + 1, value);
		break;
	case JPATH_INDEX: follow_index(s, step + 1, value, now->index); break;
	case JPATH_ANY_KEY: follow_all(s, step + 1, value, JTEXT_OBJECT); break;
	case JPATH_ANY_INDEX: follow_all(s, step + 1, value, JTEXT_ARRAY); break;
	}
}

int
jpath_get(const struct jpath *p, struct jtext value, struct str *out)
{
	struct search s = {p, out, 0};
	size_t before = out->len;
	int several = 0;

	for (size_t i = 0; i < p->steps.n; i++)
		several |= p->steps.v[i].kind >= JPATH_ANY_KEY;
	if (several)
		str_addc(out, '[');
	follow(&s, 1, value);
	if (!s.found) {
		if (several)
			str_cut(out, before);
		return 0;
	}
	if (several)
		str_addc(out, ']');
	return 1;
}

/* ---- containment ---- */

static int
is_whole(struct jtext v)
{
	return memchr(v.text, '.', v.len) == NULL && memchr(v.text, 'e', v.len) == NULL &&
	       memchr(v.text, 'E', v.len) == NULL;
}

/* 1 is 1.0 is 1e0; whole numbers are not compared as doubles, which have 53 bits. */
static int
same_number(struct jtext a, struct jtext b)
{
	char *x = mem_dupn(a.text, a.len), *y = mem_dupn(b.text, b.len);
	int same =
	    is_whole(a) && is_whole(b) ? strcmp(x, y) == 0 : strtod(x, NULL) == strtod(y, NULL);

	free(x);
	free(y);
	return same;
}

static int
in_some_element(struct jtext array, struct jtext candidate)
{
	struct jtext key, each;
	size_t at = 0;

	while (jtext_each(array, &at, &key, &each))
		if (jpath_contains(each, candidate))
			return 1;
	return 0;
}

static int
array_in_array(struct jtext target, struct jtext candidate)
{
	struct jtext key, each;
	size_t at = 0;

	while (jtext_each(candidate, &at, &key, &each))
		if (!in_some_element(target, each))
			return 0;
	return 1;
}

static int
object_in_object(struct jtext target, struct jtext candidate)
{
	struct str plain = STR_INIT;
	struct jtext key, each, has;
	size_t at = 0;
	int contained = 1;

	while (contained && jtext_each(candidate, &at, &key, &each)) {
		str_reset(&plain);
		jtext_plain(key, &plain);
		has = jtext_member(target, plain.text);
		contained = has.text && jpath_contains(has, each);
	}
	str_done(&plain);
	return contained;
}

int
jpath_contains(struct jtext target, struct jtext candidate)
{
	enum jtext_type t = jtext_type(target), c = jtext_type(candidate);

	if (t == JTEXT_ARRAY)
		return c == JTEXT_ARRAY ? array_in_array(target, candidate)
					: in_some_element(target, candidate);
	if (t == JTEXT_NUMBER && c == JTEXT_NUMBER)
		return same_number(target, candidate);
	if (t == JTEXT_OBJECT && c == JTEXT_OBJECT)
		return object_in_object(target, candidate);
	return jtext_same(target, candidate);
}
