/* SPDX-License-Identifier: Apache-2.0 */
/*
 * craton-sim's verbs, and the actions cloud-*, which are names of the same program: it is started
 * some ten times for each host of a run. argv[0] is the verb; the result is the exit status.
 */
#ifndef SIM_H
#define SIM_H

#include "cloud.h"
#include "io/args.h"

enum { SIM_NO = 1, SIM_TEMPORARY = 75, SIM_PERMANENT = 100 };

int sim_new(int argc, char **argv);
int sim_export(int argc, char **argv);
int sim_is(int argc, char **argv);
int sim_open(int argc, char **argv);
int sim_release(int argc, char **argv);
int sim_mend(int argc, char **argv);
int sim_serial(int argc, char **argv);
int sim_note(int argc, char **argv);
int sim_customers(int argc, char **argv);
int sim_check(int argc, char **argv);

/* The action of that name, such as cloud-build; -1: it is no action's name. */
int action_main(const char *name, int argc, char **argv);

/* What an action is asked, and where. */
struct request {
	struct world *world;
	struct jtext item, with;
	const char *key;
	int64_t host; /* with.host, or else the item itself */
	int64_t cabinet;
};

/* Each returns the exit status, or -1. act_host.c, act_build.c, act_move.c */
int act_quiesce(const struct request *r, struct fault *f);
int act_open(const struct request *r, struct fault *f);
int act_build(const struct request *r, struct fault *f);
int act_check(const struct request *r, struct fault *f);
int act_list(const struct request *r, struct fault *f);
int act_move(const struct request *r, struct fault *f);
int act_empty(const struct request *r, struct fault *f);
int act_wipe(const struct request *r, struct fault *f);

/* A parameter that is a host: FAULT_BAD if there is none, or it is not given. */
int request_host(const struct request *r, const char *name, int64_t *host, struct fault *f);

/*
 * Waits until a machine of the world is in another state than this, the lock let go meanwhile;
 * what ends in the cabinet by then is settled. Locked again when it returns 0.
 */
int wait_while(struct world *w, int64_t host, enum host_state state, struct fault *f);

/* Sleeps; a signal ends it early. */
void sim_sleep(int64_t ms);

#endif
