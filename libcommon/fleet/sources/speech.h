/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a source may speak of: the kinds and keys of its settings. What it says beyond them is
 * passed over, counted, and told at the end, never silently.
 */
#ifndef FLEET_SOURCES_SPEECH_H
#define FLEET_SOURCES_SPEECH_H

#include "base/map.h"
#include "base/vec.h"

struct speech {
	char *source;               /* its name, for messages */
	struct words kinds, keys;   /* empty: all */
	struct map passed, dropped; /* kinds and keys, with how often */
	int64_t unknown;            /* records of items that it may not add */
};

void speech_init(struct speech *sp, const char *source, const char *settings);
void speech_done(struct speech *sp);

/* Whether it may speak of a kind, or say a key ("os", "item.note"); a no is counted. */
int speech_of_kind(struct speech *sp, const char *kind);
int speech_says(struct speech *sp, const char *key);

/* The same, and nothing is counted. */
int speech_may(const struct speech *sp, const char *key);

/* Tells what was passed over, a line for each sort; nothing where all was taken. */
void speech_tell(const struct speech *sp, void (*note)(void *ctx, const char *text), void *ctx);

#endif
