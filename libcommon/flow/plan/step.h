/* SPDX-License-Identifier: Apache-2.0 */
/* A step of a workflow: what it runs, and what its end means. craton-workflow(5) */
#ifndef FLOW_STEP_H
#define FLOW_STEP_H

#include "flow/plan/template.h"
#include "io/yaml.h"

/* What an attempt came to. The words are those of retry.on and of attempt.outcome. */
enum result {
	RESULT_DONE,
	RESULT_FAILED,    /* an exit status that says no more */
	RESULT_TEMPORARY, /* 75, 111, or as the step says */
	RESULT_PERMANENT, /* 100, or as the step says: never retried */
	RESULT_TIMEOUT,
	RESULT_STALL,  /* no output for the step's stall */
	RESULT_KILLED, /* by a signal that was not ours */
	RESULT_UNKNOWN /* started, end not known */
};

const char *result_word(enum result o);

/* What to do with the item after the last failure. */
enum step_else { ELSE_KICK, ELSE_UNDO, ELSE_CONTINUE, ELSE_HALT };

extern const char *const step_else_words[]; /* by value, ended by NULL */

/* argv.n 0: there is none. */
struct command {
	struct templates argv;
	int64_t timeout, grace; /* ms */
};

struct retry {
	int64_t times;     /* retries after the first try; 0: none */
	int64_t wait, max; /* ms: delay k is min(max, wait * factor^(k-1)) */
	double factor;
	int full_jitter; /* draws from 0 to the delay; else the delay */
	unsigned on;     /* bits 1 << enum result; never done, permanent, unknown */
	int64_t within;  /* for: ms over all attempts from the start of the first; 0: no limit */
	char *from;      /* the earlier step to begin again from, or NULL: only this one */
};

struct step {
	char *name;
	struct command run; /* of an action too: argv.n is 0 then */
	char *action;       /* name of an action plug-in, or STEP_NONE, or NULL */
	char *with;         /* its parameters: a canonical JSON object of templates; NULL: {} */
	struct templates with_values; /* the templates in it */
	int idempotent;
	int irreversible;     /* nothing takes it back */
	int rerun;            /* retry.from of a later step may run it again though it is done */
	struct template each; /* for_each: the one value that is the array; n 0: none */
	int64_t at_once;      /* so many of its elements */
	int64_t stall;        /* ms without output; 0: no limit */
	struct retry retry;
	struct command verify; /* 0: done, 1: not done, other: cannot tell */
	struct command undo;
	struct retry undo_retry;
	enum step_else otherwise;
	char *when;                  /* an expression, or NULL; not true: the step is skipped */
	struct words needs;          /* names; see graph of the workflow */
	unsigned char outcomes[256]; /* enum result of each exit status */
};

struct steps VEC_BODY(struct step);

/* The action that runs no program. Its one parameter is status: a number, a text or a list. */
#define STEP_NONE "none"
int step_is_none(const struct step *s);

#define STEP_ELEMENTS_MOST 1000

/* Times that a step has unless it says otherwise. */
struct step_defaults {
	int64_t timeout, grace, stall;
};

#define STEP_TIMEOUT ((int64_t)10 * 60 * 1000)
#define STEP_GRACE ((int64_t)20 * 1000)

/*
 * Reads one step. One that gives no needs: needs before (NULL: nothing). Faults are FAULT_BAD
 * with file, line and path. End with step_done, also after a fault.
 */
int step_read(const struct yaml_node *node, const char *name, const char *before,
    const struct step_defaults *defaults, struct step *out, struct fault *f);
void step_done(struct step *s);

/* A command that stands alone (finally, proof, undo, verify): a list, or a map with run. */
int command_read(const struct yaml_node *node, const struct step_defaults *defaults,
    struct command *out, struct fault *f);
void command_done(struct command *c);

/* ---- for the modules that read parts of a step ---- */

int argv_read(const struct yaml_node *n, struct templates *out, struct fault *f);

/* is_harmless: it may be tried again though what it has done is not known. n NULL: no retries. */
int retry_read(const struct yaml_node *n, int is_harmless, struct retry *out, struct fault *f);

/* A command with its own retry. */
int undo_read(const struct yaml_node *node, const struct step_defaults *defaults, struct step *s,
    struct fault *f);

/* Puts the node's place before what a parser of its text says. */
int step_located(const struct yaml_node *n, struct fault *f);

/* A time of 0 would end what has not begun. */
int step_want_time(const struct yaml_node *map, const char *key, int64_t ms, struct fault *f);

/* ---- */

/* Calls each(part) for every value that its templates use, until it returns non-zero. */
int step_each_value(
    const struct step *s, int (*each)(const struct template_part *p, void *ctx), void *ctx);

/* What a wait status means to a step: exit statuses by its table, signals as killed. */
enum result step_outcome(const struct step *s, int exited, int status);

/* Whether a failure with this outcome may be tried again, tries being those made so far. */
int retry_again(const struct retry *r, enum result o, int64_t tries);

/* Delay before retry k (from 1), in ms, before jitter is drawn. */
int64_t retry_delay(const struct retry *r, int64_t k);

#endif
