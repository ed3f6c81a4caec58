/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values in Ansible's INI files: literals of Python (ast.literal_eval), and whatever is none is
 * a text as it stands.
 */
#ifndef FLEET_ANSIBLE_VALUE_H
#define FLEET_ANSIBLE_VALUE_H

#include "base/str.h"

/* Appends the value as JSON. */
void ansible_value(const char *text, struct str *json);

#endif
