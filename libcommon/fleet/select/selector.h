/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Label selectors, by Kubernetes' grammar (its labels.Parse): requirements with commas
 * between, all of which must hold.
 *
 *	cabinet=a12  cabinet==a12     carries the label cabinet=a12
 *	cabinet!=a12                  does not; also true without any label of that key
 *	service in (compute,storage)  carries one of these
 *	service notin (compute)       carries none of these
 *	cabinet                       carries a label of that key
 *	!maintenance                  carries none
 *
 * A label is a text; up to its first "=" it is the key, behind it the value, which is empty
 * in a label without "=". A value may be several words, and stand in quotes, which Kubernetes
 * does not have: places have such names. The keys kind, region, cell, cloud and name mean the
 * item's attribute instead of a label.
 */
#ifndef FLEET_SELECTOR_H
#define FLEET_SELECTOR_H

#include "base/vec.h"
#include "fleet/session.h"

struct selector;

/* FAULT_BAD with the column and what is wrong; an empty selector is wrong. */
struct selector *selector_new(const char *text, struct fault *f);
void selector_free(struct selector *sel);

/*
 * Appends the ids of the living items that match, ascending. Labels and the project itself are
 * left out unless the selector asks for a kind or a name: they say how items are grouped. doubt is
 * called with a sentence for each item for which the rule of a label that is asked for cannot be
 * told; such an item does not match. NULL: it is passed over. doubt returns -1 to stop.
 */
enum selector_with {
	SELECTOR_RETIRED = 1, /* retired items, too */
	SELECTOR_PLAIN = 2,   /* only labels that sources give: for rules themselves */
};
struct selector_doubts {
	int (*call)(const char *text, void *ctx, struct fault *f);
	void *ctx;
};
int selector_items(struct session *s, const struct selector *sel, int with,
    const struct selector_doubts *doubts, struct ids *out, struct fault *f);

/* Whether one item matches: 1, 0, -1; FAULT_BAD where a rule cannot be told. */
int selector_has(struct session *s, const struct selector *sel, int64_t item, struct fault *f);

/*
 * Calls unknown with a sentence for each label key, kind and place in it that the inventory does
 * not know: "unknown label cabnet; did you mean "cabinet"?". Returns their number, or -1.
 */
int selector_check(struct session *s, const struct selector *sel,
    void (*unknown)(const char *text, void *ctx), void *ctx, struct fault *f);

/* ---- for selector_parse.c, selector_items.c and selector.c ---- */

/* What a key is about. */
enum selector_about { ABOUT_LABEL, ABOUT_KIND, ABOUT_NAME, ABOUT_REGION, ABOUT_CELL, ABOUT_CLOUD };

struct requirement {
	char *key;
	enum selector_about about;
	int negated;
	int any; /* of whatever value; then there are no values */
	struct words values;
};

struct selector {
	VEC(struct requirement) requirements;
};

/* Building one: the requirements of another, one kind, a label of that key or text. */
void selector_add(struct selector *to, const struct selector *from);
void selector_add_kind(struct selector *to, const char *kind);
void selector_add_label(struct selector *to, const char *key);
void selector_clear(struct selector *sel);

/* The column of table item, and the kind, of a place; NULL for what is none. */
const char *selector_place(enum selector_about about);

/* Whether a label of this text is one that a requirement about labels names. */
int selector_label(const struct requirement *r, const char *text);

/* Whether an item of this kind can match. */
int selector_kind(const struct selector *sel, const char *kind);

#endif
