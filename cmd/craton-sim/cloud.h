/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the cloud does when it is asked to, each a change of the world with a line in its log.
 * What takes time goes on by itself, whatever becomes of the process that asked for it, and is
 * settled by whoever looks next: build, move and wipe only begin.
 *
 * The world is locked by the caller. The cloud refuses what cannot be (a machine that is not
 * there, a VM on a host without room), and does not guard against what is unwise: a second
 * build takes a second machine, and a wipe takes with it what is on the host. That is the
 * engine's and the workflow's business, and this is here to see whether they mind it.
 */
#ifndef SIM_CLOUD_H
#define SIM_CLOUD_H

#include "fate.h"

/* Ends what is over in a cabinet by now. */
int cloud_settle(struct world *w, int64_t cabinet, struct fault *f);

/* Whether the scheduler may place VMs on it. FAULT_BAD: there is nothing on the machine. */
int cloud_close_host(struct world *w, int64_t host, const char *key, struct fault *f);
int cloud_open_host(struct world *w, int64_t host, const char *key, struct fault *f);

/* A bare machine of the cabinet becomes a host for this one; 0: there is none; 1 with *target. */
int cloud_build(struct world *w, int64_t source, const char *key, int64_t *target, struct fault *f);

/* What was built for it is a bare machine again. FAULT_BAD: it is in use. */
int cloud_release(struct world *w, int64_t source, const char *key, struct fault *f);

/* Whether a VM can run on the target that was built for it, at this try. */
int cloud_check(struct world *w, int64_t source, int64_t target, const char *key, enum fate *fate,
    struct fault *f);

/* A VM begins to move; 0: there is no room; 1. */
int cloud_move(struct world *w, struct sim_vm *vm, int64_t to, const char *key, struct fault *f);
int cloud_move_abort(struct world *w, struct sim_vm *vm, struct fault *f);

/* What is on the host is lost; then it is a bare machine. */
int cloud_wipe(struct world *w, int64_t host, const char *key, struct fault *f);

/* A customer's VM, placed by the scheduler in that cabinet: 0, there is no room; 1. */
int cloud_boot(struct world *w, int64_t cabinet, int64_t vcpus, int64_t memory, struct fault *f);
int cloud_delete(struct world *w, struct sim_vm *vm, struct fault *f);

/* What became of a host, which is noted only; and people who see to it. */
int cloud_note(struct world *w, int64_t host, const char *result, struct fault *f);
int cloud_mend(struct world *w, int64_t host, struct fault *f);

/* A key as a number, which fits into a record. */
int64_t cloud_key(const char *key);

/* "vm-000017" */
#define CLOUD_VM_NAME 32
const char *cloud_vm_name(const struct sim_vm *vm, char name[CLOUD_VM_NAME]);

#endif
