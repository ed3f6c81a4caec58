/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The actions that come with craton, as plug-ins: local, ssh, ansible and identity are names of
 * this one program. What each is given and answers is craton-plugin(5).
 */
#ifndef ACTION_H
#define ACTION_H

#include "exec/child.h"
#include "io/jtext.h"

/* What it is told on stdin, canonical. */
struct action {
	struct jtext item, ref, with;
};

/* Each returns the exit status, or -1 for the fault: exit status 100, since trying again is no use.
 */
int action_local(const struct action *a, struct fault *f);
int action_ssh(const struct action *a, struct fault *f);
int action_ansible(const struct action *a, struct fault *f);
int action_identity(const struct action *a, struct fault *f);

/* The words of with.run. FAULT_BAD: none are given. */
int action_words(const struct action *a, struct words *out, struct fault *f);

/* Runs a child to its end and passes on a TERM that comes meanwhile. child_free takes it. */
int action_run(struct child_spec *spec, struct child **c, struct fault *f);

/*
 * How it got on cannot be known: the connection was lost, or what did it was killed. Says so,
 * and ends by SIGHUP, since no exit status means that: a step that may not run twice is not
 * tried again then.
 */
_Noreturn void action_lost(const char *why);

/* Prints {"kind":"result"} with the members of an object ({NULL, 0}: none). */
void action_result(struct jtext members);

/*
 * Runs the words of run on the item, as the action ssh does, and appends what they printed
 * (out->text stays NULL where nothing has run): their exit status, what they said passed on to
 * stderr; -1.
 */
int action_ssh_output(const struct action *a, struct str *out, struct fault *f);

#endif
