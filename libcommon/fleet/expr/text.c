/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of text: SQLite's, but for the types that they insist on. Lengths are characters. */
#include "fleet/expr/function.h"

#include <string.h>

#define CALL(name)                                                                                 \
	static int name(struct judge *j, const struct value *args, size_t n, struct value *out,    \
	    struct fault *f)

static size_t
characters(struct jtext t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.len; i++)
		n += ((unsigned char)t.text[i] & 0xc0) != 0x80;
	return n;
}

/* The byte at which character number n starts, n at most their number. */
static size_t
offset_of(struct jtext t, int64_t n)
{
	size_t at = 0;

	while (at < t.len && (n > 0 || ((unsigned char)t.text[at] & 0xc0) == 0x80)) {
		at++;
		if (at == t.len || ((unsigned char)t.text[at] & 0xc0) != 0x80)
			n--;
	}
	return at;
}

CALL(length)
{
	(void)n;
	if (function_want_text("length()", &args[0], f) < 0)
		return -1;
	*out = VALUE_INT((int64_t)characters(args[0].text));
	return judge_work(j, args[0].text.len, f);
}

/* Letters A to Z only, as SQLite does: what it folds does not hang on a locale. */
static int
fold(struct judge *j, const char *name, const struct value *v, char first, char last,
    struct value *out, struct fault *f)
{
	char *text;

	if (function_want_text(name, v, f) < 0)
		return -1;
	text = judge_space(j, v->text.len, f);
	if (!text)
		return -1;
	for (size_t i = 0; i < v->text.len; i++) {
		char c = v->text.text[i];

		text[i] = (char)(c >= first && c <= last ? c ^ 0x20 : c);
	}
	*out = VALUE_TEXT(text, v->text.len);
	return judge_work(j, v->text.len, f);
}

CALL(lower)
{
	(void)n;
	return fold(j, "lower()", &args[0], 'A', 'Z', out, f);
}

CALL(upper)
{
	(void)n;
	return fold(j, "upper()", &args[0], 'a', 'z', out, f);
}

CALL(trim)
{
	struct jtext t = args[0].text;

	(void)n;
	if (function_want_text("trim()", &args[0], f) < 0)
		return -1;
	while (t.len && *t.text == ' ')
		t.text++, t.len--;
	while (t.len && t.text[t.len - 1] == ' ')
		t.len--;
	*out = VALUE_TEXT(t.text, t.len);
	return judge_work(j, args[0].text.len, f);
}

/* More than any text has characters, and far from overflow. */
#define FAR ((int64_t)1 << 40)

static int64_t
near_enough(int64_t n)
{
	return n > FAR ? FAR : n < -FAR ? -FAR : n;
}

/* SQL counts characters from 1; SQLite from the end below 0, and backwards for a count below 0. */
static void
range_of(int64_t length, int64_t start, int64_t count, int64_t *from, int64_t *to)
{
	int64_t first = near_enough(start), last;

	first = first < 0 ? length + first : first - 1;
	last = first + near_enough(count);
	*from = last < first ? last : first;
	*to = last < first ? first : last;
	if (*from < 0)
		*from = 0;
	if (*to > length)
		*to = length;
}

CALL(substr)
{
	struct jtext t = args[0].text;
	int64_t from, to;
	size_t first, last;

	if (function_want_text("substr()", &args[0], f) < 0)
		return -1;
	for (size_t i = 1; i < n; i++)
		if (function_want_int("substr()", &args[i], f) < 0)
			return -1;
	range_of((int64_t)characters(t), args[1].i, n > 2 ? args[2].i : FAR, &from, &to);
	*out = VALUE_TEXT("", 0);
	if (from < to) {
		first = offset_of(t, from);
		last = offset_of(t, to);
		*out = VALUE_TEXT(t.text + first, last - first);
	}
	return judge_work(j, t.len * 2, f);
}

static int
want_texts(const char *name, const struct value *args, size_t n, struct fault *f)
{
	for (size_t i = 0; i < n; i++)
		if (function_want_text(name, &args[i], f) < 0)
			return -1;
	return 0;
}

/* From at on; NULL if it is not there. */
static const char *
find(struct jtext t, size_t at, struct jtext what)
{
	return memmem(t.text + at, t.len - at, what.text, what.len);
}

CALL(replace)
{
	struct jtext t, old, new;
	size_t hits = 0, len;
	const char *hit, *from;
	char *to;

	if (want_texts("replace()", args, n, f) < 0)
		return -1;
	t = args[0].text;
	old = args[1].text;
	new = args[2].text;
	*out = args[0];
	if (!old.len)
		return 0;
	for (hit = find(t, 0, old); hit; hit = find(t, (size_t)(hit - t.text) + old.len, old))
		hits++;
	/* No overflow: at most 2^20 hits in texts of at most 2^20 bytes. */
	len = t.len - hits * old.len + hits * new.len;
	to = judge_space(j, len, f);
	if (!to)
		return -1;
	*out = VALUE_TEXT(to, len);
	for (from = t.text; (hit = find(t, (size_t)(from - t.text), old)); from = hit + old.len) {
		memcpy(to, from, (size_t)(hit - from));
		to += hit - from;
		memcpy(to, new.text, new.len);
		to += new.len;
	}
	memcpy(to, from, (size_t)(t.text + t.len - from));
	return judge_work(j, t.len * 2 + len, f);
}

CALL(instr)
{
	const char *hit;

	if (want_texts("instr()", args, n, f) < 0)
		return -1;
	hit = find(args[0].text, 0, args[1].text);
	*out = VALUE_INT(0);
	if (hit)
		out->i = 1 + (int64_t)characters((struct jtext){
				 args[0].text.text, (size_t)(hit - args[0].text.text)});
	return judge_work(j, args[0].text.len * 2, f);
}

const struct function function_texts[] = {
    {"length", 1, 1, NODE_CALL, 0, length},
    {"lower", 1, 1, NODE_CALL, 0, lower},
    {"upper", 1, 1, NODE_CALL, 0, upper},
    {"trim", 1, 1, NODE_CALL, 0, trim},
    {"substr", 2, 3, NODE_CALL, 0, substr},
    {"replace", 3, 3, NODE_CALL, 0, replace},
    {"instr", 2, 2, NODE_CALL, 0, instr},
    {0},
};
