/* SPDX-License-Identifier: Apache-2.0 */
/* What of the cloud is known to its own files only. */
#ifndef SIM_CLOUD_INSIDE_H
#define SIM_CLOUD_INSIDE_H

#include "cloud.h"

/* result is ok, or else why it stays where it was. */
int cloud_move_end(struct world *w, struct sim_vm *vm, const char *result, struct fault *f);

/* Its host is wiped under it. */
int cloud_vm_lost(struct world *w, struct sim_vm *vm, struct fault *f);

#endif
