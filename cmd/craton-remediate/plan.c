/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_note.h"
#include "remediate.h"
#include "replan.h"

#include "base/report.h"
#include "base/when.h"
#include "fleet/select/select.h"
#include "flow/people/remedy.h"
#include "flow/plan/action.h"
#include "flow/plan/freeze.h"
#include "io/file.h"
#include "io/output.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct plan_options {
	struct session_options base;
	struct select_options chosen;
	int64_t life; /* -1: not said */
	const char *show, *from, *diff;
	struct words tighter, looser; /* NAME=VALUE */
};

static int
show(const char *path, struct fault *f)
{
	struct str out = STR_INIT;
	struct plan p;
	int status = plan_read(&p, path, f);

	if (status == 0) {
		draw_plan(&p, &out);
		output_text(&out);
		status = file_end_output(f);
	}
	plan_done(&p);
	str_done(&out);
	return status;
}

/* Findings or items on stdin, if nothing else says what to repair. */
static int
read_stream(struct intake *in, const char *workflow, struct fault *f)
{
	struct jsonl from;
	int rc = jsonl_open(&from, NULL, f);

	if (rc == 0)
		rc = intake_read(in, &from, workflow, remediate_warn, NULL, f);
	if (rc == 0 && !in->findings && !in->items.n)
		rc = fault_set(f, FAULT_BAD, "stdin: no findings and no items");
	jsonl_close(&from);
	return rc;
}

static int
choose(struct session *s, const struct plan_options *o, char **names, int n, struct intake *in,
    struct fault *f)
{
	struct ids ids = {0};
	int rc =
	    select_items(s, &o->chosen, names, n, SELECT_TO_ACT, remediate_warn, NULL, &ids, f);

	for (size_t i = 0; i < ids.n; i++)
		intake_add(in, ids.v[i]);
	vec_done(&ids);
	return rc;
}

/* What the items were chosen by is checked again when they are admitted. */
static char *
selection(const struct select_options *o)
{
	struct str out = STR_INIT;

	if (!select_narrows(o))
		return NULL;
	jtext_open(&out);
	jtext_text(&out, "kind", o->kind);
	jtext_text(&out, "labels", o->labels);
	jtext_text(&out, "vars", o->vars);
	jtext_text(&out, "where", o->where);
	jtext_text(&out, "with", o->with);
	jtext_text(&out, "without", o->without);
	jtext_close(&out);
	return str_take(&out);
}

static int
open_workflow(struct plan *p, const char *called, struct fault *f)
{
	char *path = NULL, *real = NULL;
	int rc;

	if (!strcmp(called, "-"))
		return fault_set(f, FAULT_USAGE,
		    "plan: the workflow has to be a file: the plan is void when that changes");
	rc = workflow_open(&p->workflow, called, &path, remediate_warn, NULL, f);
	if (rc == 0)
		rc = actions_check(&p->workflow, path, f);
	if (rc == 0 && !(real = realpath(path, NULL)))
		rc = fault_errno(f, "%s", path);
	p->file = real;
	free(path);
	return rc;
}

static int
settle_life(const struct plan_options *o, struct plan *p, struct fault *f)
{
	const struct policy_value *most = &p->policy.values[LIMIT_PLAN_LIFE];
	char life[24], text[24];

	p->life = o->life >= 0 ? o->life : PLAN_LIFE < most->is ? PLAN_LIFE : most->is;
	if (p->life <= most->is)
		return 0;
	num_duration_text(o->life, life);
	return fault_set(f, FAULT_REFUSED,
	    "refused: --life %s > plan_life %s, by %s; --loosen plan_life=%s -m REASON asks for "
	    "that",
	    life, num_duration_text(most->is, text), most->from, life);
}

/* What is in force, and what the command line says to it. */
static int
settle_policy(struct session *s, const struct plan_options *o, struct plan *p, struct fault *f)
{
	int rc = remediate_policy_open(s, &p->policy, f);

	for (size_t i = 0; i < o->tighter.n && rc == 0; i++)
		rc = policy_tighten(&p->policy, o->tighter.v[i], f);
	for (size_t i = 0; i < o->looser.n && rc == 0; i++)
		rc = policy_loosen(&p->policy, o->looser.v[i], f);
	return rc == 0 ? settle_life(o, p, f) : -1;
}

static int
freeze(struct session *s, const struct plan_options *o, char **names, int n, struct intake *in,
    struct plan *p, struct fault *f)
{
	int rc = settle_policy(s, o, p, f);
	char *where;

	if (rc == 0)
		rc = db_snapshot(s->db, f);
	if (rc == 0 && !o->from && (n || select_given(&o->chosen)))
		rc = choose(s, o, names, n, in, f);
	p->project = mem_dup(s->project_name);
	p->actor = session_actor();
	p->reason = mem_dup(o->base.reason);
	p->made = when_now();
	p->audit = mem_dup(in->audit);
	if (!o->from)
		p->selection = selection(&o->chosen);
	where = jtext_plain_dup(jtext_member(JTEXT(p->selection ? p->selection : "{}"), "where"));
	if (rc == 0)
		rc = freeze_plan(s, in, where, p->made, p, f);
	free(where);
	db_rollback(s->db);
	return rc;
}

/* A healthy fleet gives an empty plan, silently; items that were named and all left out do not. */
static int
check_not_empty(const struct intake *in, const struct plan *p, struct fault *f)
{
	struct str left = STR_INIT;

	if (p->items.n || in->findings)
		return 0;
	str_reset(&left);
	intake_left_text(in, &left);
	fault_set(f, FAULT_BAD, "nothing to plan: %s", left.text);
	str_done(&left);
	return -1;
}

static int
print(struct plan *p, const struct intake *in, const struct remedy *r, struct fault *f)
{
	struct str out = STR_INIT;

	plan_write(p, &out);
	fwrite(out.text, 1, out.len, stdout);
	str_reset(&out);
	intake_left_text(in, &out);
	if (p->items.n)
		plan_note(p, r);
	if (out.len)
		report_note("left out: %s", out.text);
	str_done(&out);
	return file_end_output(f);
}

/* Nothing else says what to repair. */
static int
is_stream(const struct plan_options *o, char **words, int n)
{
	return !select_given(&o->chosen) && (n == 1 || (n == 2 && !strcmp(words[1], "-")));
}

/* The workflow as it is now, for the items of an older plan. */
static int
read_old(const struct plan_options *o, struct intake *in, struct plan *p, struct fault *f)
{
	struct plan old = {0};
	int rc = plan_read(&old, o->from, f);

	if (rc == 0)
		rc = open_workflow(p, old.file, f);
	if (rc == 0)
		rc = replan_intake(&old, o->chosen.without, in, f);
	p->selection = mem_dup(old.selection);
	plan_done(&old);
	return rc;
}

static int
plan(const struct plan_options *o, char **words, int n, struct fault *f)
{
	struct intake in = {0};
	struct plan p = {0};
	struct session s = {0};
	struct remedy r = {0};
	int is_known = o->from || is_stream(o, words, n);
	int rc = o->from ? read_old(o, &in, &p, f) : open_workflow(&p, words[0], f);

	if (rc == 0 && is_known && n == 1 && isatty(STDIN_FILENO))
		rc = fault_set(f, FAULT_USAGE,
		    "plan: for which items? findings on stdin, names, -l, -w, --kind, --where or "
		    "--all");
	if (rc == 0 && is_known && !o->from)
		rc = read_stream(&in, p.workflow.name, f);
	if (rc == 0)
		rc = session_open(&s, &o->base, DB_READ, f);
	if (rc == 0)
		rc = freeze(&s, o, words + 1, is_known ? 0 : n - 1, &in, &p, f);
	if (rc == 0)
		rc = remedy_read(&s, p.workflow.name, when_now(), &r, f);
	if (rc == 0)
		rc = plan_note_second(&s, &p, f);
	session_close(&s);
	if (rc == 0)
		rc = check_not_empty(&in, &p, f);
	if (rc == 0 && p.items.n)
		rc = plan_note_hours(&p, f);
	if (rc == 0)
		rc = print(&p, &in, &r, f);
	if (rc == 0 && in.bad)
		rc = 1;
	plan_done(&p);
	intake_done(&in);
	return rc;
}

/* Other than by -x. */
static int
chooses(const struct select_options *o)
{
	struct select_options rest = *o;

	rest.without = NULL;
	return select_given(&rest);
}

static int
check_usage(const struct plan_options *o, int n, struct fault *f)
{
	if (n == 0 && !o->from)
		return fault_set(f, FAULT_USAGE, "plan: WORKFLOW is wanted");
	if (o->from && (n || chooses(&o->chosen)))
		return fault_set(f, FAULT_USAGE,
		    "plan --from: the workflow and the items are the plan's; only -x is wanted");
	if (o->life == 0)
		return fault_set(f, FAULT_USAGE, "plan: --life: a plan of no life is void at once");
	if (o->looser.n && (!o->base.reason || !*o->base.reason))
		return fault_set(f, FAULT_USAGE, "plan --loosen: -m REASON is wanted");
	return 0;
}

static int
carry_out(const struct plan_options *o, char **words, int n, struct fault *f)
{
	if (o->show)
		return show(o->show, f);
	if (o->diff && n != 1)
		return fault_set(f, FAULT_USAGE, "plan --diff OLD: one other plan is wanted");
	if (o->diff)
		return replan_diff(o->diff, words[0], f);
	return check_usage(o, n, f) < 0 ? -1 : plan(o, words, n, f);
}

int
remediate_plan(int argc, char **argv)
{
	struct plan_options o = {.life = -1};
	const struct args_opt own[] = {
	    {0, "life", "TIME", ARGS_DURATION, &o.life, "how long the plan may be run; 1d"},
	    {0, "limit", "NAME=VALUE", ARGS_TEXTS, &o.tighter, "a stricter limit, see policy"},
	    {0, "loosen", "NAME=VALUE", ARGS_TEXTS, &o.looser, "a looser one; -m says why"},
	    {0, "from", "PLAN", ARGS_TEXT, &o.from, "what an older plan is for, but for -x, anew"},
	    {0, "diff", "PLAN", ARGS_TEXT, &o.diff, "print how another plan differs from this one"},
	    {0, "show", "FILE", ARGS_TEXT, &o.show, "print a plan for people instead; - is stdin"},
	    SESSION_REASON(&o.base), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&o.chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&o.base), {0}};
	const struct args args = {"plan [options] WORKFLOW [ITEM ...]",
	    "Freeze a workflow and its items into a plan, on stdout.",
	    "craton-audit run kernel | craton-remediate plan reboot >tonight.plan\n"
	    "craton-remediate plan reboot -l cabinet=a12 >a12.plan",
	    own, shared, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	report_level(o.base.quiet ? -1 : o.base.verbose);
	if (status > 0)
		return 0; /* the help is printed */
	if (status == 0)
		status = carry_out(&o, argv + 1, n, &f);
	words_done(&o.tighter);
	words_done(&o.looser);
	return status < 0 ? report_fault(&f) : status;
}
