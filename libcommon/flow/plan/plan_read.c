/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/plan.h"

#include "base/when.h"
#include "io/jsonl.h"

#include <inttypes.h>
#include <string.h>

/* Members of a line, wanted or not. A wrong type is FAULT_BAD with the place. */
struct line {
	const struct jsonl *in;
	struct jtext object;
	struct fault *f;
};

static int
bad_member(const struct line *l, const char *key, const char *wanted)
{
	return fault_set(
	    l->f, FAULT_BAD, "%s:%lu: no plan: %s is no %s", l->in->name, l->in->line, key, wanted);
}

static int
get_text(const struct line *l, const char *key, int required, char **out)
{
	struct jtext v = jtext_member(l->object, key);

	if (!v.text && !required)
		return 0;
	if (!v.text || jtext_type(v) != JTEXT_STRING)
		return bad_member(l, key, "text");
	*out = jtext_plain_dup(v);
	return 0;
}

static int
get_object(const struct line *l, const char *key, int required, char **out)
{
	struct jtext v = jtext_member(l->object, key);

	if (!v.text && !required)
		return 0;
	if (!v.text || jtext_type(v) != JTEXT_OBJECT)
		return bad_member(l, key, "object");
	*out = mem_dupn(v.text, v.len);
	return 0;
}

static int
get_int(const struct line *l, const char *key, int required, int64_t *out)
{
	struct jtext v = jtext_member(l->object, key);
	struct fault ignored;
	char *text;
	int rc;

	if (!v.text && !required)
		return 0;
	text = v.text ? mem_dupn(v.text, v.len) : mem_dup("");
	rc = num_int(text, 0, INT64_MAX, out, &ignored);
	free(text);
	return rc < 0 ? bad_member(l, key, "whole number") : 0;
}

static int
get_time(const struct line *l, const char *key, int64_t *out)
{
	struct fault ignored;
	char *text = NULL;
	int rc;

	if (get_text(l, key, 1, &text) < 0)
		return -1;
	rc = when_parse(text, 0, out, &ignored);
	free(text);
	return rc < 0 ? bad_member(l, key, "time") : 0;
}

static int
get_duration(const struct line *l, const char *key, int64_t *out)
{
	struct fault ignored;
	char *text = NULL;
	int rc;

	if (get_text(l, key, 1, &text) < 0)
		return -1;
	rc = num_duration(text, out, &ignored);
	free(text);
	return rc < 0 ? bad_member(l, key, "length of time") : 0;
}

/* ---- the head ---- */

/* What the head says of itself, to be compared with what is found. */
struct claims {
	char *workflow, *workflow_hash, *policy, *limits, *body_hash;
	int64_t items, format;
};

static void
claims_done(struct claims *c)
{
	free(c->workflow);
	free(c->workflow_hash);
	free(c->policy);
	free(c->limits);
	free(c->body_hash);
}

static int
read_workflow(struct plan *p, const struct jsonl *in, const struct claims *c, struct fault *f)
{
	if (workflow_read(&p->workflow, in->name, c->workflow, strlen(c->workflow), NULL, NULL, f) <
	    0)
		return -1;
	if (strcmp(p->workflow.hash, c->workflow_hash) != 0)
		return fault_set(f, FAULT_REFUSED,
		    "%s: plan void: the workflow in it was changed after the plan was made",
		    in->name);
	return 0;
}

static int
read_head(struct plan *p, const struct line *l, struct claims *c)
{
	if (!jtext_is(jtext_member(l->object, "kind"), "plan"))
		return fault_set(l->f, FAULT_BAD,
		    "%s:%lu: no plan: it has no head; it starts with a record of kind plan",
		    l->in->name, l->in->line);
	if (get_int(l, "format", 1, &c->format) < 0)
		return -1;
	if (c->format != PLAN_FORMAT)
		return fault_set(l->f, FAULT_BAD,
		    "%s: a plan of format %" PRId64 "; this Craton reads %d; make it anew",
		    l->in->name, c->format, PLAN_FORMAT);
	if (get_object(l, "workflow", 1, &c->workflow) < 0 ||
	    get_text(l, "workflow_file", 1, &p->file) < 0 ||
	    get_text(l, "workflow_hash", 1, &c->workflow_hash) < 0 ||
	    get_text(l, "project", 1, &p->project) < 0 || get_time(l, "made", &p->made) < 0 ||
	    get_duration(l, "life", &p->life) < 0 || get_text(l, "actor", 1, &p->actor) < 0 ||
	    get_text(l, "reason", 0, &p->reason) < 0 || get_object(l, "audit", 0, &p->audit) < 0 ||
	    get_object(l, "selection", 0, &p->selection) < 0 ||
	    get_object(l, "sources", 1, &p->sources) < 0 ||
	    get_object(l, "policy", 1, &c->policy) < 0 || get_int(l, "fleet", 1, &p->fleet) < 0 ||
	    get_object(l, "limits", 1, &c->limits) < 0 || get_int(l, "items", 1, &c->items) < 0 ||
	    get_text(l, "body_hash", 1, &c->body_hash) < 0)
		return -1;
	if (policy_from_json(&p->policy, JTEXT(c->policy), l->f) < 0)
		return fault_within(l->f, "%s:%lu: no plan: policy", l->in->name, l->in->line);
	return read_workflow(p, l->in, c, l->f);
}

/* ---- the items ---- */

/* The refs of items above. */
static int
read_after(struct plan *p, const struct line *l, struct map *places, struct plan_item *i)
{
	struct jtext list = jtext_member(l->object, "after"), none, ref;
	size_t at = 0;
	int added, rc = 0;

	while (rc == 0 && list.text && jtext_each(list, &at, &none, &ref)) {
		char *text = jtext_plain_dup(ref);
		const union map_value *place = map_get(places, text);

		if (place)
			vec_push(&i->after, place->i);
		else
			rc = bad_member(l, "after", "list of items above");
		free(text);
	}
	if (rc == 0)
		map_put(places, i->ref, &added)->i = (int64_t)p->items.n - 1;
	return rc;
}

static int
read_item(struct plan *p, const struct line *l, struct map *places)
{
	struct plan_item *i;

	if (!jtext_is(jtext_member(l->object, "kind"), "plan-item"))
		return fault_set(l->f, FAULT_BAD, "%s:%lu: no plan: kind is not plan-item",
		    l->in->name, l->in->line);
	i = vec_add(&p->items);
	if (get_text(l, "ref", 1, &i->ref) < 0 || get_text(l, "name", 1, &i->name) < 0 ||
	    get_int(l, "id", 1, &i->item) < 0 || get_int(l, "wave", 1, &i->wave) < 0 ||
	    get_int(l, "finding", 0, &i->finding) < 0 || get_text(l, "check", 0, &i->check) < 0 ||
	    get_object(l, "spread", 1, &i->spread) < 0 || get_object(l, "uses", 1, &i->uses) < 0)
		return -1;
	return read_after(p, l, places, i);
}

/* Each line as it is for the hash, and in canonical form for reading. 1, 0 at the end, -1. */
static int
next_line(struct jsonl *in, struct hash *raw, struct str *canonical, struct fault *f)
{
	char *text;
	size_t len;
	int more = jsonl_line(in, &text, &len, f);

	if (more <= 0)
		return more;
	hash_add(raw, text, len);
	str_reset(canonical);
	if (jtext_canonical(text, len, canonical, f) < 0)
		return fault_within(f, "%s:%lu", in->name, in->line);
	if (jtext_type(JTEXT(canonical->text)) != JTEXT_OBJECT)
		return fault_set(
		    f, FAULT_BAD, "%s:%lu: no plan: an object is wanted", in->name, in->line);
	return 1;
}

static int
read_all(struct plan *p, struct jsonl *in, struct claims *c, struct fault *f)
{
	struct str canonical = STR_INIT;
	struct line line = {.in = in, .f = f};
	struct map places = {0};
	struct hash head, body;
	int more;

	hash_init(&head);
	hash_init(&body);
	more = next_line(in, &head, &canonical, f);
	if (more == 0)
		more = fault_set(
		    f, FAULT_BAD, "%s: empty; even a plan of no items has a head", in->name);
	if (more > 0) {
		line.object = JTEXT(canonical.text);
		more = read_head(p, &line, c);
	}
	hash_end(&head, p->hash);
	while (more >= 0 && (more = next_line(in, &body, &canonical, f)) > 0) {
		hash_add(&body, "\n", 1);
		line.object = JTEXT(canonical.text);
		more = read_item(p, &line, &places);
	}
	map_done(&places);
	hash_end(&body, p->body_hash);
	str_done(&canonical);
	return more;
}

/* The limits are worked out again: a head that was edited loosens nothing. */
static int
check_claims(struct plan *p, const char *name, const struct claims *c, struct fault *f)
{
	struct str limits = STR_INIT, canonical = STR_INIT;
	int rc = 0;

	if ((int64_t)p->items.n != c->items)
		return fault_set(f, FAULT_REFUSED,
		    "%s: plan void: %zu items, and its head says %" PRId64, name, p->items.n,
		    c->items);
	if (strcmp(p->body_hash, c->body_hash) != 0)
		return fault_set(f, FAULT_REFUSED,
		    "%s: plan void: its items were changed after it was made", name);
	plan_arrange(p);
	plan_limits_json(&p->limits, &limits);
	if (jtext_canonical(limits.text, limits.len, &canonical, f) < 0)
		rc = -1;
	else if (strcmp(canonical.text, c->limits) != 0)
		rc = fault_set(f, FAULT_REFUSED,
		    "%s: plan void: its limits are not those of its workflow and policy", name);
	str_done(&limits);
	str_done(&canonical);
	return rc;
}

int
plan_read(struct plan *p, const char *path, struct fault *f)
{
	struct claims claims = {0};
	struct jsonl in;
	int rc;

	*p = (struct plan){0};
	if (jsonl_open(&in, path, f) < 0)
		return -1;
	rc = read_all(p, &in, &claims, f);
	if (rc == 0)
		rc = check_claims(p, in.name, &claims, f);
	claims_done(&claims);
	jsonl_close(&in);
	return rc;
}
