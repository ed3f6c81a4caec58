/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/report/report.h"

#include "base/when.h"
#include "fleet/ref.h"
#include "flow/audit/waiver.h"
#include "flow/report/inside.h"

#include <string.h>

const char *const report_changes[] = {
    [REPORT_STILL] = "still",
    [REPORT_NEW] = "new",
    [REPORT_BACK] = "back",
    [REPORT_GONE] = "gone",
    NULL,
};

static void
finding_free(struct report_finding *x)
{
	finding_done(&x->x);
	free(x->ref);
	free(x->name);
	free(x->why_waived);
	repairs_done(&x->repairs);
}

void
report_done(struct report *r)
{
	for (size_t i = 0; i < r->findings.n; i++)
		finding_free(&r->findings.v[i]);
	vec_done(&r->findings);
	report_done_audits(r);
	report_done_devices(r);
	free(r->project);
	*r = (struct report){0};
}

const struct report_audit *
report_audit_of(const struct report *r, const char *check)
{
	size_t len = strcspn(check, "/");

	for (size_t i = 0; i < r->audits.n; i++)
		if (strlen(r->audits.v[i].name) == len && !strncmp(r->audits.v[i].name, check, len))
			return &r->audits.v[i];
	return NULL;
}

const struct report_run *
report_newest(const struct report_audit *a)
{
	return a->runs.n ? &a->runs.v[a->runs.n - 1] : NULL;
}

/* ---- findings ---- */

struct reading {
	struct report *r;
	struct session *s;
	const struct waivers *waivers;
	struct fault fault;
};

static char *
why_waived(const struct waivers *all, int64_t id)
{
	char until[WHEN_TEXT];

	for (size_t i = 0; i < all->n; i++) {
		const struct waiver *w = &all->v[i];

		if (w->id != id)
			continue;
		return w->expires ? mem_printf("%s (%s, until %s)", w->reason, w->owner,
					when_second(w->expires, until))
				  : mem_printf("%s (%s)", w->reason, w->owner);
	}
	return mem_printf("waiver %lld", (long long)id);
}

static enum report_change
change_of(const struct report_audit *a, const struct finding *x)
{
	int64_t since = a ? a->since : 0;

	if (x->resolved)
		return REPORT_GONE;
	if (x->first_seen >= since)
		return REPORT_NEW;
	return x->opened >= since ? REPORT_BACK : REPORT_STILL;
}

/* "compute-0001" of "host:dfw/compute-0001": what people call it. */
static int
name_of(struct reading *reading, struct report_finding *x)
{
	struct str ref = STR_INIT;
	int status;

	if (!x->x.item) {
		x->name = mem_dup(x->x.subject);
		return 0;
	}
	status = ref_of(reading->s, x->x.item, &ref, &reading->fault);
	if (status == 0 && item_name(reading->s, x->x.item, &x->name, &reading->fault) < 0)
		status = -1;
	x->ref = str_take(&ref);
	if (!x->name)
		x->name = mem_dup(x->ref);
	return status;
}

/* The row is the caller's: what is kept of it is a copy. */
static void
copy(struct finding *to, const struct finding *from)
{
	*to = *from;
	to->subject = mem_dup(from->subject);
	to->check = mem_dup(from->check);
	to->expected = from->expected ? mem_dup(from->expected) : NULL;
	to->observed = from->observed ? mem_dup(from->observed) : NULL;
	to->message = from->message ? mem_dup(from->message) : NULL;
	to->remedy = from->remedy ? mem_dup(from->remedy) : NULL;
	to->domain = from->domain ? mem_dup(from->domain) : NULL;
}

static void
count(struct report *r, struct report_audit *a, const struct report_finding *x)
{
	enum verdict status = finding_status(&x->x);

	r->changes[x->change]++;
	if (x->change == REPORT_GONE)
		return;
	if (status == VERDICT_WAIVED) {
		r->waived++;
		a->waived++;
		return;
	}
	r->found[x->x.severity]++;
	a->found[x->x.severity]++;
	r->unknown += status != VERDICT_FAIL;
}

/* finding_each's: one that was resolved before the time of comparison is no news. */
static int
add(const struct finding *found, void *ctx)
{
	struct reading *reading = ctx;
	const struct report_audit *of = report_audit_of(reading->r, found->check);
	struct report_finding *x;

	if (!of || (found->resolved && found->resolved < of->since))
		return 0;
	x = vec_add(&reading->r->findings);
	copy(&x->x, found);
	x->change = change_of(of, found);
	if (finding_status(found) == VERDICT_WAIVED)
		x->why_waived = why_waived(reading->waivers, found->waiver);
	count(reading->r, &reading->r->audits.v[of - reading->r->audits.v], x);
	if (x->x.attempts &&
	    repair_list(reading->s, x->x.item, x->x.id, &x->repairs, &reading->fault) < 0)
		return -1;
	return name_of(reading, x);
}

/* The gravest first; what is waived or gone after what counts. */
static int
by_weight(const void *a, const void *b)
{
	const struct report_finding *x = a, *y = b;
	int order = report_counts(y) - report_counts(x);

	if (!order)
		order = (int)y->x.severity - (int)x->x.severity;
	if (!order)
		order = strcmp(x->x.check, y->x.check);
	if (!order)
		order = strcmp(x->name, y->name);
	return order ? order : (x->x.id > y->x.id) - (x->x.id < y->x.id);
}

static int
read_findings(struct report *r, struct session *s, const struct report_options *o, struct fault *f)
{
	struct waivers waivers = {0};
	struct reading reading = {r, s, &waivers, {0}};
	struct finding_filter filter = {
	    .at_least = o->at_least, .check = o->check, .items = o->items};
	int status = waiver_list(s, 0, r->at, &waivers, f);

	if (status == 0)
		status = finding_each(s, &filter, r->at, add, &reading, f);
	/* A callback's failure has its reason with the callback. */
	if (status < 0 && reading.fault.kind != FAULT_NONE)
		*f = reading.fault;
	waivers_done(&waivers);
	vec_sort(&r->findings, by_weight);
	return status < 0 ? -1 : 0;
}

static int
read_all(struct report *r, struct session *s, const struct report_options *o, struct fault *f)
{
	return report_read_audits(r, s, o, f) < 0 || read_findings(r, s, o, f) < 0 ||
		       report_read_devices(r, s, o, f) < 0
		   ? -1
		   : 0;
}

int
report_read(struct report *r, struct session *s, const struct report_options *o, struct fault *f)
{
	int status;

	*r = (struct report){.at = when_now(), .since = o->since, .by = o->by};
	r->project = mem_dup(s->project_name);
	if (db_snapshot(s->db, f) < 0)
		return -1;
	status = read_all(r, s, o, f);
	db_rollback(s->db);
	return status;
}
