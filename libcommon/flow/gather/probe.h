/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of probes: how one is read, started and understood. local runs a command here,
 * ssh a session with a host, ansible a module or a playbook over many hosts; any other word is
 * a plug-in's (exec/plugin.h).
 */
#ifndef FLOW_PROBE_H
#define FLOW_PROBE_H

#include "flow/gather/job.h"

enum probe_span {
	PROBE_QUESTION, /* each item is asked each probe on its own */
	PROBE_ITEM,     /* all that the probes with the same parameters want of an item */
	PROBE_MANY,     /* many items, one probe */
};

struct probe_way {
	const char *word; /* in a definition; NULL: a plug-in */
	enum probe_span span;
	int wants_run;           /* run: must be given; else it may not, a plug-in's may */
	const char *const *with; /* the parameters there are, ended by NULL; NULL: any */
	int64_t timeout;         /* ms, unless the definition says */

	/* Whether the parameters go together, as they are written; NULL: any do. */
	int (*check)(struct jtext with, struct fault *f);

	/*
	 * Starts the job's child (job_start). FAULT_BAD: its questions cannot be asked, with the
	 * reason; what could not be asked of some may be answered by job_answer_take.
	 */
	int (*start)(struct job *j, struct fault *f);

	void (*said)(struct job *j);  /* output has come; may be NULL */
	void (*ended)(struct job *j); /* answers every question, or has it asked again */
	void (*done)(struct job *j);  /* frees what start has put in own; may be NULL */
};

/* Never NULL. */
const struct probe_way *probe_way(const char *word);

extern const struct probe_way probe_ssh, probe_ansible;

/*
 * What follows from a probe as it is written: templates, parameters, what they take from items.
 * FAULT_BAD with file and line.
 */
int probe_prepare(struct gather *what, struct fault *f);

/* The values of an item that a probe names: a canonical object, see flow/plan/uses.h. */
int probe_values(
    struct session *s, const struct gather *what, int64_t item, struct str *out, struct fault *f);

/* With them: the words of run:, and the parameters as a canonical object. FAULT_BAD: one is
 * missing. */
int probe_argv(
    const struct gather *what, const struct str *values, struct words *out, struct fault *f);
int probe_with(
    const struct gather *what, const struct str *values, struct str *out, struct fault *f);

#endif
