/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plug-ins that tell people: notify/NAME for each name in the policy, started with the event's
 * word and, on stdin, its record. Nothing waits for them, and how they end changes nothing.
 */
#ifndef REMEDIATE_NOTIFY_H
#define REMEDIATE_NOTIFY_H

#include "fleet/session.h"
#include "flow/event/event.h"

struct notify {
	struct words paths;
};

/* Those of the policy in force; warns of what cannot be found: it is no reason not to act. */
void notify_open(struct notify *n, struct session *s);
void notify_close(struct notify *n);

/* If it is one that people want to know of at once. */
void notify_event(const struct notify *n, const struct event *e);

/* The word of a person that belongs to no run, with the session's actor and reason. */
void notify_word(struct session *s, const char *word);

#endif
