/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session that looks at the past: whatever reads the inventory through it sees the fleet as
 * it was right after some entry of the change log, to the byte: layers, labels, relations,
 * names, native keys, ranks, and what follows from them. Temporary views take the places of
 * the tables, so no reader knows. Only what changed since is made again; it costs what the log
 * since then costs, not what the fleet costs.
 */
#ifndef FLEET_PAST_H
#define FLEET_PAST_H

#include "fleet/session.h"

/* A point of the log: right after that entry. 0, 0: before the first. */
struct past_point {
	int64_t entry, at; /* at: the entry's time, ms */
	int64_t row;       /* the last row of the log up to then */
};

/*
 * The point that a text names: the number of an entry, or a time as when_parse reads it, which
 * is the last entry not after it. FAULT_BAD: no such entry, no such time, or pruned since.
 */
int past_point(struct session *s, const char *when, struct past_point *out, struct fault *f);

/* The newest one. */
int past_now(struct session *s, struct past_point *out, struct fault *f);

/*
 * From here on the session is in the past, and can only read. The file is held as it is now:
 * what others write meanwhile is not seen. Once a session.
 */
int past_go(struct session *s, const struct past_point *to, struct fault *f);

/* Both; nothing at all if when is NULL. */
int past_enter(struct session *s, const char *when, struct fault *f);

#define PAST_OPTION(when)                                                                          \
	{                                                                                          \
		0, "at", "TIME", ARGS_TEXT, when,                                                  \
		    "as it was then: 2026-11-23, 2h ago as 2h, or right after an entry's number"   \
	}

#endif
