/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: verbs and options as tables. One table gives parsing, --help, the near
 * miss and the check of the man pages. POSIX and GNU forms: -n, --dry-run, -m TEXT,
 * --reason=TEXT, -- ends the options, - is an operand. Operands and options may be mixed. A
 * long name is never shortened. Every verb has -h and --help without naming them.
 */
#ifndef IO_ARGS_H
#define IO_ARGS_H

#include "base/fault.h"
#include "base/vec.h"

#include <stddef.h>

enum args_kind {
	ARGS_FLAG,     /* int: counts how often it was given */
	ARGS_TEXT,     /* const char *: borrowed from argv */
	ARGS_ONCE,     /* the same, and a second one is refused: it would undo the first */
	ARGS_TEXTS,    /* struct words: each occurrence, copied */
	ARGS_INT,      /* int64_t, at least 0 */
	ARGS_DURATION, /* int64_t, ms */
	ARGS_SHARE,    /* struct num_share */
	ARGS_TIME,     /* int64_t, ms since 1970 */
};

struct args_opt {
	char letter;       /* 0: none */
	const char *name;  /* long form */
	const char *value; /* what --help calls the value: "FILE" */
	enum args_kind kind;
	void *to;
	const char *help;
};

/* An option table ends with a name of NULL; several tables make one command line. */
struct args {
	const char *usage;             /* "list [options] [NAME ...]" */
	const char *about;             /* a sentence */
	const char *examples;          /* lines, shown by --help; may be NULL */
	const struct args_opt *own;    /* the verb's */
	const struct args_opt *shared; /* those of several verbs; may be NULL */
	const struct args_opt *common; /* those of every verb; may be NULL */
};

/*
 * Parses argv (argv[0] is the verb); moves operands to the front of argv + 1 and sets *n to
 * their number. Of an option given twice the last one holds, but for ARGS_ONCE and ARGS_TEXTS.
 * Returns 0; 1 when --help was asked for and has been printed; -1 FAULT_USAGE (FAULT_SYSTEM if
 * the help could not be printed).
 * The caller frees its struct words, whatever is returned.
 */
int args_parse(const struct args *a, int argc, char **argv, int *n, struct fault *f);

struct args_verb {
	const char *name;
	const char *about;                 /* for the list of verbs */
	int (*run)(int argc, char **argv); /* argv[0] is the verb; returns the exit status */
};

/*
 * main of a tool: --help, --version, an unknown verb with the near miss, no verb, else runs
 * it. verbs ends with a name of NULL. Returns the exit status: the verb's, but 2 if that was 0
 * or 1 and output was lost. Names the tool to base/report.
 */
int args_main(
    const char *tool, const char *about, const struct args_verb *verbs, int argc, char **argv);

#endif
