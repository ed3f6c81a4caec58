/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The examples of a definition: items that a check must call pass, fail, error or
 * not-applicable, and for a query small fleets in which it must find nothing or something. A
 * check that gets its own examples wrong is not to be believed.
 */
#ifndef FLOW_EXAMPLE_H
#define FLOW_EXAMPLE_H

#include "flow/audit/definition.h"

/* Reads examples: into the checks of a definition. */
int example_read_all(struct definition *d, const struct yaml_node *map, struct fault *f);

/*
 * Tries one example: 1 if the check says what it should, 0 if not, with why in says, such as
 * "kernel.yaml:20: supported: fails, should pass". -1 if it cannot be tried at all.
 */
int example_try(const struct check *c, const struct example *x, struct judge *judge,
    struct str *says, struct fault *f);

/*
 * Whether a check is to be believed: it has an example of pass and one of fail, and says of all
 * what it should. 1, 0 with why ("fails its own examples"), -1.
 */
int example_holds(const struct check *c, struct judge *judge, const char **why, struct fault *f);

#endif
