/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ServiceNow's CMDB: pages of the table API ({"result":[..]}), list exports ({"records":[..]}),
 * or the records themselves. All values are texts; a reference is "", a number,
 * {"link","value"} or {"display_value","value"}. What it shows is taken, its number if it shows
 * none.
 *
 *	sys_id                   key
 *	name, ip_address         the same
 *	sys_class_name           kind: host, network-device, vm, else the class with dashes
 *	model_id                 device_type
 *	short_description        note
 *	operational_status, install_status, location, support_group   labels
 *	all others               variables
 *	cmdb_rel_ci (parent, child, type "Runs on::Runs")   parent runs-on child
 */
#include "fleet/formats/fields.h"
#include "fleet/formats/held.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct servicenow {
	struct draft draft;
	struct held held;
};

/* ---- values ---- */

/* What is shown, else the value; "" where there is neither. */
static struct jtext
shown(struct jtext value)
{
	struct jtext display, plain;

	if (jtext_type(value) != JTEXT_OBJECT)
		return value;
	display = jtext_member(value, "display_value");
	plain = jtext_member(value, "value");
	if (!draft_is_empty(display))
		return display;
	return plain.text ? plain : value;
}

/* The number of a reference, rather than what it shows. To be freed; NULL for none. */
static char *
number_of(struct jtext value)
{
	struct jtext plain = value.text ? jtext_member(value, "value") : value;

	if (plain.text)
		value = plain;
	if (draft_is_empty(value) || jtext_type(value) != JTEXT_STRING)
		return NULL;
	return jtext_plain_dup(value);
}

/* The rule of the next field, for a value without its wrapping. */
#define SHOWN(name, put)                                                                           \
	static void name(struct draft *d, const struct field *rule, struct jtext value)            \
	{                                                                                          \
		if (!draft_is_empty(shown(value)))                                                 \
			put(d, rule, shown(value));                                                \
	}

SHOWN(put_field, field_text)
SHOWN(put_label, field_label)
SHOWN(put_address, field_address)
SHOWN(put_variable, field_variable)

static const struct field rules[] = {
    {"sys_id", field_nothing, NULL, NULL}, /* the key */
    {"name", put_field, NULL, NULL},
    {"ip_address", put_address, NULL, NULL},
    {"sys_class_name", put_variable, NULL, NULL}, /* and see kind_of */
    {"model_id", put_field, "device_type", NULL},
    {"short_description", put_field, "note", NULL},
    {"operational_status", put_label, NULL, NULL},
    {"install_status", put_label, NULL, NULL},
    {"location", put_label, NULL, NULL},
    {"support_group", put_label, NULL, NULL},
    {0},
};

/* The first whose word is in the class. */
static const struct {
	const char *word, *kind;
} kinds[] = {
    {"vm_instance", "vm"},
    {"netgear", "network-device"},
    {"switch", "network-device"},
    {"router", "network-device"},
    {"firewall", "network-device"},
    {"server", "host"},
};

/* To be freed. */
static char *kind_of(struct jtext class)
{
	char *text = class.text ? jtext_plain_dup(shown(class)) : mem_dup("cmdb_ci"), *kind = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && !kind; i++)
		if (strstr(text, kinds[i].word))
			kind = mem_dup(kinds[i].kind);
	if (!kind)
		kind = field_word(text);
	if (strcmp(kind, "other") == 0) {
		free(kind);
		kind = mem_dup("cmdb-ci");
	}
	free(text);
	return kind;
}

/* ---- records ---- */

static struct jtext
page_of(struct jtext record)
{
	struct jtext result = jtext_member(record, "result");

	return result.text ? result : jtext_member(record, "records");
}

static int
is_record(struct jtext record)
{
	return jtext_member(record, "sys_id").text &&
	       (jtext_member(record, "sys_class_name").text ||
		   (jtext_member(record, "parent").text && jtext_member(record, "child").text));
}

static int
is_ours(struct jtext first)
{
	struct jtext page = page_of(first), key, record;
	size_t at = 0;

	if (!page.text || jtext_type(page) != JTEXT_ARRAY)
		return is_record(first);
	return jtext_each(page, &at, &key, &record) && is_record(record);
}

/* "Runs on::Runs": parent runs-on child. */
static int
hold_relation(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	static const char *const known[] = {"sys_id", "parent", "child", "type", NULL};
	struct servicenow *s = run->state;
	char *from = number_of(jtext_member(record, "parent"));
	char *to = number_of(jtext_member(record, "child"));
	struct jtext type = jtext_member(record, "type");
	char *name = jtext_plain_dup(type.text ? shown(type) : type), *colons, *word;
	int result = -1;

	if (!from || !to || !name || !*name) {
		fault_set(f, FAULT_BAD, "a relation wants parent, child and type");
		goto out;
	}
	colons = strstr(name, "::");
	if (colons)
		*colons = '\0';
	word = field_word(name);
	format_left_others(run, "a relation", record, known);
	held_relate(&s->held, from, word, to, (struct jtext){0}, line);
	free(word);
	result = 0;
out:
	free(from);
	free(to);
	free(name);
	return result;
}

static int
hold(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	struct servicenow *s = run->state;
	char *key;
	int result;

	if (jtext_type(record) == JTEXT_OBJECT && jtext_member(record, "child").text &&
	    jtext_member(record, "parent").text)
		return hold_relation(run, record, line, f);
	key = jtext_type(record) == JTEXT_OBJECT ? number_of(jtext_member(record, "sys_id")) : NULL;
	if (!key)
		return fault_set(f, FAULT_BAD, "a record without sys_id");
	result = held_add(&s->held, key, record, line, f);
	free(key);
	return result;
}

static int
read_record(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	static const char *const known[] = {"result", "records", NULL};
	struct jtext page = page_of(record), key, each;
	size_t at = 0;

	if (!page.text || jtext_type(page) != JTEXT_ARRAY)
		return hold(run, record, line, f);
	format_left_others(run, "a page", record, known);
	while (jtext_each(page, &at, &key, &each))
		if (hold(run, each, line, f) < 0)
			format_bad(run, line, f);
	return 0;
}

static int
emit(struct format_run *run, const struct held_item *item, struct fault *f)
{
	struct servicenow *s = run->state;
	struct jtext record = held_record(item);

	if (record.text) {
		char *kind = kind_of(jtext_member(record, "sys_class_name"));

		draft_start(&s->draft, kind);
		free(kind);
		fields_apply(&s->draft, rules, put_variable, record);
	} else {
		draft_start_open(&s->draft);
	}
	draft_text(&s->draft, "key", item->key);
	held_put_edges(&s->draft, item, run->source);
	return draft_emit(&s->draft, run, item->line, f);
}

static int
finish(struct format_run *run, struct fault *f)
{
	struct servicenow *s = run->state;

	for (size_t i = 0; i < s->held.items.n; i++)
		if (emit(run, &s->held.items.v[i], f) < 0)
			return -1;
	return 0;
}

static void
start(struct format_run *run)
{
	run->state = mem_zero(1, sizeof(struct servicenow));
}

static void
end(struct format_run *run)
{
	struct servicenow *s = run->state;

	draft_done(&s->draft);
	held_done(&s->held);
	free(s);
}

const struct format format_servicenow = {
    .name = "servicenow",
    .about = "ServiceNow's CMDB: pages or exports of its tables",
    .detect = is_ours,
    .start = start,
    .end = end,
    .record = read_record,
    .finish = finish,
};
