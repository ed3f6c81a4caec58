/* SPDX-License-Identifier: Apache-2.0 */
/* A parsed expression: a tree of what is to be done. */
#ifndef FLEET_EXPR_NODE_H
#define FLEET_EXPR_NODE_H

#include "base/regexp.h"
#include "fleet/expr/value.h"

#define NODE_NESTED 100  /* levels of brackets, calls, case, not */
#define NODE_DEEPEST 250 /* levels of the tree: also a + b + c + ... */

enum node_kind {
	NODE_VALUE,
	NODE_VARIABLE,
	NODE_ATTRIBUTE, /* item.NAME */
	NODE_LABEL,     /* label('key') */
	NODE_LABELS,
	NODE_HAS,
	/* These look at no more of their arguments than they need. */
	NODE_AND,
	NODE_OR,
	NODE_CASE, /* [base] condition value ... otherwise */
	NODE_COALESCE,
	/* These take the values of all. */
	NODE_REGEXP,
	NODE_CALL,
};

/* A step into an object (key) or, with key NULL, an array. */
struct node_step {
	char *key;
	int64_t index;
};

struct function;

struct node {
	enum node_kind kind;
	struct value value; /* NODE_VALUE; its text is held */
	char *held;
	char *name; /* the variable's, attribute's or label's */
	VEC(struct node_step) path;
	char *written; /* variables and attributes, as they stand in the text: os.release.version */
	const struct function *function; /* NODE_CALL; for its name, all that look like calls */
	struct regexp *regexp;           /* of a pattern that stands in the text; else NULL */
	int has_base;                    /* case x when ... */
	int depth;
	VEC(struct node *) args;
};

struct node *node_new(enum node_kind kind);
void node_free(struct node *n);

struct expr {
	char *what;
	struct node *root;
	struct words variables, attributes, labels;
};

/* Parses into e->root and notes names; "column 14: ..." */
int node_parse(struct expr *e, const char *text, struct fault *f);

/* The value behind a path; {NULL,0} if there is none. */
struct jtext node_walk(const struct node *n, struct jtext value);

#endif
