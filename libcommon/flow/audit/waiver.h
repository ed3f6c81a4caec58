/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waivers: findings that are tolerated, for one item or for those that a selector chooses, for
 * checks by a pattern; with a reason, an owner and mostly an end. Whoever acts on findings
 * honours them as whoever reports them does; when they have expired, the finding is back.
 */
#ifndef FLOW_WAIVER_H
#define FLOW_WAIVER_H

#include "base/str.h"
#include "base/vec.h"
#include "fleet/session.h"
#include "flow/shelf.h"

struct waiver {
	int64_t id;
	int64_t item;   /* 0: by selector */
	char *selector; /* as -l takes it; NULL without an item: every item */
	char *pattern;  /* of full check names, as the shell's: os-support/... */
	char *reason, *owner;
	int64_t created, expires, ended; /* 0: never, not */
};

void waiver_done(struct waiver *w);

/* Whether it holds at a time. */
int waiver_in_force(const struct waiver *w, int64_t now);

/*
 * Appends the record: kind id item (a ref) or labels, check reason owner at until ended state
 * ("in-force", "expired", "ended"). No newline.
 */
int waiver_to_json(
    struct session *s, const struct waiver *w, int64_t now, struct str *out, struct fault *f);

/* The state in words. */
const char *waiver_state(const struct waiver *w, int64_t now);

/*
 * Stores a waiver (id, owner and created are filled in) and puts it on the open findings that
 * it covers. In a transaction of the caller's. Returns how many those are, or -1.
 */
int64_t waiver_add(struct session *s, struct waiver *w, int64_t now, struct fault *f);

/* Ends one now; FAULT_BAD if there is none with this id that is in force. */
int waiver_end(struct session *s, int64_t id, int64_t now, struct fault *f);

/* All of the project, those that are over included only with all. */
struct waivers VEC_BODY(struct waiver);
int waiver_list(struct session *s, int all, int64_t now, struct waivers *out, struct fault *f);
void waivers_done(struct waivers *w);

/*
 * Those in force, with the items that each covers looked up once: for a run that asks of many
 * findings. waiver_of is the id of one that covers item (0: the fleet) and check, or 0.
 */
struct waiver_set;
struct waiver_set *waiver_set_new(struct session *s, int64_t now, struct fault *f);
int64_t waiver_of(const struct waiver_set *set, int64_t item, const char *check);
void waiver_set_free(struct waiver_set *set);

/*
 * FAULT_BAD with the near miss for a pattern that means no check: none that found something in
 * this project, none of the audits that ran in it, none of those on the shelf.
 */
int waiver_check_pattern(
    struct session *s, const char *pattern, const struct shelf *shelf, struct fault *f);

#endif
