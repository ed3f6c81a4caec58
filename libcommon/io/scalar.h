/* SPDX-License-Identifier: Apache-2.0 */
/* What an unquoted YAML scalar is, by the core schema: YAML 1.2.2, section 10.3.2. */
#ifndef IO_SCALAR_H
#define IO_SCALAR_H

#include "io/yaml.h"

struct scalar {
	enum yaml_type type;
	int64_t integer; /* YAML_INT; YAML_BOOL: 0 or 1 */
	double real;     /* YAML_INT and YAML_FLOAT */
};

/* FAULT_BAD: a number that JSON cannot hold. */
int scalar_read(const char *text, struct scalar *out, struct fault *f);

/* Appends a YAML_FLOAT as JSON writes it, digits kept: "+.50" is 0.50. */
void scalar_put_float(struct str *out, const char *text);

#endif
