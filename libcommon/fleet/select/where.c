/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/inside.h"

#include "fleet/expr/judge.h"
#include "fleet/expr/stored.h"
#include "fleet/ref.h"
#include "fleet/select/known.h"

static int
doubt(struct selection *sel, int64_t id, const struct fault *why, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = ref_of(sel->s, id, &ref, f);

	if (status == 0)
		status = select_doubt(sel, DOUBT_CONDITION, f, "%s: %s: %s", ref.text,
		    select_where_is(sel->o), why->text);
	str_done(&ref);
	return status;
}

/* 1 true, 0 not, also where it cannot be told, -1. */
static int
holds(struct selection *sel, struct judge *judge, struct stored *stored, const struct expr *where,
    int64_t id, struct fault *f)
{
	enum expr_truth truth;
	struct fault why;

	stored_move(stored, id);
	if (judge_run_truth(judge, where, stored_names(stored), &truth, &why) == 0)
		return truth == EXPR_TRUE;
	if (why.kind == FAULT_BAD)
		return doubt(sel, id, &why, f);
	*f = why;
	return -1;
}

int
select_check_vars(struct selection *sel, struct fault *f)
{
	char hint[NEAR_HINT];
	const char *key;

	for (size_t i = 0; sel->vars && (key = vars_key(sel->vars, i)); i++) {
		int known = known_variable(sel->s, key, NULL, hint, f);

		if (known < 0 || (!known && select_doubt(sel, DOUBT_WORD, f,
						"--vars: unknown variable %s%s", key, hint) < 0))
			return -1;
	}
	return 0;
}

int
select_vars(struct selection *sel, struct ids *ids, struct fault *f)
{
	struct stored *stored = stored_new(sel->s, STORED_ALL, f);
	size_t kept = 0;
	int found = stored ? 0 : -1;

	for (size_t i = 0; found >= 0 && i < ids->n; i++) {
		stored_move(stored, ids->v[i]);
		found = vars_hold(sel->vars, stored_names(stored), f);
		if (found == 1)
			ids->v[kept++] = ids->v[i];
	}
	ids->n = kept;
	stored_free(stored);
	return found < 0 ? -1 : 0;
}

int
select_where(struct selection *sel, const struct expr *where, struct ids *ids, struct fault *f)
{
	struct stored *stored = stored_new(sel->s, STORED_ALL, f);
	struct judge *judge = stored ? judge_new(f) : NULL;
	size_t kept = 0;
	int found = judge ? 0 : -1;

	for (size_t i = 0; found >= 0 && i < ids->n; i++) {
		found = holds(sel, judge, stored, where, ids->v[i], f);
		if (found == 1)
			ids->v[kept++] = ids->v[i];
	}
	ids->n = kept;
	judge_free(judge);
	stored_free(stored);
	return found < 0 ? -1 : 0;
}
