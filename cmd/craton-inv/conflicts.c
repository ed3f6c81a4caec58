/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "base/when.h"
#include "fleet/log/blame.h"
#include "fleet/ref.h"
#include "fleet/select/select.h"
#include "fleet/source.h"
#include "fleet/sources/conflict.h"
#include "io/output.h"

#include <stdlib.h>
#include <string.h>

struct conflicts {
	struct session *s;
	enum output_format format;
	struct output out;
	struct table table;
	int64_t last; /* the item of the line before */
	int64_t n;
};

static int
is_table(const struct conflicts *c)
{
	return c->format == OUTPUT_TABLE || c->format == OUTPUT_TSV;
}

/* ---- values ---- */

static int
add_value(
    struct conflicts *c, const char *ref, const struct resolved_key *key, size_t i, struct fault *f)
{
	enum table_tone tone = i ? TABLE_FAINT : TABLE_PLAIN;
	int full = c->format == OUTPUT_TSV || !i;
	char at[WHEN_TEXT], *value;
	struct blamed b;
	int status = blame_candidate(c->s, key->key, &key->candidates.v[i], &b, f);

	value = mem_dupn(b.value.text, b.value.len);
	table_cell(&c->table, full ? ref : NULL);
	table_cell(&c->table, full ? key->key : NULL);
	table_toned(&c->table, tone, value);
	table_toned(&c->table, tone, b.source);
	table_toned(&c->table, tone, b.by.actor);
	table_toned(&c->table, tone, b.by.entry ? when_second(b.by.at, at) : NULL);
	table_end_row(&c->table);
	free(value);
	blamed_done(&b);
	return status;
}

static int
put_record(struct conflicts *c, const char *ref, const struct resolved_key *key, struct fault *f)
{
	struct str json = STR_INIT;
	int status;

	jtext_open(&json);
	jtext_text(&json, "kind", "conflict");
	jtext_text(&json, "item", ref);
	jtext_text(&json, "key", key->key);
	jtext_key(&json, "values");
	status = blame_to_json(c->s, key, &json, f);
	jtext_close(&json);
	output_record(&c->out, json.text, json.len);
	str_done(&json);
	return status;
}

static int
add_conflict(void *ctx, int64_t item, const struct resolved_key *key, struct fault *f)
{
	struct conflicts *c = ctx;
	struct str ref = STR_INIT;
	int status = ref_of(c->s, item, &ref, f);

	c->n++;
	for (size_t i = 0; status == 0 && is_table(c) && i < key->candidates.n; i++)
		status = add_value(
		    c, c->last == item && c->format == OUTPUT_TABLE ? NULL : ref.text, key, i, f);
	if (status == 0 && c->format == OUTPUT_NAMES && c->last != item)
		output_name(&c->out, ref.text, 0);
	else if (status == 0 && !is_table(c) && c->format != OUTPUT_NAMES)
		status = put_record(c, ref.text, key, f);
	c->last = item;
	str_done(&ref);
	return status;
}

/* ---- items that look like one ---- */

static int
add_twins(void *ctx, const struct twins *t, struct fault *f)
{
	struct conflicts *c = ctx;
	char *sort = mem_dupn(t->mark, (size_t)(strchr(t->mark, ':') - t->mark));
	const char *value = strchr(t->mark, ':') + 1;
	struct str json = STR_INIT, ref = STR_INIT;
	int status = 0;

	c->n++;
	jtext_open(&json);
	jtext_text(&json, "kind", "conflict");
	jtext_text(&json, "key", sort);
	jtext_text(&json, "value", value);
	jtext_key(&json, "items");
	for (size_t i = 0; status == 0 && i < t->items.n; i++) {
		str_reset(&ref);
		status = ref_of(c->s, t->items.v[i], &ref, f);
		str_addc(&json, i ? ',' : '[');
		jtext_put_string(&json, ref.text);
		if (is_table(c)) {
			table_cell(&c->table, ref.text);
			table_cell(&c->table, sort);
			table_cell(&c->table, value);
			table_toned(&c->table, TABLE_WARN, i ? "same item?" : NULL);
			table_end_row(&c->table);
		} else if (c->format == OUTPUT_NAMES) {
			output_name(&c->out, ref.text, 0);
		}
	}
	str_addc(&json, ']');
	jtext_close(&json);
	if (!is_table(c) && c->format != OUTPUT_NAMES)
		output_record(&c->out, json.text, json.len);
	free(sort);
	str_done(&json);
	str_done(&ref);
	return status;
}

/* ---- the verb ---- */

static int
print_all(struct conflicts *c, const struct conflict_query *q, struct fault *f)
{
	static const char *const heads[] = {"ITEM", "KEY", "VALUE", "SOURCE", "BY", "AT"};
	int status;

	c->table = (struct table)TABLE_INIT(heads);
	output_begin(&c->out, c->format);
	status = conflict_each(c->s, q, add_conflict, c, f);
	if (status == 0)
		status = conflict_twins(c->s, q, add_twins, c, f);
	if (is_table(c))
		output_table(&c->table, c->format);
	else
		output_end(&c->out);
	return status < 0 ? -1 : c->n > 0;
}

static int
ask(struct conflicts *c, const struct select_options *chosen, const char *key, const char *name,
    char *const *names, int n, struct fault *f)
{
	struct conflict_query q = {.key = key};
	struct source source = {0};
	struct ids items = {0};
	int status = name ? source_need(c->s, name, &source, f) : 0, passed = 0;

	q.source = source.id;
	source_done(&source);
	if (status == 0 && (n || select_given(chosen))) {
		passed = status =
		    select_items(c->s, chosen, names, n, SELECT_TO_READ, inv_warn, NULL, &items, f);
		q.items = &items;
	}
	if (status >= 0)
		status = print_all(c, &q, f);
	vec_done(&items);
	return status < 0 ? -1 : status || passed;
}

int
inv_conflicts(int argc, char **argv)
{
	struct session_options base = {0};
	struct select_options chosen = {0};
	struct conflicts c = {0};
	const char *word = NULL, *key = NULL, *source = NULL;
	int json = 0, zero = 0;
	const struct args_opt own[] = {
	    {0, "key", "KEY", ARGS_TEXT, &key, "of this key, item.KEY, or pattern"},
	    {0, "source", "NAME", ARGS_TEXT, &source, "that this source is part of"},
	    {0, "exit-zero", NULL, ARGS_FLAG, &zero, "exit 0 whatever there is"},
	    {'o', "output", "FORMAT", ARGS_TEXT, &word, "table, jsonl, json, tsv or names"},
	    {0, "json", NULL, ARGS_FLAG, &json, "short for -o jsonl"}, {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"conflicts [options] [NAME ...]",
	    "List what sources say differently of the same key of an item, the winner first, and "
	    "items that look like one.",
	    "craton-inv conflicts --key 'item.*'\n"
	    "craton-inv conflicts -l cabinet=a12 --source netbox --json",
	    own, shared, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = output_format(word, json ? OUTPUT_JSONL : OUTPUT_TABLE, &c.format, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	c.s = &s;
	if (status == 0)
		status = ask(&c, &chosen, key, source, argv + 1, n, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : zero ? 0 : status;
}
