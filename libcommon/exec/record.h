/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run's two files beside its database: PATH.rec with a slot for each guarded attempt, and
 * PATH.lock, of which byte 0 is the run's lock and byte 1 + N the lock of slot N. Locks are
 * F_OFD_SETLK: they belong to an open file, pass to a guard with its descriptor, and end with
 * the last process that holds it. They have files of their own because closing any descriptor
 * of a database file drops SQLite's locks on it.
 *
 * Above about 1,000 slots locked at once the kernel's list of locks grows dear: 27
 * microseconds a lock then, against 4.5 with 64.
 */
#ifndef EXEC_RECORD_H
#define EXEC_RECORD_H

#include "base/fault.h"

#include <stdint.h>

struct record {
	int slots;         /* the descriptor of PATH.rec */
	int lock;          /* of PATH.lock, with the run's lock */
	char *path;        /* PATH */
	uint32_t reserved; /* slots that have room on the disk */

	/*
	 * BOOT/MOUNT: slots are written without a sync, so what another boot wrote, or another
	 * mount of their file system, may be gone. Only BOOT where the kernel (before 6.8) has no
	 * number for a mount that is never used again.
	 */
	char era[64];
};

/*
 * Opens both, makes them if need be, and takes the run's lock for as long as the record is
 * open. FAULT_BUSY: another engine has it; FAULT_REFUSED: a network file system, whose locks
 * and writes promise too little.
 */
int record_open(struct record *r, const char *path, struct fault *f);
void record_close(struct record *r);

/* Room on the disk for slots 0 to n - 1, before an intent for them is committed. */
int record_reserve(struct record *r, uint32_t n, struct fault *f);

/* Takes a slot's lock: 1 and the descriptor that holds it; 0: somebody has it. */
int record_lock(const struct record *r, uint32_t slot, int *fd, struct fault *f);

/* The last slot after this one that anything was written to; 0: none was. */
uint32_t record_last(const struct record *r, uint32_t after);

/* Removes the files of a run that is over. Its record must be open: nobody else's is then. */
int record_remove(const struct record *r, struct fault *f);

#endif
