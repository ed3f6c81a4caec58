/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sheet/sheet_inside.h"

#include "base/mem.h"
#include "base/when.h"
#include "fleet/document.h"
#include "fleet/log/blame.h"
#include "fleet/log/history.h"
#include "fleet/ref.h"
#include "fleet/source.h"
#include "fleet/view.h"
#include "io/output.h"
#include "io/table.h"

#include <stdlib.h>
#include <string.h>

#define WIDEST_VALUE 60 /* of a cell: a page of facts would push all else off the screen */

static void
print_line(const char *text)
{
	struct output out = {.format = OUTPUT_NAMES};

	output_name(&out, text, 0);
}

void
sheet_part(struct table *t)
{
	if (t->cells.n)
		print_line("");
	output_table(t, OUTPUT_TABLE);
}

/* A value as JSON, cut where it is long, never inside a character. */
static void
put_value(struct table *t, enum table_tone tone, struct jtext value)
{
	struct str text = STR_INIT;
	size_t len = value.len;

	if (len > WIDEST_VALUE) {
		len = WIDEST_VALUE - 3;
		while (len && ((unsigned char)value.text[len] & 0xc0) == 0x80)
			len--;
	}
	str_addn(&text, value.text, len);
	if (len < value.len)
		str_add(&text, "...");
	table_toned(t, tone, text.text);
	str_done(&text);
}

void
sheet_blame(struct table *t, enum table_tone tone, const struct blame *by)
{
	char at[WHEN_TEXT];

	table_toned(t, tone, by->actor);
	table_toned(t, tone, by->entry ? when_second(by->at, at) : NULL);
	table_toned(t, tone, by->reason);
	table_end_row(t);
}

/* ---- attributes ---- */

/* Places are ids in a layer; people get refs. */
static int
put_attribute_value(struct session *s, struct table *t, enum table_tone tone, const char *name,
    struct jtext value, struct fault *f)
{
	struct str ref = STR_INIT;
	int status;

	if (!document_is_place(JTEXT(name))) {
		put_value(t, tone, value);
		return 0;
	}
	status = history_ref(s, strtoll(value.text, NULL, 10), &ref, f);
	table_toned(t, tone, ref.text);
	str_done(&ref);
	return status;
}

/* The layers that have the attribute, the winner first. */
static int
add_attribute(struct session *s, struct table *t, const struct documents *docs, const char *name,
    struct fault *f)
{
	enum table_tone tone = TABLE_PLAIN;
	int status = 0;

	for (size_t i = 0; status >= 0 && i < docs->n; i++) {
		const struct document *d = &docs->v[i];
		struct jtext value = jtext_member(JTEXT(d->attributes), name);
		struct source source = {0};
		struct blame by = {0};

		if (!value.text)
			continue;
		table_toned(t, tone, tone == TABLE_PLAIN ? name : NULL);
		status = put_attribute_value(s, t, tone, name, value, f);
		if (status >= 0)
			status = source_get_id(s, d->source, &source, f);
		if (status >= 0)
			status = blame_attribute(s, d->item, d->source, name, &by, f);
		table_toned(t, tone, source.name);
		sheet_blame(t, tone, &by);
		source_done(&source);
		blame_done(&by);
		tone = TABLE_FAINT;
	}
	return status < 0 ? -1 : 0;
}

/* A place that follows from another one: a cell says the region. */
static int
add_derived(struct session *s, struct table *t, const struct documents *docs, const char *name,
    int64_t id, struct fault *f)
{
	struct str ref = STR_INIT;

	for (size_t i = 0; i < docs->n; i++)
		if (jtext_member(JTEXT(docs->v[i].attributes), name).text)
			return 0;
	if (!id)
		return 0;
	if (ref_of(s, id, &ref, f) < 0)
		return -1;
	table_cell(t, name);
	table_cell(t, ref.text);
	table_toned(t, TABLE_FAINT, "(follows)");
	table_end_row(t);
	str_done(&ref);
	return 0;
}

static int
print_attributes(struct session *s, const struct item *i, struct fault *f)
{
	static const char *const heads[] = {"ATTRIBUTE", "VALUE", "SOURCE", "BY", "AT", "REASON"};
	struct table t = TABLE_INIT(heads);
	struct documents docs = {0};
	struct str all = STR_INIT, before = STR_INIT;
	struct jtext key, value;
	size_t at = 0;
	int status = document_list(s, i->id, &docs, f);

	str_add(&all, "{}");
	for (size_t n = 0; n < docs.n; n++) {
		str_reset(&before);
		str_addn(&before, all.text, all.len);
		str_cut(&all, 0);
		document_merge(JTEXT(before.text), JTEXT(docs.v[n].attributes), &all);
	}
	if (status == 0 && (add_derived(s, &t, &docs, "cloud", i->cloud, f) < 0 ||
			       add_derived(s, &t, &docs, "region", i->region, f) < 0))
		status = -1;
	while (status == 0 && jtext_each(JTEXT(all.text), &at, &key, &value)) {
		char *name = jtext_plain_dup(key);

		status = add_attribute(s, &t, &docs, name, f);
		free(name);
	}
	sheet_part(&t);
	documents_done(&docs);
	str_done(&all);
	str_done(&before);
	return status;
}

/* ---- variables ---- */

static int
add_candidate(struct session *s, struct table *t, const struct item *i, const char *key,
    const struct candidate *one, int wins, struct fault *f)
{
	enum table_tone tone = wins ? TABLE_PLAIN : TABLE_FAINT;
	struct blamed b;
	int status = blame_candidate(s, key, one, &b, f);

	put_value(t, tone, one->value);
	table_toned(t, tone, one->item == i->id ? "own" : b.level);
	table_toned(t, tone, b.source);
	sheet_blame(t, tone, &b.by);
	blamed_done(&b);
	return status;
}

static int
print_variables(struct session *s, const struct item *i, struct fault *f)
{
	static const char *const heads[] = {
	    "VARIABLE", "VALUE", "LEVEL", "SOURCE", "BY", "AT", "REASON"};
	struct table t = TABLE_INIT(heads);
	struct resolution r;
	int status = resolve_item(s, i, NULL, 0, &r, f);

	for (size_t n = 0; status == 0 && n < r.keys.n; n++) {
		const struct resolved_key *key = &r.keys.v[n];

		for (size_t c = 0; status == 0 && c < key->candidates.n; c++) {
			table_cell(&t, c ? NULL : key->key);
			status = add_candidate(s, &t, i, key->key, &key->candidates.v[c], !c, f);
		}
	}
	sheet_part(&t);
	resolution_done(&r);
	return status;
}

static int
print_head(struct session *s, const struct item *i, struct fault *f)
{
	struct str line = STR_INIT;
	char at[WHEN_TEXT];
	int status = ref_text(s, i, &line, f);

	if (status == 0 && i->retired)
		str_addf(&line, "  retired %s: no source reports it any more",
		    when_second(i->retired, at));
	if (status == 0)
		print_line(line.text);
	str_done(&line);
	return status;
}

int
sheet_print(struct session *s, const struct item *i, struct fault *f)
{
	return print_head(s, i, f) < 0 || print_attributes(s, i, f) < 0 ||
		       sheet_ties(s, i, f) < 0 || print_variables(s, i, f) < 0
		   ? -1
		   : 0;
}

/* ---- one variable ---- */

static int
add_level(struct session *s, struct table *t, const struct item *i, int64_t level,
    const struct resolved_key *key, struct fault *f)
{
	struct str ref = STR_INIT;
	int n = 0, status = 0;

	for (size_t c = 0; status == 0 && c < key->candidates.n; c++) {
		if (key->candidates.v[c].item != level)
			continue;
		table_cell(t, c ? "loses" : "wins");
		status = add_candidate(s, t, i, key->key, &key->candidates.v[c], !c, f);
		n++;
	}
	if (status == 0 && !n && (status = ref_of(s, level, &ref, f)) == 0) {
		table_toned(t, TABLE_FAINT, "silent");
		table_cell(t, NULL);
		table_toned(t, TABLE_FAINT, level == i->id ? "own" : ref.text);
		table_end_row(t);
	}
	str_done(&ref);
	return status;
}

int
sheet_explain(struct session *s, const struct item *i, const struct resolution *r, struct fault *f)
{
	static const char *const heads[] = {"", "VALUE", "LEVEL", "SOURCE", "BY", "AT", "REASON"};
	struct table t = TABLE_INIT(heads);
	struct ids levels = {0};
	int status = resolve_levels(s, i, &levels, f);

	for (size_t n = 0; status == 0 && n < levels.n; n++)
		status = add_level(s, &t, i, levels.v[n], &r->keys.v[0], f);
	output_table(&t, OUTPUT_TABLE);
	vec_done(&levels);
	return status;
}

int
sheet_explain_attribute(
    struct session *s, const struct item *i, const struct resolution *r, struct fault *f)
{
	static const char *const heads[] = {"", "VALUE", "LEVEL", "SOURCE", "BY", "AT", "REASON"};
	struct table t = TABLE_INIT(heads);
	int status = add_level(s, &t, i, i->id, &r->keys.v[0], f);

	output_table(&t, OUTPUT_TABLE);
	return status;
}

/* ---- as a record ---- */

static int
put_keys(struct session *s, const struct resolution *r, struct str *out, struct fault *f)
{
	int status = 0;

	for (size_t n = 0; status == 0 && n < r->keys.n; n++) {
		jtext_key(out, r->keys.v[n].key);
		status = blame_to_json(s, &r->keys.v[n], out, f);
	}
	return status;
}

int
sheet_to_json(struct session *s, const struct item *i, struct str *out, struct fault *f)
{
	struct resolution attributes = {0}, variables = {0};
	int status = view_json(s, i, VIEW_RESOLVED | VIEW_RELATIONS, out, f);

	if (status == 0)
		status = resolve_attributes(s, i->id, NULL, &attributes, f);
	if (status == 0)
		status = resolve_item(s, i, NULL, 0, &variables, f);
	if (status == 0) {
		str_cut(out, out->len - 1); /* the record's brace: one more member follows */
		jtext_key(out, "blame");
		jtext_open(out);
		status = put_keys(s, &attributes, out, f);
	}
	if (status == 0)
		status = put_keys(s, &variables, out, f);
	if (status == 0)
		status = sheet_ties_to_json(s, i, out, f);
	if (status == 0)
		str_add(out, "}}");
	resolution_done(&attributes);
	resolution_done(&variables);
	return status;
}
