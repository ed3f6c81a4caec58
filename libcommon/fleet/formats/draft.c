/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/formats/draft.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void
draft_done(struct draft *d)
{
	str_done(&d->fields);
	str_done(&d->labels);
	str_done(&d->relations);
	str_done(&d->variables);
	str_done(&d->text);
	str_done(&d->spare);
}

void
draft_start_open(struct draft *d)
{
	str_reset(&d->fields);
	str_reset(&d->labels);
	str_reset(&d->relations);
	str_reset(&d->variables);
	jtext_open(&d->fields);
}

void
draft_start(struct draft *d, const char *kind)
{
	draft_start_open(d);
	jtext_text(&d->fields, "kind", kind);
}

void
draft_text(struct draft *d, const char *field, const char *plain)
{
	if (plain && *plain)
		jtext_text(&d->fields, field, plain);
}

void
draft_bool(struct draft *d, const char *field, int truth)
{
	jtext_bool(&d->fields, field, truth);
}

/* Fields that records have of themselves: craton-records(5). */
static int
is_taken(const char *name)
{
	static const char *const taken[] = {"kind", "name", "ref", "key", "source", "cloud",
	    "region", "cell", "parent", "ip_address", "device_type", "active", "note", "labels",
	    "variables", "relations", "id", "project", "resolved", "blame", "retired", "created_at",
	    "updated_at"};

	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (strcmp(name, taken[i]) == 0)
			return 1;
	return 0;
}

int
draft_is_empty(struct jtext value)
{
	static const char *const empty[] = {"null", "\"\"", "[]", "{}"};

	if (!value.text)
		return 1;
	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++)
		if (value.len == strlen(empty[i]) && memcmp(value.text, empty[i], value.len) == 0)
			return 1;
	return 0;
}

void
draft_attribute(struct draft *d, const char *prefix, const char *name, struct jtext value)
{
	if (draft_is_empty(value))
		return;
	if (is_taken(name)) {
		str_reset(&d->spare);
		str_addf(&d->spare, "%s_%s", prefix, name);
		name = d->spare.text;
	}
	jtext_rawn(&d->fields, name, value.text, value.len);
}

static void
add_reference(struct draft *d, struct str *out, const char *source, const char *key)
{
	str_reset(&d->spare);
	str_addf(&d->spare, "key:%s/%s", source, key);
	jtext_put_string(out, d->spare.text);
}

void
draft_refer(struct draft *d, const char *field, const char *source, const char *key)
{
	jtext_key(&d->fields, field);
	add_reference(d, &d->fields, source, key);
}

static void
open_element(struct str *array)
{
	str_addc(array, array->len ? ',' : '[');
}

void
draft_relate(struct draft *d, const char *type, const char *source, const char *key)
{
	open_element(&d->relations);
	jtext_open(&d->relations);
	jtext_text(&d->relations, "type", type);
	jtext_key(&d->relations, "to");
	add_reference(d, &d->relations, source, key);
	jtext_close(&d->relations);
}

void
draft_relate_to(struct draft *d, const char *type, const char *to)
{
	open_element(&d->relations);
	jtext_open(&d->relations);
	jtext_text(&d->relations, "type", type);
	jtext_text(&d->relations, "to", to);
	jtext_close(&d->relations);
}

void
draft_label(struct draft *d, const char *key, const char *value)
{
	str_reset(&d->spare);
	str_addf(&d->spare, "%s%s%s", key ? key : "", key ? "=" : "", value);
	open_element(&d->labels);
	jtext_put_string(&d->labels, d->spare.text);
}

void
draft_variable(struct draft *d, const char *key, struct jtext value)
{
	struct jtext old = {d->variables.text, d->variables.len};
	struct str with = STR_INIT;

	jtext_with(old.len ? old : (struct jtext){0}, key, value, &with);
	str_done(&d->variables);
	d->variables = with;
}

void
draft_variables(struct draft *d, struct jtext object)
{
	struct jtext key, value;
	size_t at = 0;

	if (!object.text || jtext_type(object) != JTEXT_OBJECT)
		return;
	while (jtext_each(object, &at, &key, &value))
		if (jtext_type(value) != JTEXT_NULL) {
			struct str plain = STR_INIT;

			jtext_plain(key, &plain);
			draft_variable(d, plain.text ? plain.text : "", value);
			str_done(&plain);
		}
}

void
draft_run_start(struct format_run *run)
{
	run->state = mem_zero(1, sizeof(struct draft));
}

void
draft_run_end(struct format_run *run)
{
	draft_done(run->state);
	free(run->state);
}

int
draft_emit(struct draft *d, struct format_run *run, unsigned long line, struct fault *f)
{
	if (d->labels.len) {
		str_addc(&d->labels, ']');
		jtext_raw(&d->fields, "labels", d->labels.text);
	}
	if (d->variables.len)
		jtext_raw(&d->fields, "variables", d->variables.text);
	if (d->relations.len) {
		str_addc(&d->relations, ']');
		jtext_raw(&d->fields, "relations", d->relations.text);
	}
	jtext_close(&d->fields);
	str_reset(&d->text);
	if (jtext_canonical(d->fields.text, d->fields.len, &d->text, f) < 0) {
		if (f->kind != FAULT_BAD)
			return -1;
		format_bad(run, line, f);
		return 0;
	}
	return format_emit(run, (struct jtext){d->text.text, d->text.len}, line, f);
}
