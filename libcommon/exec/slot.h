/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One attempt's place in a run's record file: 64 bytes at slot * 64, in two halves of 32. The
 * action's own process writes START, its guard END; END never rewrites START. A half whose
 * checksum, which covers the slot's number, is wrong counts as empty, so a half that was torn
 * or copied from elsewhere says nothing. Numbers are in the machine's own order: a record
 * never leaves it.
 *
 *	START  magic u32, action pid u32, guard pid u32, epoch u32, start ticks u64, checksum u64
 *	END    magic u32, status u32, flags u32, unused u32, unused u64, checksum u64
 *	VOID   in START's place: this attempt is closed, a guard that comes late refuses
 *
 * No heap, errors by errno: compiled into the guard as well.
 */
#ifndef EXEC_SLOT_H
#define EXEC_SLOT_H

#include "exec/outcome.h"

#include <stdint.h>
#include <sys/types.h>

#define SLOT_SIZE 64

enum slot_state { SLOT_EMPTY, SLOT_STARTED, SLOT_ENDED, SLOT_VOID };

struct slot_start {
	pid_t pid, guard;
	uint32_t epoch; /* of the engine that spawned the guard */
	uint64_t ticks; /* proc_read's: with pid it names the process for this boot */
};

struct slot {
	enum slot_state state;   /* ENDED whenever END is good */
	struct slot_start start; /* STARTED and ENDED; zero if the half is bad */
	struct outcome end;      /* ENDED */
};

/* 0, or -1 with errno. What lies past the end of the file is empty. */
int slot_read(int record, uint32_t slot, struct slot *s);

int slot_write_start(int record, uint32_t slot, const struct slot_start *start);
int slot_write_end(int record, uint32_t slot, const struct outcome *end);
int slot_write_void(int record, uint32_t slot);

#endif
