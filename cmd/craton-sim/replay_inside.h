/* SPDX-License-Identifier: Apache-2.0 */
/* What the replay's own files know of each other: a line's words, and what each kind does. */
#ifndef SIM_REPLAY_INSIDE_H
#define SIM_REPLAY_INSIDE_H

#include "replay.h"

/* NULL or -1: the line has none, or it names nothing that is there. */
struct words_of {
	struct replay_host *host, *of, *from, *to; /* of: "for" */
	struct replay_vm *vm;
	char *name, *vm_name, *key, *result, *cabinet, *region;
	int64_t vcpus, memory;
	int is_spare;
};

static inline int64_t
replay_place(const struct replay *r, const struct replay_host *h)
{
	return h - r->hosts.v;
}

/* replay_host.c */
void replay_on_host(struct replay *r, struct words_of *w);
void replay_on_close(struct replay *r, struct words_of *w);
void replay_on_open(struct replay *r, struct words_of *w);
void replay_on_build_end(struct replay *r, struct words_of *w);
void replay_on_build(struct replay *r, struct words_of *w);
void replay_on_release(struct replay *r, struct words_of *w);
void replay_on_wipe_end(struct replay *r, struct words_of *w);
void replay_on_wipe(struct replay *r, struct words_of *w);
void replay_on_note(struct replay *r, struct words_of *w);

/* replay_vm.c */
void replay_on_boot(struct replay *r, struct words_of *w);
void replay_on_delete(struct replay *r, struct words_of *w);
void replay_on_lost(struct replay *r, struct words_of *w);
void replay_on_move_end(struct replay *r, struct words_of *w);
void replay_on_move(struct replay *r, struct words_of *w);

#endif
