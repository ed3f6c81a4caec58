/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Choosing items, the same way in all tools: names and refs as operands or on stdin, -l label
 * selectors, -w/-x host lists, --where expressions, --vars, --kind, --all; all of them together
 * (AND), -x taken away. One module, so that a selection means the same everywhere.
 */
#ifndef FLEET_SELECT_H
#define FLEET_SELECT_H

#include "base/vec.h"
#include "fleet/select/selector.h"
#include "fleet/session.h"
#include "io/args.h"

struct select_options {
	const char *labels;         /* -l 'cabinet=a12,service in (compute,storage),!maintenance' */
	const char *with, *without; /* -w, -x: host lists of names */
	const char *vars;           /* PATH:VALUE,...: see vars.h */
	const char *where;          /* an expression, see craton-expr(7) */
	const char *where_is;       /* what messages call it; NULL: --where */
	const char *kind;
	int all, retired;
};

/* SELECT_OPTIONS are for verbs to which --all means everything. */
#define SELECT_NARROWING(o)                                                                        \
	{'l', "labels", "SELECTOR", ARGS_ONCE, &(o)->labels,                                       \
	    "items whose labels match: cabinet=a12,!maintenance"},                                 \
	    {'w', "with", "LIST", ARGS_ONCE, &(o)->with, "these names: compute-[001-100],db1"},    \
	    {'x', "without", "LIST", ARGS_ONCE, &(o)->without, "but not these names"},             \
	    {0, "where", "EXPR", ARGS_ONCE, &(o)->where,                                           \
		"items for which it is true: ram_gb >= 512"},                                      \
	    {0, "vars", "PATH:VALUE,...", ARGS_ONCE, &(o)->vars,                                   \
		"items with these variables: nics[*].speed:25"},                                   \
	{                                                                                          \
		0, "kind", "KIND", ARGS_ONCE, &(o)->kind, "only this kind"                         \
	}
#define SELECT_OPTIONS(o)                                                                          \
	SELECT_NARROWING(o),                                                                       \
	{                                                                                          \
		0, "all", NULL, ARGS_FLAG, &(o)->all,                                              \
		    "everything; acting commands want it spelled out"                              \
	}

/* For verbs that can do with retired items. */
#define SELECT_RETIRED(o)                                                                          \
	{                                                                                          \
		0, "retired", NULL, ARGS_FLAG, &(o)->retired, "retired items too"                  \
	}

/* Whether any of them narrows what is chosen. */
static inline int
select_narrows(const struct select_options *o)
{
	return o->labels || o->with || o->without || o->where || o->vars || o->kind;
}

/* Whether any of them was given: a verb then takes its operands for something else. */
static inline int
select_given(const struct select_options *o)
{
	return select_narrows(o) || o->all;
}

enum select_purpose {
	SELECT_TO_READ, /* nothing chosen: everything. Unknown words are warnings */
	SELECT_TO_ACT,  /* nothing chosen, nothing found, unknown words: FAULT_BAD */
};

/*
 * The ids of the living items of the session's project that match, in order of id; retired
 * ones too with o->retired. Labels and the project itself are left out unless they are named
 * or their kind is asked for: they say how items are grouped.
 *
 * names: operands, n of them; "-" reads names, refs or records from stdin (a finding counts as
 * the item it is about), and so does no operand and no option when acting and stdin is a
 * pipe or a file: see feed.h. An item for which --where cannot be told, because types do not fit,
 * is not chosen.
 *
 * When reading, warn is called with each unknown word and its near miss, each bad line, each
 * name that is no one item's, and each item that --where cannot be told for, up to a few of a
 * sort. When acting the first of them is the fault. The database is read in one snapshot, taken
 * after stdin has ended.
 *
 * 0; 1 when reading and a line, a name or an item was passed over: exit status 1 at the end.
 */
int select_items(struct session *s, const struct select_options *o, char *const *names, int n,
    enum select_purpose purpose, void (*warn)(const char *text, void *ctx), void *ctx,
    struct ids *out, struct fault *f);

#endif
