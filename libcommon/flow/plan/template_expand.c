/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/template.h"

#include <string.h>

static int
no_value(const char *what, const char *name, struct fault *f)
{
	return fault_set(f, FAULT_BAD, "no %s %.80s", what, name);
}

static int
put_value(struct jtext value, const char *what, const char *name, struct str *out, struct fault *f)
{
	if (!value.text || jtext_type(value) == JTEXT_NULL)
		return no_value(what, name, f);
	if (jtext_type(value) == JTEXT_STRING)
		jtext_plain(value, out);
	else
		str_addn(out, value.text, value.len);
	return 0;
}

static struct jtext
used(const struct template_values *values, const char *section, const char *name)
{
	struct jtext members = jtext_member(values->uses, section);

	return members.text ? jtext_member(members, name) : members;
}

static int
put_label(struct jtext held, const char *key, struct str *out, struct fault *f)
{
	struct jtext ignored, value = {0}, another;
	size_t at = 0;

	if (!held.text || !jtext_each(held, &at, &ignored, &value))
		return no_value("label", key, f);
	if (jtext_each(held, &at, &ignored, &another))
		return fault_set(f, FAULT_BAD, "label %.80s has more than one value", key);
	if (jtext_is(value, ""))
		return fault_set(f, FAULT_BAD, "label %.80s has no value", key);
	jtext_plain(value, out);
	return 0;
}

/* path: "target.host" is member host of member target. */
static struct jtext
walk(struct jtext from, const char *path)
{
	for (const char *name = path; from.text && name;) {
		size_t len = strcspn(name, ".");
		char *one = mem_dupn(name, len);

		from =
		    jtext_type(from) == JTEXT_OBJECT ? jtext_member(from, one) : (struct jtext){0};
		name = name[len] ? name + len + 1 : NULL;
		free(one);
	}
	return from;
}

static int
put_output(const struct template_part *part, struct jtext from, struct str *out, struct fault *f)
{
	struct jtext value = walk(from, part->member);

	if (!value.text || jtext_type(value) == JTEXT_NULL)
		return fault_set(
		    f, FAULT_BAD, "step %s printed no member %.80s", part->text, part->member);
	return put_value(value, "member", part->member, out, f);
}

static int
put_each(const struct template_part *part, struct jtext each, struct str *out, struct fault *f)
{
	struct jtext value = walk(each, part->member);

	if (!each.text)
		return fault_set(f, FAULT_BAD, "{each} is known in a step with for_each only");
	if (!value.text && part->member)
		return fault_set(f, FAULT_BAD, "this element has no member %.80s", part->member);
	return put_value(value, "element", part->member ? part->member : "", out, f);
}

static int
put_part(const struct template_part *part, const struct template_values *values, struct str *out,
    struct fault *f)
{
	switch (part->kind) {
	case TEMPLATE_LITERAL: str_add(out, part->text); return 0;
	case TEMPLATE_ATTRIBUTE:
		return put_value(
		    used(values, "attributes", part->text), "attribute", part->text, out, f);
	case TEMPLATE_VARIABLE:
		return put_value(
		    used(values, "variables", part->text), "variable", part->text, out, f);
	case TEMPLATE_LABEL:
		return put_label(used(values, "labels", part->text), part->text, out, f);
	case TEMPLATE_KEY: str_add(out, values->key); return 0;
	case TEMPLATE_RESULT:
		if (!values->result)
			return fault_set(f, FAULT_BAD, "no result before the end");
		str_add(out, values->result);
		return 0;
	case TEMPLATE_OUTPUT:
		return put_output(part, values->output(part->text, values->ctx), out, f);
	case TEMPLATE_EACH: return put_each(part, values->each, out, f);
	}
	return 0;
}

int
template_array(const struct template *t, const struct template_values *values, size_t most,
    struct jtext *out, struct fault *f)
{
	const struct template_part *part = &t->v[0];
	int is_variable = part->kind == TEMPLATE_VARIABLE;
	const char *name = is_variable ? part->text : part->member;
	struct jtext none, value;
	size_t at = 0, n = 0;

	*out = is_variable ? used(values, "variables", name)
			   : walk(values->output(part->text, values->ctx), name);
	if (!out->text)
		return is_variable ? no_value("variable", name, f)
				   : fault_set(f, FAULT_BAD, "step %s printed no member %.80s",
					 part->text, name);
	if (jtext_type(*out) != JTEXT_ARRAY)
		return fault_set(f, FAULT_BAD, "%s %.80s is no array",
		    is_variable ? "variable" : "member", name);
	while (jtext_each(*out, &at, &none, &value))
		n++;
	return n <= most
		   ? 0
		   : fault_set(f, FAULT_BAD, "%s has %zu elements; %zu is the most", name, n, most);
}

int
template_expand(const struct template *t, const struct template_values *values, struct str *out,
    struct fault *f)
{
	for (size_t i = 0; i < t->n; i++)
		if (put_part(&t->v[i], values, out, f) < 0)
			return -1;
	return 0;
}

static int
is_option(const struct template *t, const char *text, int options_ended)
{
	return !options_ended && *text == '-' && t->n && t->v[0].kind != TEMPLATE_LITERAL;
}

int
templates_expand(const struct templates *t, const struct template_values *values, struct words *out,
    struct fault *f)
{
	struct str text = STR_INIT;
	int rc = 0, options_ended = 0;

	for (size_t i = 0; i < t->n && rc == 0; i++) {
		str_reset(&text);
		rc = template_expand(&t->v[i], values, &text, f);
		if (rc == 0 && is_option(&t->v[i], text.text, options_ended))
			rc = fault_set(f, FAULT_BAD,
			    "\"%.80s\" would be taken for an option; put \"--\" before it",
			    text.text);
		if (rc == 0) {
			options_ended |= !strcmp(text.text, "--");
			words_add(out, text.text);
		}
	}
	str_done(&text);
	return rc;
}

/* ---- in JSON ---- */

static int
expand_string(
    struct jtext json, const struct template_values *values, struct str *out, struct fault *f)
{
	struct template t = {0};
	struct str text = STR_INIT;
	char *plain = jtext_plain_dup(json);
	int rc;

	str_reset(&text);
	rc = template_parse(&t, plain, f);
	if (rc == 0)
		rc = template_expand(&t, values, &text, f);
	if (rc == 0)
		jtext_put_string(out, text.text);
	template_done(&t);
	str_done(&text);
	free(plain);
	return rc;
}

int
template_expand_json(
    struct jtext json, const struct template_values *values, struct str *out, struct fault *f)
{
	enum jtext_type type = jtext_type(json);
	struct jtext key, value;
	size_t at = 0, n = 0;

	if (type == JTEXT_STRING)
		return expand_string(json, values, out, f);
	if (type < JTEXT_ARRAY) {
		str_addn(out, json.text, json.len);
		return 0;
	}
	str_addc(out, type == JTEXT_OBJECT ? '{' : '[');
	while (jtext_each(json, &at, &key, &value)) {
		if (n++)
			str_addc(out, ',');
		if (key.text) {
			str_addc(out, '"');
			str_addn(out, key.text, key.len);
			str_add(out, "\":");
		}
		if (template_expand_json(value, values, out, f) < 0)
			return -1;
	}
	str_addc(out, type == JTEXT_OBJECT ? '}' : ']');
	return 0;
}
