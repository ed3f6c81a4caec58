/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/silence.h"

#include "base/when.h"
#include "fleet/document.h"
#include "fleet/resolve.h"
#include "fleet/source.h"
#include "fleet/sources/staleness.h"

#include <inttypes.h>
#include <string.h>

/* An item's variables: several checks in a row ask of the same one. */
struct silence_item {
	int64_t id;
	struct resolution variables;
};

/* ---- the sources ---- */

static const struct source *
stale_source(const struct silence *x, int64_t id)
{
	for (size_t i = 0; i < x->stale->n; i++)
		if (x->stale->v[i].id == id && x->stale->v[i].stale)
			return &x->stale->v[i];
	return NULL;
}

int
silence_open(struct silence *x, struct session *s, struct fault *f)
{
	int some = 0;

	*x = (struct silence){.s = s};
	if (staleness_judge(s, f) < 0)
		return -1;
	x->stale = mem_zero(1, sizeof(*x->stale));
	if (source_list(s, x->stale, f) < 0)
		return -1;
	for (size_t i = 0; i < x->stale->n; i++)
		some |= x->stale->v[i].stale;
	if (!some)
		silence_done(x);
	return 0;
}

static void
forget_item(struct silence *x)
{
	if (x->asked)
		resolution_done(&x->asked->variables);
	free(x->asked);
	x->asked = NULL;
}

void
silence_done(struct silence *x)
{
	forget_item(x);
	if (x->stale)
		sources_done(x->stale);
	free(x->stale);
	x->stale = NULL;
}

/* ---- the variables of an item ---- */

static int
ask_item(struct silence *x, int64_t id, struct fault *f)
{
	struct item i;
	int found;

	if (x->asked && x->asked->id == id)
		return 0;
	forget_item(x);
	x->asked = mem_zero(1, sizeof(*x->asked));
	x->asked->id = id;
	found = item_get(x->s, id, &i, f);
	if (found < 1)
		return found;
	found = resolve_item(x->s, &i, NULL, 0, &x->asked->variables, f) < 0 ? -1 : 0;
	item_done(&i);
	return found;
}

static int
by_key(const void *key, const void *of)
{
	return strcmp(key, ((const struct resolved_key *)of)->key);
}

/* Of the variables that an expression names the first that a stale source stands for, or NULL. */
static char *
reason(const struct silence *x, const struct expr *e, const struct resolution *variables)
{
	const struct words *names = e ? expr_variables(e) : NULL;
	char seen[WHEN_TEXT];

	for (size_t i = 0; names && variables->keys.n && i < names->n; i++) {
		const struct resolved_key *found = bsearch(
		    names->v[i], variables->keys.v, variables->keys.n, sizeof(*found), by_key);
		const struct source *by =
		    found ? stale_source(x, found->candidates.v[0].source) : NULL;

		if (by)
			return mem_printf("%s is of source %s, which is stale: silent since %s",
			    names->v[i], by->name, when_second(by->seen, seen));
	}
	return NULL;
}

int
silence_of(struct silence *x, const struct check *c, int64_t item, char **why, struct fault *f)
{
	*why = NULL;
	if (!x->stale)
		return 0;
	if (ask_item(x, item, f) < 0)
		return -1;
	*why = reason(x, c->when_expr, &x->asked->variables);
	if (!*why)
		*why = reason(x, c->expect_expr, &x->asked->variables);
	return *why != NULL;
}

/* ---- the scope ---- */

/* The best source that reports the item, which is stale only if all of them are; NULL. */
static int
reporter(struct silence *x, int64_t item, const struct source **out, struct fault *f)
{
	/* hot: each item of a scope, where a source is stale */
	static const char sql[] =
	    "SELECT o.id FROM document AS d JOIN source AS o ON o.id = d.id - $1"
	    " WHERE d.id BETWEEN $1 AND $1 + 4095 AND d.attributes <> '{}'"
	    " ORDER BY o.stale, o.rank, o.id LIMIT 1";
	int64_t id = 0;
	int found = db_get_int(x->s->db, &id, f, sql, "i", DOCUMENT_ID(item, (int64_t)0));

	*out = found == 1 ? stale_source(x, id) : NULL;
	return found < 0 ? -1 : 0;
}

int
silence_scope(struct silence *x, const struct ids *scope, char **out, struct fault *f)
{
	const struct source *by, *first = NULL;
	char seen[WHEN_TEXT];
	int64_t n = 0;

	*out = NULL;
	for (size_t i = 0; x->stale && i < scope->n; i++) {
		if (reporter(x, scope->v[i], &by, f) < 0)
			return -1;
		n += by != NULL;
		if (by && !first)
			first = by;
	}
	if (first)
		*out = mem_printf("%" PRId64 " of %zu items are reported by stale sources alone: "
				  "%s is silent since %s",
		    n, scope->n, first->name, when_second(first->seen, seen));
	return 0;
}
