/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document: all that one source says of one item, its layer. Attributes and variables are
 * canonical JSON objects; in attributes, "cloud", "region", "cell" and "parent" are item ids,
 * so that a rename elsewhere changes nothing here. Labels are label items.
 */
#ifndef FLEET_DOCUMENT_H
#define FLEET_DOCUMENT_H

#include "base/hash.h"
#include "base/str.h"
#include "base/vec.h"
#include "fleet/session.h"

struct edge {
	char *type;
	int64_t dst;
};

struct edges VEC_BODY(struct edge);

struct document {
	int64_t item, source;
	char *attributes;   /* "{}" at least */
	char *variables;    /* "{}" at least */
	struct ids labels;  /* ascending, each once */
	struct edges edges; /* by type, then dst; each once */
};

#define DOCUMENT_ID(item, source) ((item)*4096 + (source))
#define DOCUMENT_ITEM(id) ((id) / 4096)
#define DOCUMENT_SOURCE(id) ((id) % 4096)

void document_init(struct document *d, int64_t item, int64_t source);
void document_done(struct document *d);

/* 1 found, 0: that source says nothing of it (d is then empty, not invalid), -1. */
int document_get(
    struct session *s, int64_t item, int64_t source, struct document *d, struct fault *f);

/*
 * All layers of an item, the best source first; single keys may have another order, see
 * sources/precedence.h. Free with documents_done.
 */
struct documents VEC_BODY(struct document);
int document_list(struct session *s, int64_t item, struct documents *out, struct fault *f);
void documents_done(struct documents *d);

/* Labels and edges sorted and each once: what the writers expect. */
void document_tidy(struct document *d);

/* Whether the value of this attribute is the id of a place: people get its ref. */
int document_is_place(struct jtext key);

void document_add_edge(struct document *d, const char *type, int64_t dst);

/* Whether two documents say the same, of whatever item and source. Both are tidy. */
int document_same(const struct document *a, const struct document *b);

/*
 * Appends the union of two canonical objects, whole values, near's where both have the key;
 * either may be {NULL,0}.
 */
void document_merge(struct jtext near, struct jtext far, struct str *out);

/* Adds the whole content to a hash: the new values that the change log is chained over. */
void document_hash(const struct document *d, struct hash *h);

#endif
