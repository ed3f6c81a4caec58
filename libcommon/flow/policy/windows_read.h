/* SPDX-License-Identifier: Apache-2.0 */
/* Windows as a policy and a workflow write them: one text, or a list of texts. */
#ifndef FLOW_POLICY_WINDOWS_READ_H
#define FLOW_POLICY_WINDOWS_READ_H

#include "flow/policy/window.h"
#include "io/yaml.h"

/* Adds them to what is there. FAULT_BAD with file and line; FAULT_SYSTEM: zones are not there. */
int windows_read(const struct yaml_node *n, struct windows *out, struct fault *f);

#endif
