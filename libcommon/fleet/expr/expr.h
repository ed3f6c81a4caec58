/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one expression language: SQL's expression syntax with types that never mix, because
 * plain SQL says 'n/a' >= 512 is true. One parser and one evaluator; only where names come
 * from differs (a subject in memory, an item in the database), so that the same text has the
 * same answer everywhere. The language is described in craton-expr(7).
 *
 * Values: null, true/false, integer, real, text, and JSON arrays and objects. Comparing
 * different types, or a scalar with an object, is an error that names both. A missing value
 * is NULL and NULL is unknown. No expression takes more than two seconds or 16 MiB.
 *
 * Names: a variable bare (ram_gb; os.release.version and disks[0].size reach inside;
 * var."odd key"), attributes item.name item.kind item.region item.cell item.cloud item.parent
 * item.ip_address item.device_type item.active item.note item.named item.ref and any other
 * attribute as item.NAME; label('cabinet') is a label's value, has('compute') whether it is
 * carried, labels('vlan') an array of all values.
 */
#ifndef FLEET_EXPR_H
#define FLEET_EXPR_H

#include "base/str.h"
#include "base/vec.h"
#include "fleet/item.h"

#define EXPR_LONGEST 65536 /* bytes of text */

enum expr_type { EXPR_NULL, EXPR_BOOL, EXPR_INT, EXPR_REAL, EXPR_TEXT, EXPR_JSON };

struct expr_value {
	enum expr_type type;
	int64_t i; /* EXPR_BOOL, EXPR_INT */
	double d;
	char *text; /* EXPR_TEXT, EXPR_JSON (canonical) */
};

void expr_value_done(struct expr_value *v);

enum expr_truth { EXPR_FALSE, EXPR_TRUE, EXPR_UNKNOWN };

/* Checked and ready. what names it in messages: "kernel.yaml:12: checks[0].expect". */
struct expr;
struct expr *expr_new(const char *what, const char *text, struct fault *f);
void expr_free(struct expr *e);

/* The variables (top-level keys) and attributes it names, each once: for plans and near misses. */
const struct words *expr_variables(const struct expr *e);
const struct words *expr_attributes(const struct expr *e);
const struct words *expr_labels(const struct expr *e); /* keys in label() and has() */

/*
 * FAULT_BAD with the near miss if a variable is neither in the database's dictionary of keys
 * nor among known (may be NULL); a label or attribute likewise.
 */
int expr_check_names(
    const struct expr *e, struct session *s, const struct words *known, struct fault *f);

/*
 * What an expression sees. Resolved variables as a canonical object; attributes as one, names
 * not ids; labels as their texts. Built from an item, or from an example in a definition.
 */
struct expr_subject {
	char *variables;
	char *attributes;
	struct words labels;
};

int expr_subject_of(
    struct session *s, const struct item *i, struct expr_subject *out, struct fault *f);
void expr_subject_done(struct expr_subject *subject);

/* What an evaluation needs; one can judge any number of expressions, one at a time. */
struct judge;
struct judge *judge_new(struct fault *f);
void judge_free(struct judge *j);

/* 0, or -1 with FAULT_BAD: the reason, such as "compares text 'n/a' with number 512". */
int judge_value(struct judge *j, const struct expr *e, const struct expr_subject *subject,
    struct expr_value *out, struct fault *f);

/* The same for a condition: another value than true, false and NULL is FAULT_BAD too. */
int judge_truth(struct judge *j, const struct expr *e, const struct expr_subject *subject,
    enum expr_truth *out, struct fault *f);

/* Why a result is NULL: the first variable or attribute it names that has no value; "" if none. */
const char *judge_missing(const struct expr *e, const struct expr_subject *subject);

#endif
