/* SPDX-License-Identifier: Apache-2.0 */
/* The action none: an attempt without a program. craton-workflow(5) */
#ifndef FLOW_ENGINE_NONE_H
#define FLOW_ENGINE_NONE_H

#include "flow/plan/template.h"

struct step;

/*
 * What stands for its command: "none" and the exit status of this attempt, counted from 1.
 * FAULT_BAD: what stands for a status, its values put in, is none.
 */
int none_words(const struct step *s, int64_t attempt, const struct template_values *values,
    struct words *argv, struct fault *f);

#endif
