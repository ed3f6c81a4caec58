/* SPDX-License-Identifier: Apache-2.0 */
/* Starting the guard (cmd/craton-guard) of an attempt. */
#ifndef EXEC_GUARD_H
#define EXEC_GUARD_H

#include "exec/attempt.h"

/*
 * Spawns the guard of an attempt that holds its slot's lock and has its limits: 0 and its pid,
 * or an errno. The guard has the lock too from here on.
 */
int guard_spawn(const struct attempt *a, const struct child_spec *spec, pid_t *pid);

#endif
