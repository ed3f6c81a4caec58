/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs on one run share: their command line, the session, the run, its format. */
#ifndef REMEDIATE_ONE_RUN_H
#define REMEDIATE_ONE_RUN_H

#include "flow/engine/run.h"
#include "io/output.h"

struct one_run {
	struct session_options base;
	const char *word; /* of -o */
	enum output_format format;
	struct session session;
	struct run run;
};

#define RUN_FORMAT(o)                                                                              \
	{                                                                                          \
		'o', "output", "FORMAT", ARGS_TEXT, &(o)->word, "table (lines), jsonl or json"     \
	}

/* Reads -o: lines for people, or records; FAULT_USAGE for the other formats. */
int one_run_format(struct one_run *o, struct fault *f);

/*
 * Parses [options] [RUN], opens the session, finds the run: 0; 1 when help was printed; -1.
 * one_run_close in any case.
 */
int one_run_open(struct one_run *o, const struct args *args, int argc, char **argv,
    enum db_mode mode, struct fault *f);
void one_run_close(struct one_run *o);

#endif
