/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/gather/reading.h"

#include "base/utf8.h"
#include "io/jtext.h"

#include <string.h>

/* The last line of stderr, which mostly says what went wrong. */
static void
add_last_line(struct str *out, const struct str *err)
{
	size_t end = err->len, start;

	while (end > 0 && (err->text[end - 1] == '\n' || err->text[end - 1] == '\r'))
		end--;
	for (start = end; start > 0 && err->text[start - 1] != '\n';)
		start--;
	if (end > start) {
		str_add(out, ": ");
		str_addn(out, err->text + start, end - start < 200 ? end - start : 200);
	}
}

static void
put_piece(struct str *json, const char *text, size_t len)
{
	char *piece = mem_dupn(text, len);

	jtext_put_string(json, piece);
	free(piece);
}

static void
put_lines(struct str *json, struct jtext text)
{
	size_t at = 0, n = 0;

	str_addc(json, '[');
	while (at < text.len) {
		const char *start = text.text + at;
		const char *end = memchr(start, '\n', text.len - at);
		size_t len = end ? (size_t)(end - start) : text.len - at;

		if (n++)
			str_addc(json, ',');
		put_piece(json, start, len);
		at += len + 1;
	}
	str_addc(json, ']');
}

static void
put_text(struct str *json, struct jtext text)
{
	size_t len = text.len;

	while (len > 0 && text.text[len - 1] == '\n')
		len--;
	put_piece(json, text.len ? text.text : "", len);
}

static int
is_text(struct jtext text)
{
	size_t at = 0, length = 1;

	while (at < text.len && length && text.text[at]) {
		length = utf8_length(text.text + at, text.len - at);
		at += length;
	}
	return at == text.len;
}

static int
parse(int how, struct jtext text, struct str *value, struct fault *f)
{
	struct str json = STR_INIT;
	int status;

	if (!is_text(text))
		return fault_set(f, FAULT_BAD, "its output is no UTF-8 text");
	if (how == GATHER_TEXT)
		put_text(&json, text);
	else if (how == GATHER_LINES)
		put_lines(&json, text);
	else
		str_addn(&json, text.len ? text.text : "", text.len);
	status = jtext_canonical(json.text, json.len, value, f);
	str_done(&json);
	return status;
}

void
reading_value(struct reading *r, const struct gather *what, struct jtext output)
{
	struct str value = STR_INIT;
	struct fault f;

	*r = (struct reading){.verdict = VERDICT_ERROR};
	if (output.len > (size_t)READING_MOST) {
		r->why = mem_dup("more output than a probe may print");
	} else if (parse(what->parse, output, &value, &f) < 0) {
		r->why = mem_dup(f.text);
	} else {
		r->verdict = VERDICT_PASS;
		r->value = str_take(&value);
	}
	str_done(&value);
}

void
reading_miss(struct reading *r, enum verdict verdict, const char *why)
{
	*r = (struct reading){.verdict = verdict, .why = mem_dup(why)};
}

void
reading_failure(
    struct reading *r, enum verdict verdict, const struct outcome *o, const struct str *err)
{
	char buf[OUTCOME_TEXT];
	struct str why = STR_INIT;

	if (outcome_kind(o) == OUTCOME_TIMEOUT)
		verdict = VERDICT_TIMEOUT;
	str_add(&why, outcome_text(o, buf));
	add_last_line(&why, err);
	*r = (struct reading){.verdict = verdict, .why = str_take(&why)};
}

void
reading_of(struct reading *r, const struct gather *what, const struct child *child)
{
	const struct outcome *o = &child->outcome;
	const struct str *out = &child->outputs[0].text;

	if (outcome_kind(o) != OUTCOME_DONE)
		reading_failure(r,
		    !o->flags && o->status == 255 ? VERDICT_UNREACHABLE : VERDICT_ERROR, o,
		    &child->outputs[1].text);
	else if (o->flags & OUTCOME_TRUNCATED)
		reading_miss(r, VERDICT_ERROR, "more output than a probe may print");
	else
		reading_value(r, what, (struct jtext){out->len ? out->text : "", out->len});
}
