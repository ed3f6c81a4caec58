/* SPDX-License-Identifier: Apache-2.0 */
/* What ties an item to others: its labels and its relations. */
#include "fleet/sheet/sheet_inside.h"

#include "fleet/log/blame_ties.h"
#include "fleet/pairs.h"
#include "io/output.h"

#include <string.h>

/* ---- labels ---- */

static void
add_label(struct table *t, const struct blamed_label *one)
{
	if (one->source) {
		table_cell(t, one->name);
		table_cell(t, one->source);
		sheet_blame(t, TABLE_PLAIN, &one->by);
		return;
	}
	table_toned(t, one->wrong ? TABLE_FAINT : TABLE_PLAIN, one->name);
	table_cellf(t, one->wrong ? "its rule cannot be told: %s" : "by rule: %s",
	    one->wrong ? one->wrong : one->rule);
	table_end_row(t);
}

static int
fill_labels(struct session *s, int64_t item, struct table *t, struct fault *f)
{
	static const char *const heads[] = {"LABEL", "SOURCE", "BY", "AT", "REASON"};
	struct blamed_labels all = {0};
	int status = blame_labels(s, item, &all, f);

	*t = (struct table)TABLE_INIT(heads);
	for (size_t i = 0; status == 0 && i < all.n; i++)
		add_label(t, &all.v[i]);
	blamed_labels_done(&all);
	return status;
}

/* ---- relations ---- */

static int
fill_relations(struct session *s, int64_t item, struct table *t, struct fault *f)
{
	static const char *const heads[] = {
	    "FROM", "RELATION", "TO", "SOURCE", "BY", "AT", "REASON"};
	struct blamed_relations all = {0};
	int status = blame_relations(s, item, &all, f);

	*t = (struct table)TABLE_INIT(heads);
	for (size_t i = 0; status == 0 && i < all.n; i++) {
		const struct blamed_relation *one = &all.v[i];

		table_cell(t, one->from);
		table_cell(t, one->type);
		table_cell(t, one->to);
		table_cell(t, one->source);
		sheet_blame(t, TABLE_PLAIN, &one->by);
	}
	blamed_relations_done(&all);
	return status;
}

/* ---- both ---- */

static const struct {
	const char *name;
	int (*fill)(struct session *s, int64_t item, struct table *t, struct fault *f);
	int (*to_json)(struct session *s, int64_t item, struct str *out, struct fault *f);
} ties[] = {
    {"labels", fill_labels, blame_labels_to_json},
    {"relations", fill_relations, blame_relations_to_json},
};
#define TIES (sizeof(ties) / sizeof(*ties))

int
sheet_ties(struct session *s, const struct item *i, struct fault *f)
{
	int status = 0;

	for (size_t n = 0; status == 0 && n < TIES; n++) {
		struct table t;

		status = ties[n].fill(s, i->id, &t, f);
		sheet_part(&t);
	}
	return status;
}

int
sheet_ties_to_json(struct session *s, const struct item *i, struct str *out, struct fault *f)
{
	struct str key = STR_INIT;
	int status = 0;

	for (size_t n = 0; status == 0 && n < TIES; n++) {
		str_reset(&key);
		str_addf(&key, PAIRS_ATTRIBUTE "%s", ties[n].name);
		jtext_key(out, key.text);
		status = ties[n].to_json(s, i->id, out, f);
	}
	str_done(&key);
	return status;
}

static int
explain(struct session *s, const struct item *i, size_t n, struct fault *f)
{
	struct table t;
	int status = ties[n].fill(s, i->id, &t, f);

	output_table(&t, OUTPUT_TABLE);
	return status;
}

int
sheet_explain_ties(
    struct session *s, const struct item *i, const char *name, struct str *json, struct fault *f)
{
	for (size_t n = 0; n < TIES; n++)
		if (strcmp(ties[n].name, name) == 0)
			return (json ? ties[n].to_json(s, i->id, json, f) : explain(s, i, n, f)) < 0
				   ? -1
				   : 1;
	return 0;
}
