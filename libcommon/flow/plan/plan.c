/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/plan.h"

#include "fleet/document.h"
#include "fleet/source.h"

#include <string.h>

void
plan_item_done(struct plan_item *item)
{
	free(item->ref);
	free(item->name);
	free(item->check);
	free(item->spread);
	free(item->uses);
	vec_done(&item->after);
}

void
plan_done(struct plan *p)
{
	for (size_t i = 0; i < p->items.n; i++)
		plan_item_done(&p->items.v[i]);
	vec_done(&p->items);
	workflow_done(&p->workflow);
	free(p->file);
	free(p->project);
	free(p->actor);
	free(p->reason);
	free(p->audit);
	free(p->selection);
	free(p->sources);
	policy_done(&p->policy);
	*p = (struct plan){0};
}

/* ---- limits ---- */

int64_t
plan_spread_limit(const struct spread *s, int64_t with_value)
{
	return num_share_or_one(&s->limit, with_value);
}

void
plan_limits_json(const struct plan_limits *l, struct str *out)
{
	char wait[24], gap[24];

	jtext_open(out);
	jtext_int(out, "items", l->items);
	jtext_int(out, "canary", l->canary);
	jtext_int(out, "waves", l->waves);
	jtext_int(out, "in_flight", l->in_flight);
	if (l->together)
		jtext_int(out, "together", l->together);
	if (l->per_hour)
		jtext_int(out, "per_hour", l->per_hour);
	jtext_int(out, "max_fail", l->max_fail);
	if (l->max_fail_in_a_row)
		jtext_int(out, "max_fail_in_a_row", l->max_fail_in_a_row);
	if (l->one_region)
		jtext_bool(out, "one_region", 1);
	jtext_bool(out, "strict", l->strict);
	if (l->wait)
		jtext_text(out, "wait", num_duration_text(l->wait, wait));
	if (l->gap)
		jtext_text(out, "gap", num_duration_text(l->gap, gap));
	jtext_close(out);
}

/* ---- sources ---- */

static int
mark_sources(struct session *s, int64_t item, char marked[SOURCE_MOST + 1], struct fault *f)
{
	static const char sql[] = "SELECT id % 4096 FROM document WHERE id BETWEEN $1 AND $2";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", DOCUMENT_ID(item, (int64_t)0),
	    DOCUMENT_ID(item, (int64_t)SOURCE_MOST));

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		marked[db_int(&rows, 0)] = 1;
	db_end(&rows);
	return more;
}

int
plan_sources(struct session *s, const struct ids *items, struct str *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT d.source, s.name, d.n FROM source AS s JOIN"
	    " (SELECT id % 4096 AS source, count(*) AS n FROM document GROUP BY 1) AS d"
	    " ON d.source = s.id ORDER BY s.name";
	char marked[SOURCE_MOST + 1] = {0};
	struct db_rows rows;
	int more = 0;

	for (size_t i = 0; i < items->n && more >= 0; i++)
		more = mark_sources(s, items->v[i], marked, f);
	marked[s->operator] = 0;
	if (more < 0)
		return -1;
	jtext_open(out);
	more = db_query(s->db, &rows, f, sql, "");
	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (marked[db_int(&rows, 0)])
			jtext_int(out, db_text(&rows, 1), db_int(&rows, 2));
	db_end(&rows);
	jtext_close(out);
	return more;
}

/* ---- writing ---- */

static void
add_item(const struct plan *p, const struct plan_item *i, struct str *out)
{
	jtext_open(out);
	jtext_text(out, "kind", "plan-item");
	jtext_text(out, "name", i->name);
	jtext_text(out, "ref", i->ref);
	jtext_int(out, "id", i->item);
	jtext_int(out, "wave", i->wave);
	jtext_text(out, "check", i->check);
	if (i->finding)
		jtext_int(out, "finding", i->finding);
	if (i->after.n)
		jtext_key(out, "after");
	for (size_t n = 0; n < i->after.n; n++) {
		str_addc(out, n ? ',' : '[');
		jtext_put_string(out, p->items.v[i->after.v[n]].ref);
	}
	str_add(out, i->after.n ? "]" : "");
	jtext_raw(out, "spread", i->spread);
	jtext_raw(out, "uses", i->uses);
	jtext_close(out);
	str_addc(out, '\n');
}

static void
add_head(const struct plan *p, struct str *out)
{
	char life[24];

	jtext_open(out);
	jtext_text(out, "kind", "plan");
	jtext_int(out, "format", PLAN_FORMAT);
	jtext_raw(out, "workflow", p->workflow.json);
	jtext_text(out, "workflow_file", p->file);
	jtext_text(out, "workflow_hash", p->workflow.hash);
	jtext_text(out, "project", p->project);
	jtext_time(out, "made", p->made);
	jtext_text(out, "life", num_duration_text(p->life, life));
	jtext_text(out, "actor", p->actor);
	jtext_text(out, "reason", p->reason);
	jtext_raw(out, "audit", p->audit);
	jtext_raw(out, "selection", p->selection);
	jtext_raw(out, "sources", p->sources);
	jtext_key(out, "policy");
	policy_json(&p->policy, out);
	jtext_int(out, "fleet", p->fleet);
	jtext_key(out, "limits");
	plan_limits_json(&p->limits, out);
	jtext_int(out, "items", p->limits.items);
	jtext_text(out, "body_hash", p->body_hash);
	jtext_close(out);
}

static void
hash_text(const char *text, size_t len, char out[HASH_TEXT])
{
	struct hash h;

	hash_init(&h);
	hash_add(&h, text, len);
	hash_end(&h, out);
}

void
plan_write(struct plan *p, struct str *out)
{
	struct str body = STR_INIT, head = STR_INIT;

	for (size_t i = 0; i < p->items.n; i++)
		add_item(p, &p->items.v[i], &body);
	hash_text(body.len ? body.text : "", body.len, p->body_hash);
	add_head(p, &head);
	hash_text(head.text, head.len, p->hash);
	str_addn(out, head.text, head.len);
	str_addc(out, '\n');
	if (body.len)
		str_addn(out, body.text, body.len);
	str_done(&head);
	str_done(&body);
}
