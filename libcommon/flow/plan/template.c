/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/template.h"

#include "base/near.h"

#include <string.h>

static const struct named_value {
	const char *word;
	enum template_kind kind;
	const char *attribute;
} named_values[] = {
    {"item", TEMPLATE_ATTRIBUTE, "name"},
    {"ref", TEMPLATE_ATTRIBUTE, "ref"},
    {"kind", TEMPLATE_ATTRIBUTE, "kind"},
    {"cloud", TEMPLATE_ATTRIBUTE, "cloud"},
    {"region", TEMPLATE_ATTRIBUTE, "region"},
    {"cell", TEMPLATE_ATTRIBUTE, "cell"},
    {"ip_address", TEMPLATE_ATTRIBUTE, "ip_address"},
    {"key", TEMPLATE_KEY, NULL},
    {"result", TEMPLATE_RESULT, NULL},
    {"each", TEMPLATE_EACH, NULL},
    {NULL, 0, NULL},
};

void
template_done(struct template *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i].text);
		free(t->v[i].member);
	}
	vec_done(t);
}

void
templates_done(struct templates *t)
{
	for (size_t i = 0; i < t->n; i++)
		template_done(&t->v[i]);
	vec_done(t);
}

int
template_reserved(const char *word)
{
	if (!strcmp(word, "var") || !strcmp(word, "label"))
		return 1;
	for (const struct named_value *v = named_values; v->word; v++)
		if (!strcmp(v->word, word))
			return 1;
	return 0;
}

/* ---- parsing ---- */

static int
add_named(struct template *t, const char *name, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	char hint[NEAR_HINT];

	for (const struct named_value *v = named_values; v->word; v++) {
		if (!strcmp(v->word, name)) {
			vec_push(t, ((struct template_part){
					.kind = v->kind, .text = mem_dup(v->attribute)}));
			return 0;
		}
		near_offer(&near, v->word);
	}
	return fault_set(f, FAULT_BAD,
	    "{%.80s}: no such value%s (variables are {var.NAME}, labels {label.KEY}, what a step "
	    "printed {STEP.MEMBER})",
	    name, near_hint(&near, hint));
}

static int
add_dotted(struct template *t, const char *name, const char *dot, struct fault *f)
{
	struct template_part part = {.kind = TEMPLATE_OUTPUT};

	if (dot == name || !dot[1])
		return fault_set(f, FAULT_BAD, "{%.80s}: a name is missing beside the dot", name);
	if (!strncmp(name, "var.", 4) || !strncmp(name, "label.", 6)) {
		part.kind = *name == 'v' ? TEMPLATE_VARIABLE : TEMPLATE_LABEL;
		part.text = mem_dup(dot + 1);
	} else if (!strncmp(name, "each.", 5)) {
		part.kind = TEMPLATE_EACH;
		part.member = mem_dup(dot + 1);
	} else {
		part.text = mem_dupn(name, (size_t)(dot - name));
		part.member = mem_dup(dot + 1);
	}
	vec_push(t, part);
	return 0;
}

static int
add_value(struct template *t, const char *text, size_t len, struct fault *f)
{
	char *name = mem_dupn(text, len);
	char *dot = strchr(name, '.');
	int rc;

	if (!len)
		rc = fault_set(f, FAULT_BAD, "{} names no value; a brace itself is {{");
	else
		rc = dot ? add_dotted(t, name, dot, f) : add_named(t, name, f);
	free(name);
	return rc;
}

static void
add_literal(struct template *t, struct str *literal)
{
	if (literal->len)
		vec_push(t, ((struct template_part){.text = str_take(literal)}));
}

int
template_parse(struct template *t, const char *text, struct fault *f)
{
	struct str literal = STR_INIT;
	int rc = 0;

	while (rc == 0 && *text) {
		size_t plain = strcspn(text, "{}");

		str_addn(&literal, text, plain);
		text += plain;
		if (*text && text[1] == *text) {
			str_addc(&literal, *text);
			text += 2;
		} else if (*text == '}') {
			rc = fault_set(f, FAULT_BAD, "} without {; a brace itself is }}");
		} else if (*text) {
			size_t len = strcspn(++text, "{}");

			add_literal(t, &literal);
			rc = text[len] == '}'
				 ? add_value(t, text, len, f)
				 : fault_set(f, FAULT_BAD, "{%.80s: the brace is not closed", text);
			text += len + 1;
		}
	}
	add_literal(t, &literal);
	str_done(&literal);
	return rc;
}

int
templates_each(
    const struct templates *t, int (*each)(const struct template_part *p, void *ctx), void *ctx)
{
	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < t->v[i].n; j++) {
			const struct template_part *part = &t->v[i].v[j];
			int rc = part->kind == TEMPLATE_LITERAL ? 0 : each(part, ctx);

			if (rc)
				return rc;
		}
	return 0;
}

int
template_parse_json(struct jtext json, struct templates *out, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;
	char *text;
	int rc = 0;

	if (jtext_type(json) == JTEXT_STRING) {
		text = jtext_plain_dup(json);
		rc = template_parse(vec_add(out), text, f);
		free(text);
	} else if (jtext_type(json) >= JTEXT_ARRAY) {
		while (rc == 0 && jtext_each(json, &at, &key, &value))
			rc = template_parse_json(value, out, f);
	}
	return rc;
}
