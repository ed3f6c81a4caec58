/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The definition of an audit, read from YAML: whom it looks at, what it gathers, what it
 * expects of them, and examples that show that its checks can tell good from bad. The format
 * is craton-audit(5). Every message names file, line and key.
 */
#ifndef FLOW_DEFINITION_H
#define FLOW_DEFINITION_H

#include "base/hash.h"
#include "fleet/expr/expr.h"
#include "flow/audit/verdict.h"
#include "flow/plan/uses.h"
#include "io/yaml.h"

/* How the output of a probe becomes a value. */
enum gather_parse {
	GATHER_TEXT,  /* without the newline at its end */
	GATHER_JSON,  /* one JSON value */
	GATHER_LINES, /* an array of its lines */
};

struct gather {
	const struct yaml_node *node, *with_node;
	char *probe;           /* "local" */
	struct words run;      /* as written */
	struct templates argv; /* the same, to be filled in */
	char *with;            /* parameters: a canonical JSON object of templates, or NULL */
	struct uses uses;      /* what both take from an item */
	char *into;            /* the variable */
	int64_t timeout;       /* ms */
	int64_t max_age;       /* ms; a younger value is used as it is; 0: always gather */
	int parse;             /* enum gather_parse */
};

struct example {
	const struct yaml_node *node;
	enum verdict wanted;
};

/* Either expect or query is set. */
struct check {
	const struct yaml_node *node;
	char *id;
	char *name; /* "kernel-currency/supported": of findings and waivers */
	char *title;
	int severity; /* enum severity */
	char *why;    /* it is that severe, or NULL */
	char *expect, *query, *when, *message;
	struct expr *expect_expr, *when_expr, *message_expr; /* NULL where there is no text */
	char *remedy;
	struct words domain, references;
	struct num_share distrust; /* more items than this that fail, and it is not trusted */
	VEC(struct example) examples;
};

struct definition {
	struct yaml_file file; /* its warnings are for the caller to print */
	char *path;            /* absolute; NULL: it came from no file */
	char *audit, *title;
	char *select, *where; /* label selector and expression; NULL: every item */
	struct expr *where_expr;
	int64_t every;             /* ms; 0: not said */
	int64_t quiet;             /* ms that a check is not trusted after it failed too much */
	struct num_share coverage; /* of the scope: fewer items that can be judged are a finding */
	VEC(struct gather) gathers;
	VEC(struct check) checks;
	struct words known;   /* names that gather: fills or examples use */
	char hash[HASH_TEXT]; /* of the text of the file */
};

/* "-" is standard input. Close also after a failure; it may not move in memory meanwhile. */
int definition_open(struct definition *d, const char *path, struct fault *f);
int definition_parse(
    struct definition *d, const char *name, const char *text, size_t len, struct fault *f);
void definition_close(struct definition *d);

/* FAULT_BAD with the near miss for a variable, label or attribute that nothing knows. */
int definition_check_names(struct definition *d, struct session *s, struct fault *f);

/* The check with this id, or NULL. */
struct check *definition_check(struct definition *d, const char *id);

/* ---- for the modules that read parts of a definition ---- */

/* Makes a word one that expressions may name; 0 if it was one already. */
int definition_know(struct definition *d, const char *word);

/* FAULT_BAD unless the node is a list that is not empty. */
int definition_want_list(const struct yaml_node *n, const char *of, struct fault *f);

#endif
