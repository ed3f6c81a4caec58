/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/wants.h"

#include <inttypes.h>

/* A repair that looks at nothing before and after cannot tell what it has done. */
int
wants_proof(const struct plan *p, int findings, struct fault *f)
{
	if (!findings || p->workflow.proof_kind != PROOF_NONE ||
	    !policy_number(&p->policy, LIMIT_PROOF))
		return 0;
	return fault_set(f, FAULT_REFUSED,
	    "refused: workflow %s repairs findings and proves nothing (proof: none), and the"
	    " policy wants proof, by %s",
	    p->workflow.name, p->policy.values[LIMIT_PROOF].from);
}

/* Names move from machine to machine: what cannot be taken back wants the machine's own word. */
int
wants_identity(const struct plan *p, struct fault *f)
{
	const struct step *step = workflow_unproved(&p->workflow);

	if (!step || !policy_number(&p->policy, LIMIT_IDENTITY))
		return 0;
	return fault_set(f, FAULT_REFUSED,
	    "refused: step %s of workflow %s is irreversible, and no step with the action identity"
	    " comes before it; the policy wants that (identity), by %s",
	    step->name, p->workflow.name, p->policy.values[LIMIT_IDENTITY].from);
}

/* ---- a second person ---- */

static const struct policy_value *
value(const struct plan *p, enum limit l)
{
	return &p->policy.values[l];
}

static void
want_for_size(const struct plan *p, struct words *why)
{
	int64_t most = policy_number(&p->policy, LIMIT_APPROVE_ITEMS);

	if ((int64_t)p->items.n > most)
		vec_push(why, mem_printf("%zu items > approve_items %" PRId64, p->items.n, most));
}

static void
want_for_loosened(const struct plan *p, struct words *why)
{
	char is[LIMIT_TEXT], was[LIMIT_TEXT];

	for (int l = 0; l < LIMITS && value(p, LIMIT_APPROVE_LOOSENED)->is; l++) {
		const struct policy_value *v = value(p, (enum limit)l);

		if (v->is_loosened)
			vec_push(why, mem_printf("%s is loosened: %s, not %s", limit_table[l].name,
					  limit_text((enum limit)l, v->is, is),
					  limit_text((enum limit)l, v->was, was)));
	}
}

/*
 * Whether the undo of a step has ever ended well: of this very workflow, for an edited one is
 * another. 1, 0, -1.
 */
static int
undo_was_tried(struct session *s, const struct plan *p, size_t step, struct fault *f)
{
	static const char sql[] =
	    "SELECT EXISTS (SELECT 1 FROM run AS r JOIN step AS s ON s.run = r.id WHERE"
	    " r.project = $1 AND r.workflow = $2 AND r.definition = $3 AND s.step = $4 AND"
	    " s.state = 'undone')";
	int64_t was = 0;

	if (db_get_int(s->db, &was, f, sql, "issi", s->project, p->workflow.name, p->workflow.json,
		(int64_t)step) < 0)
		return -1;
	return was != 0;
}

static int
want_for_step(struct session *s, const struct plan *p, size_t i, struct words *why, struct fault *f)
{
	const struct step *step = &p->workflow.steps.v[i];
	int tried = 1;

	if (step->irreversible)
		vec_push(why, mem_printf("step %s is irreversible", step->name));
	else if (step->undo.argv.n && (tried = undo_was_tried(s, p, i, f)) == 0)
		vec_push(why, mem_printf("the undo of step %s has never been tried", step->name));
	return tried < 0 ? -1 : 0;
}

int
wants_second(struct session *s, const struct plan *p, struct words *why, struct fault *f)
{
	int rc = 0;

	if (!p->items.n)
		return 0;
	want_for_size(p, why);
	want_for_loosened(p, why);
	for (size_t i = 0; i < p->workflow.steps.n && rc == 0; i++)
		if (value(p, LIMIT_APPROVE_IRREVERSIBLE)->is)
			rc = want_for_step(s, p, i, why, f);
	return rc;
}
