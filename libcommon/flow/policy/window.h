/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When something may be done: within windows, outside freezes. A window is days of the week
 * and two times of day by the clock of a named zone, "Mon-Thu 22:00-05:00 Europe/Berlin"; one
 * that closes no later than it opens closes on the next day. Where that clock is set, windows
 * come out short and freezes long: an hour that is skipped is in no window, and of an hour that
 * comes twice a window takes the second to open and the first after that to close.
 */
#ifndef FLOW_POLICY_WINDOW_H
#define FLOW_POLICY_WINDOW_H

#include "io/zone.h"

struct window {
	char *text;       /* as it was written */
	unsigned days;    /* on which it opens; bit 0 is Sunday */
	int64_t from, to; /* seconds of the day; to may be one of the next day, over 86400 */
	struct zone zone;
};

/* One of them being open is enough. */
struct windows VEC_BODY(struct window);

/* Nothing is begun from the one instant on to before the other, in ms since 1970 UTC. */
struct freeze {
	int64_t from, to;
	char *why;
};

/* From the one instant on to before the other, in ms since 1970 UTC. */
struct span {
	int64_t from, to;
};

/* FAULT_BAD: it is written wrongly; else as zone_read. On a fault there is nothing to free. */
int window_read(struct window *w, const char *text, struct fault *f);
void window_done(struct window *w);
void windows_done(struct windows *w);

/*
 * From and to are "2026-12-24 18:00 Europe/Berlin", or without the time of day: from the
 * beginning of the one day to the end of the other.
 */
int freeze_read(
    struct freeze *z, const char *from, const char *to, const char *why, struct fault *f);
void freeze_done(struct freeze *z);

/*
 * The first time that any of them is open and that ends after an instant. Windows that touch or
 * overlap are one, followed until it ends after enough.
 */
struct span windows_after(const struct windows *w, int64_t at, int64_t enough);

#endif
