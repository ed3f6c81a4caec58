/* SPDX-License-Identifier: Apache-2.0 */
/* craton-inv's verbs: one file each. argv[0] is the verb; the result is the exit status. */
#ifndef INV_H
#define INV_H

#include "base/fault.h"
#include "base/str.h"
#include "base/vec.h"

int inv_add(int argc, char **argv);
int inv_import(int argc, char **argv);
int inv_list(int argc, char **argv);

/* ---- what several verbs need: pairs.c ---- */

/*
 * Writes "variables":{...} from operands of the form KEY=VALUE: JSON where VALUE is JSON,
 * else a text. Nothing for none. FAULT_USAGE for an operand without = or with no key.
 */
int inv_put_pairs(struct str *out, char *const *pairs, size_t n, struct fault *f);

/* Writes a member that is a list of texts; nothing for none. */
void inv_put_texts(struct str *out, const char *key, const struct words *texts);

#endif
