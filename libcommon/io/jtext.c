/* SPDX-License-Identifier: Apache-2.0 */
/* Reading canonical text. It is trusted to be well formed, but nothing reads past its end. */
#include "io/jtext.h"

#include "base/mem.h"
#include "io/jtext_string.h"

#include <string.h>

enum jtext_type
jtext_type(struct jtext v)
{
	switch (v.len ? *v.text : 'n') {
	case 'n': return JTEXT_NULL;
	case 'f': return JTEXT_FALSE;
	case 't': return JTEXT_TRUE;
	case '"': return JTEXT_STRING;
	case '[': return JTEXT_ARRAY;
	case '{': return JTEXT_OBJECT;
	default: return JTEXT_NUMBER;
	}
}

/* ---- walking ---- */

/* Whether the byte at p is escaped: an odd number of backslashes before it. */
static int
is_escaped(const char *first, const char *p)
{
	const char *q = p;

	while (q > first && q[-1] == '\\')
		q--;
	return (p - q) % 2 != 0;
}

/* From an opening quote to behind the closing one. */
static const char *
skip_string(const char *p, const char *end)
{
	const char *first = ++p;

	while ((p = memchr(p, '"', (size_t)(end - p))) && is_escaped(first, p))
		p++;
	return p ? p + 1 : end;
}

static const char *
skip_container(const char *p, const char *end)
{
	size_t depth = 0;

	while (p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		depth += *p == '{' || *p == '[';
		depth -= *p == '}' || *p == ']';
		p++;
		if (!depth)
			break;
	}
	return p;
}

/* From the first byte of a value to behind its last. */
static const char *
skip_value(const char *p, const char *end)
{
	if (p == end)
		return end;
	if (*p == '"')
		return skip_string(p, end);
	if (*p == '{' || *p == '[')
		return skip_container(p, end);
	while (p < end && *p != ',' && *p != '}' && *p != ']')
		p++;
	return p;
}

static struct jtext
piece(const char *from, const char *to)
{
	return (struct jtext){from, (size_t)(to - from)};
}

int
jtext_each(struct jtext v, size_t *at, struct jtext *key, struct jtext *value)
{
	enum jtext_type type = jtext_type(v);
	const char *p, *end, *behind;

	if ((type != JTEXT_OBJECT && type != JTEXT_ARRAY) || *at >= v.len)
		return 0;
	p = v.text + *at + 1; /* behind the bracket at first, then behind a comma */
	end = v.text + v.len;
	if (p == end || *p == '}' || *p == ']')
		return 0;
	*key = (struct jtext){0};
	if (type == JTEXT_OBJECT) {
		behind = skip_string(p, end);
		if (behind == end)
			return 0;
		*key = piece(p + 1, behind - 1);
		p = behind + 1;
	}
	behind = skip_value(p, end);
	*value = piece(p, behind);
	*at = (size_t)(behind - v.text);
	return 1;
}

/* ---- comparing and copying ---- */

static int
is_plain(const char *escaped, size_t len, const char *plain)
{
	char bytes[JTEXT_ESCAPE_MAX];

	for (; *plain; plain++) {
		size_t n = jtext_escape(*plain, bytes);

		if (n > len || memcmp(escaped, bytes, n) != 0)
			return 0;
		escaped += n;
		len -= n;
	}
	return len == 0;
}

struct jtext
jtext_member(struct jtext object, const char *key)
{
	struct jtext k, value;
	size_t at = 0;

	if (jtext_type(object) == JTEXT_OBJECT)
		while (jtext_each(object, &at, &k, &value))
			if (is_plain(k.text, k.len, key))
				return value;
	return (struct jtext){0};
}

/* A string without its quotes. A key comes without; no escaped text begins with a quote. */
static struct jtext
inside(struct jtext string)
{
	if (string.len >= 2 && *string.text == '"')
		return (struct jtext){string.text + 1, string.len - 2};
	return string;
}

static int
hex(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* The plain byte of the escape at p, of which only \u00xx is longer than two. */
static char
unescape(const char **p, const char *end)
{
	char letter = (*p)[1];

	if (letter == 'u' && end - *p >= JTEXT_ESCAPE_MAX) {
		*p += JTEXT_ESCAPE_MAX;
		return (char)(hex((*p)[-2]) << 4 | hex((*p)[-1]));
	}
	*p += 2;
	switch (letter) {
	case 'b': return '\b';
	case 'f': return '\f';
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	default: return letter;
	}
}

void
jtext_plain(struct jtext string, struct str *out)
{
	struct jtext in = inside(string);
	const char *p = in.text, *end = p + in.len;

	while (p < end) {
		const char *backslash = memchr(p, '\\', (size_t)(end - p));
		size_t run = (size_t)((backslash ? backslash : end) - p);

		str_addn(out, p, run);
		p += run;
		if (end - p >= 2)
			str_addc(out, unescape(&p, end));
		else
			p = end;
	}
}

char *
jtext_plain_dup(struct jtext v)
{
	struct str out = STR_INIT;

	if (!v.text)
		return NULL;
	if (jtext_type(v) != JTEXT_STRING)
		return mem_dupn(v.text, v.len);
	jtext_plain(v, &out);
	return str_take(&out);
}

int
jtext_is(struct jtext v, const char *plain)
{
	struct jtext in = inside(v);

	return jtext_type(v) == JTEXT_STRING && is_plain(in.text, in.len, plain);
}

int
jtext_same(struct jtext a, struct jtext b)
{
	if (!a.text || !b.text)
		return !a.text && !b.text;
	return a.len == b.len && !memcmp(a.text, b.text, a.len);
}

/* The order of keys in canonical text. */
static int
key_order(struct jtext a, struct jtext b)
{
	size_t least = a.len < b.len ? a.len : b.len;
	int order = a.text && b.text ? memcmp(a.text, b.text, least) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Both sorted: one walk over two lists. */
size_t
jtext_contested(struct jtext a, struct jtext b, struct str *out)
{
	struct jtext ak = {0}, av = {0}, bk = {0}, bv = {0};
	size_t a_at = 0, b_at = 0, n = 0;
	int more_a = jtext_each(a, &a_at, &ak, &av), more_b = jtext_each(b, &b_at, &bk, &bv);

	str_addc(out, '[');
	while (more_a && more_b) {
		int order = key_order(ak, bk);

		if (order == 0 && !jtext_same(av, bv))
			str_addf(out, "%s\"%.*s\"", n++ ? "," : "", (int)ak.len, ak.text);
		if (order <= 0)
			more_a = jtext_each(a, &a_at, &ak, &av);
		if (order >= 0)
			more_b = jtext_each(b, &b_at, &bk, &bv);
	}
	str_addc(out, ']');
	return n;
}
