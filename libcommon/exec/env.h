/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An environment for a child: "NAME=value" words, v[n] always NULL, so that v is what exec
 * wants. Values are never part of a command line, so nothing in them is code.
 */
#ifndef EXEC_ENV_H
#define EXEC_ENV_H

#include "base/vec.h"

/* A copy of this process's own. Free with words_done. */
void env_init(struct words *env);

/* Replaces or adds; value NULL removes. */
void env_put(struct words *env, const char *name, const char *value);

/* NULL if it is not set; borrowed until the next put. env is ended by NULL. */
const char *env_get(char *const *env, const char *name);

#endif
