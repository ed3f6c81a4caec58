/* SPDX-License-Identifier: Apache-2.0 */
/* A selection while it is made: for the modules of fleet/select only. */
#ifndef FLEET_SELECT_INSIDE_H
#define FLEET_SELECT_INSIDE_H

#include "fleet/select/feed.h"
#include "fleet/select/select.h"
#include "fleet/select/vars.h"

/* Doubts of one sort are told this often; then only counted. */
#define SELECT_TOLD 5

enum select_doubt { DOUBT_WORD, DOUBT_LINE, DOUBT_NAME, DOUBT_CONDITION, DOUBTS };

struct selection {
	struct session *s;
	const struct select_options *o;
	enum select_purpose purpose;
	void (*warn)(const char *text, void *ctx);
	void *ctx;
	unsigned long told[DOUBTS];
	struct vars *vars; /* --vars, or NULL */
	int more_names;    /* than were counted: a list was not walked to its end */
};

/*
 * Something about the selection is doubtful: a warning when reading (returns 0), the fault
 * when acting (returns -1).
 */
int select_doubt(struct selection *sel, enum select_doubt sort, struct fault *f, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));

/* Says how many doubts were only counted. */
void select_end_doubts(struct selection *sel);

/* Whether something was passed over: a word that nothing knows only chooses nothing. */
int select_has_doubts(const struct selection *sel);

/* Lines of names, refs and records on stdin, as what ref_find reads. */
int select_read_stdin(struct selection *sel, struct feed_words *out, struct fault *f);

/* The items that the words name. */
int select_named(
    struct selection *sel, const struct feed_words *words, struct ids *out, struct fault *f);

/* The items whose names are on a host list. */
int select_listed(
    struct selection *sel, const char *option, const char *list, struct ids *out, struct fault *f);

/* What messages call the expression. */
static inline const char *
select_where_is(const struct select_options *o)
{
	return o->where_is ? o->where_is : "--where";
}

/* Keeps those for which --vars holds; and tells of variables in it that nothing has. */
int select_vars(struct selection *sel, struct ids *ids, struct fault *f);
int select_check_vars(struct selection *sel, struct fault *f);

/* Keeps those for which the expression is true. */
struct expr;
int select_where(struct selection *sel, const struct expr *where, struct ids *ids, struct fault *f);

#endif
