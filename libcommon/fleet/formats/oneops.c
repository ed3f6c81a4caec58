/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OneOps' CMS in its "simple" form, configuration items and relations in any order, as
 * /cm/simple/cis and /cm/simple/relations give them:
 *
 *	ciId                 key
 *	ciName               name
 *	ciClassName          kind, bom.main.2.Compute being bom-compute; the whole is "class"
 *	nsPath               labels org=, assembly=, env= and platform=; and ns_path
 *	ciAttributes         variables; texts that hold a JSON object or array are that
 *	comments             note
 *	relationName         relation, bom.DependsOn being depends-on; relationAttributes are
 *	                     the item's relation_attributes; its own number, state, path and
 *	                     times are left out
 *	all others           attributes
 *
 * A relation that starts from an item which is not in the input is the item's all the same, if
 * the inventory has it under this source.
 */
#include "fleet/formats/fields.h"
#include "fleet/formats/held.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct oneops {
	struct draft draft;
	struct held held;
};

static int
is_ours(struct jtext first)
{
	return (jtext_member(first, "ciId").text && jtext_member(first, "ciClassName").text) ||
	       (jtext_member(first, "fromCiId").text && jtext_member(first, "toCiId").text);
}

/* ---- fields ---- */

static void
put_attributes(struct draft *d, const struct field *rule, struct jtext value)
{
	static const struct field none[] = {{0}};

	if (jtext_type(value) == JTEXT_OBJECT)
		fields_apply(d, none, field_decoded, value);
	else
		field_attribute(d, rule, value);
}

/* "/acme/shop/prod/bom/web/1": organisation, assembly, environment, phase, platform, version. */
static void
put_path(struct draft *d, const struct field *rule, struct jtext value)
{
	static const char *const keys[] = {"org", "assembly", "env", NULL, "platform"};
	char *path = jtext_plain_dup(value), *rest = path + (*path == '/'), *part;

	field_attribute(d, rule, value);
	for (size_t i = 0; i < 5 && (part = strsep(&rest, "/")); i++)
		if (keys[i] && *part)
			draft_label(d, keys[i], part);
	free(path);
}

static const struct field rules[] = {
    {"ciId", field_text, "key", NULL},
    {"ciName", field_text, "name", NULL},
    {"ciClassName", field_attribute, "class", NULL}, /* and see kind_of */
    {"nsPath", put_path, "ns_path", NULL},
    {"ciAttributes", put_attributes, "ci_attributes", NULL},
    {"comments", field_text, "note", NULL},
    {0},
};

/* "bom.main.2.Compute": the first word and the last; to be freed. */
static char *kind_of(struct jtext class)
{
	char *text = jtext_plain_dup(class), *last = field_word(text), *dot = strchr(text, '.');
	char *first = NULL, *kind;

	if (dot) {
		*dot = '\0';
		first = field_word(text);
	}
	kind = dot ? mem_printf("%s-%s", first, last) : mem_printf("ci-%s", last);
	free(text);
	free(first);
	free(last);
	return kind;
}

/* ---- records ---- */

static int
hold_relation(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	static const char *const known[] = {"relationName", "fromCiId", "toCiId",
	    "relationAttributes", "ciRelationId", "relationId", "relationGoid", "relationState",
	    "nsPath", "nsId", "created", "createdBy", "updated", "updatedBy", "lastAppliedRfcId",
	    NULL};
	struct oneops *o = run->state;
	struct jtext name = jtext_member(record, "relationName");
	struct jtext about = jtext_member(record, "relationAttributes");
	char *from, *to, *plain, *type;

	if (!name.text || jtext_type(name) != JTEXT_STRING)
		return fault_set(f, FAULT_BAD, "a relation without relationName");
	from = jtext_plain_dup(jtext_member(record, "fromCiId"));
	to = jtext_plain_dup(jtext_member(record, "toCiId"));
	plain = jtext_plain_dup(name);
	type = field_word(plain);
	if (draft_is_empty(about))
		about = (struct jtext){0};
	held_relate(&o->held, from, type, to, about, line);
	format_left_others(run, "a relation", record, known);
	free(from);
	free(to);
	free(plain);
	free(type);
	return 0;
}

static int
hold(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	struct oneops *o = run->state;
	struct jtext id = jtext_member(record, "ciId");
	char *key;
	int result;

	if (jtext_member(record, "fromCiId").text && jtext_member(record, "toCiId").text)
		return hold_relation(run, record, line, f);
	if (draft_is_empty(id) || draft_is_empty(jtext_member(record, "ciClassName")))
		return fault_set(
		    f, FAULT_BAD, "neither ciId and ciClassName nor fromCiId and toCiId");
	key = jtext_plain_dup(id);
	result = held_add(&o->held, key, record, line, f);
	free(key);
	return result;
}

static int
emit(struct format_run *run, const struct held_item *item, struct fault *f)
{
	struct oneops *o = run->state;
	struct jtext record = held_record(item);

	if (record.text) {
		char *kind = kind_of(jtext_member(record, "ciClassName"));

		draft_start(&o->draft, kind);
		free(kind);
		fields_apply(&o->draft, rules, field_attribute, record);
	} else {
		draft_start_open(&o->draft);
		draft_text(&o->draft, "key", item->key);
	}
	held_put_edges(&o->draft, item, run->source);
	return draft_emit(&o->draft, run, item->line, f);
}

static int
finish(struct format_run *run, struct fault *f)
{
	struct oneops *o = run->state;

	for (size_t i = 0; i < o->held.items.n; i++)
		if (emit(run, &o->held.items.v[i], f) < 0)
			return -1;
	return 0;
}

static void
start(struct format_run *run)
{
	run->state = mem_zero(1, sizeof(struct oneops));
}

static void
end(struct format_run *run)
{
	struct oneops *o = run->state;

	draft_done(&o->draft);
	held_done(&o->held);
	free(o);
}

const struct format format_oneops = {
    .name = "oneops",
    .about = "OneOps' CMS: configuration items and relations",
    .detect = is_ours,
    .start = start,
    .end = end,
    .record = hold,
    .finish = finish,
};
