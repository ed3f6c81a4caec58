/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/reading.h"

#include "base/utf8.h"
#include "flow/plan/template.h"
#include "io/jtext.h"

#include <string.h>

/* ---- the command line ---- */

static int
only_of_items(const struct template_part *p, void *ctx)
{
	(void)ctx;
	return p->kind == TEMPLATE_KEY || p->kind == TEMPLATE_RESULT || p->kind == TEMPLATE_OUTPUT;
}

static int
parse_run(const struct gather *what, struct templates *out, struct fault *f)
{
	for (size_t i = 0; i < what->run.n; i++)
		if (template_parse(vec_add(out), what->run.v[i], f) < 0)
			return -1;
	return 0;
}

int
reading_check(const struct gather *what, struct fault *f)
{
	const struct yaml_node *run = yaml_get(what->node, "run");
	struct templates templates = {0};
	int status = parse_run(what, &templates, f);

	if (status < 0)
		yaml_fault(run, f, "%s", strdupa(f->text));
	else if (templates_each(&templates, only_of_items, NULL))
		status = yaml_fault(run, f, "{key}, {result} and steps are a workflow's");
	templates_done(&templates);
	return status;
}

/* Labels as templates want them: {"cabinet":["a12"]}. */
static void
put_labels(struct str *out, const struct words *labels)
{
	struct str object = STR_INIT, next = STR_INIT, list = STR_INIT;

	str_add(&object, "{}");
	for (size_t i = 0; i < labels->n; i++) {
		size_t len = strcspn(labels->v[i], "=");
		char *key = mem_dupn(labels->v[i], len);
		struct jtext old = jtext_member((struct jtext){object.text, object.len}, key);

		str_reset(&list);
		str_addn(&list, old.text ? old.text : "[", old.text ? old.len - 1 : 1);
		if (old.text)
			str_addc(&list, ',');
		jtext_put_string(&list, labels->v[i] + len + (labels->v[i][len] == '='));
		str_addc(&list, ']');
		str_reset(&next);
		jtext_with((struct jtext){object.text, object.len}, key,
		    (struct jtext){list.text, list.len}, &next);
		str_reset(&object);
		str_addn(&object, next.text, next.len);
		free(key);
	}
	str_addn(out, object.text, object.len);
	str_done(&object);
	str_done(&next);
	str_done(&list);
}

static void
put_values(struct str *out, const struct expr_subject *subject)
{
	jtext_open(out);
	jtext_raw(out, "attributes", subject->attributes);
	jtext_key(out, "labels");
	put_labels(out, &subject->labels);
	jtext_raw(out, "variables", subject->variables);
	jtext_close(out);
}

static int
values_of(struct session *s, int64_t id, struct str *out, struct fault *f)
{
	struct expr_subject subject = {0};
	struct item item;
	int found = item_get(s, id, &item, f);

	if (found <= 0)
		return found < 0 ? -1 : fault_set(f, FAULT_BAD, "the item is gone");
	found = expr_subject_of(s, &item, &subject, f);
	if (found == 0)
		put_values(out, &subject);
	expr_subject_done(&subject);
	item_done(&item);
	return found;
}

int
reading_argv(
    struct session *s, const struct gather *what, int64_t item, struct words *out, struct fault *f)
{
	struct templates templates = {0};
	struct str uses = STR_INIT;
	int status = parse_run(what, &templates, f);

	if (status == 0)
		status = values_of(s, item, &uses, f);
	if (status == 0) {
		struct template_values values = {.uses = {uses.text, uses.len}};

		status = templates_expand(&templates, &values, out, f);
	}
	str_done(&uses);
	templates_done(&templates);
	return status;
}

/* ---- the output ---- */

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

static char *
why_not(const struct child *child)
{
	char buf[OUTCOME_TEXT];
	struct str why = STR_INIT;

	str_add(&why, outcome_text(&child->outcome, buf));
	add_last_line(&why, &child->outputs[1].text);
	return str_take(&why);
}

static void
put_piece(struct str *json, const char *text, size_t len)
{
	char *piece = mem_dupn(text, len);

	jtext_put_string(json, piece);
	free(piece);
}

static void
put_lines(struct str *json, const struct str *text)
{
	size_t at = 0, n = 0;

	str_addc(json, '[');
	while (at < text->len) {
		const char *start = text->text + at;
		const char *end = memchr(start, '\n', text->len - at);
		size_t len = end ? (size_t)(end - start) : text->len - at;

		if (n++)
			str_addc(json, ',');
		put_piece(json, start, len);
		at += len + 1;
	}
	str_addc(json, ']');
}

static void
put_text(struct str *json, const struct str *text)
{
	size_t len = text->len;

	while (len > 0 && text->text[len - 1] == '\n')
		len--;
	put_piece(json, text->len ? text->text : "", len);
}

static int
is_text(const struct str *text)
{
	size_t at = 0, length = 1;

	while (at < text->len && length && text->text[at]) {
		length = utf8_length(text->text + at, text->len - at);
		at += length;
	}
	return at == text->len;
}

static int
parse(int how, const struct str *text, struct str *value, struct fault *f)
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
		str_addn(&json, text->len ? text->text : "", text->len);
	status = jtext_canonical(json.text, json.len, value, f);
	str_done(&json);
	return status;
}

void
reading_of(struct reading *r, const struct gather *what, const struct child *child)
{
	struct str value = STR_INIT;
	struct fault f;

	*r = (struct reading){.verdict = VERDICT_ERROR};
	switch (outcome_kind(&child->outcome)) {
	case OUTCOME_DONE: break;
	case OUTCOME_TIMEOUT:
		r->verdict = VERDICT_TIMEOUT;
		r->why = why_not(child);
		return;
	default:
		if (!child->outcome.flags && child->outcome.status == 255)
			r->verdict = VERDICT_UNREACHABLE;
		r->why = why_not(child);
		return;
	}
	if (child->outcome.flags & OUTCOME_TRUNCATED) {
		r->why = mem_dup("more output than a probe may print");
	} else if (parse(what->parse, &child->outputs[0].text, &value, &f) < 0) {
		r->why = mem_dup(f.text);
		str_done(&value);
	} else {
		r->verdict = VERDICT_PASS;
		r->value = str_take(&value);
	}
}
