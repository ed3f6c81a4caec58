/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/query/query.h"

#include "base/utf8.h"
#include "fleet/label/rule.h"
#include "fleet/ref.h"
#include "fleet/resolve.h"
#include "fleet/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A living item of the project: 1, 0, -1. */
static int
get_living(struct session *s, int64_t id, struct item *out, struct fault *f)
{
	int found = item_get(s, id, out, f);

	if (found == 1 && (out->retired || out->project != s->project)) {
		item_done(out);
		found = 0;
	}
	return found;
}

/* ---- resolved: variables as items see them ---- */

static int
list_living(void *ctx, const char *only, struct ids *out, struct fault *f)
{
	static const char sql[] = "SELECT id FROM item WHERE project = $1 AND retired = 0";
	struct session *s = ctx;

	(void)only;
	return db_get_ids(s->db, out, f, sql, "i", s->project);
}

static int
put_resolved(struct session *s, int64_t item, const struct resolved_key *key,
    struct guard_values *out, struct fault *f)
{
	static const char *const types[] = {[JTEXT_NULL] = "null",
	    [JTEXT_FALSE] = "false",
	    [JTEXT_TRUE] = "true",
	    [JTEXT_STRING] = "text",
	    [JTEXT_ARRAY] = "array",
	    [JTEXT_OBJECT] = "object"};
	const struct candidate *winner = &key->candidates.v[0];
	enum jtext_type type = jtext_type(winner->value);
	struct source source = {0};

	if (source_get_id(s, winner->source, &source, f) < 0)
		return -1;
	guard_put_int(out, item);
	guard_put_text(out, key->key);
	guard_put_json(out, winner->value);
	guard_put_text(out, type != JTEXT_NUMBER                   ? types[type]
			    : out->v[out->n - 1].type == GUARD_INT ? "integer"
								   : "real");
	guard_put_int(out, winner->item);
	guard_put_text(out, source.name);
	source_done(&source);
	return 0;
}

static int
resolved_rows(void *ctx, int64_t id, const char *only, struct guard_values *out, struct fault *f)
{
	struct session *s = ctx;
	struct resolution r = {0};
	struct item item = {0};
	int status = get_living(s, id, &item, f);

	if (status == 1)
		status = resolve_item(s, &item, only, 0, &r, f);
	for (size_t i = 0; status == 0 && i < r.keys.n; i++)
		status = put_resolved(s, id, &r.keys.v[i], out, f);
	resolution_done(&r);
	item_done(&item);
	return status;
}

/* ---- rule_labels: which items are in by a rule ---- */

static int
list_ruled(void *ctx, const char *only, struct ids *out, struct fault *f)
{
	struct session *s = ctx;
	const struct rule_list *rules;
	int status = rules_get(s, &rules, f);

	for (size_t i = 0; status == 0 && i < rules->n; i++)
		if (!only || strcmp(rules->v[i].name, only) == 0) {
			struct ids members = {0};

			status = rule_members(s, &rules->v[i], &members, f);
			for (size_t n = 0; n < members.n; n++)
				vec_push(out, members.v[n]);
			vec_done(&members);
		}
	ids_tidy(out);
	return status;
}

static int
ruled_rows(void *ctx, int64_t id, const char *only, struct guard_values *out, struct fault *f)
{
	struct session *s = ctx;
	const struct rule_list *rules;
	struct item item = {0};
	int holds = rules_get(s, &rules, f);

	if (holds < 0 || !rules->n)
		return holds;
	holds = get_living(s, id, &item, f);
	for (size_t i = 0; holds >= 0 && item.id && i < rules->n; i++) {
		if (only && strcmp(rules->v[i].name, only) != 0)
			continue;
		holds = rule_shows(s, &rules->v[i], id, f);
		if (holds != 1)
			continue;
		guard_put_int(out, id);
		guard_put_text(out, rules->v[i].name);
		guard_put_text(out, rules->v[i].text);
	}
	item_done(&item);
	return holds < 0 ? -1 : 0;
}

static const struct guard_table tables[] = {
    {"resolved", "item INTEGER, key TEXT, value, type TEXT, level INTEGER, source TEXT", 6,
	list_living, resolved_rows},
    {"rule_labels", "item INTEGER, label TEXT, rule TEXT", 3, list_ruled, ruled_rows},
    {0},
};

/* ---- asking ---- */

static int
call_ref(void *ctx, int64_t id, struct str *out, struct fault *f)
{
	struct item item = {0};
	int found = item_get(ctx, id, &item, f);

	if (found == 1)
		found = ref_text(ctx, &item, out, f);
	item_done(&item);
	return found;
}

int
query_open(
    struct query *q, struct session *s, const char *sql, struct jtext parameters, struct fault *f)
{
	*q = (struct query){.host = {s->project, tables, call_ref, s}};
	return guard_query(s->db, &q->host, &q->rows, sql, parameters, f);
}

void
query_close(struct query *q)
{
	guard_end(&q->rows);
}

/* ---- a row ---- */

static int
put_text(struct str *out, const char *key, const char *text, struct fault *f)
{
	struct str json = STR_INIT;
	struct fault no_json;

	if (!utf8_ok(text))
		return fault_set(f, FAULT_BAD, "query: column %s: invalid UTF-8", key);
	if ((*text == '{' || *text == '[') &&
	    jtext_canonical(text, strlen(text), &json, &no_json) == 0)
		jtext_rawn(out, key, json.text, json.len);
	else
		jtext_text(out, key, text);
	str_done(&json);
	return 0;
}

int
query_put_column(struct str *out, const struct guard_rows *rows, int col, struct fault *f)
{
	const char *key = guard_column_name(rows, col);

	switch (guard_type(rows, col)) {
	case GUARD_NULL: break;
	case GUARD_INT: jtext_int(out, key, guard_int(rows, col)); break;
	case GUARD_REAL:
		if (!isfinite(guard_double(rows, col)))
			return fault_set(
			    f, FAULT_BAD, "query: column %s: not a finite number", key);
		jtext_key(out, key);
		str_addf(out, "%.15g", guard_double(rows, col));
		break;
	case GUARD_TEXT: return put_text(out, key, guard_text(rows, col), f);
	}
	return 0;
}
