/* SPDX-License-Identifier: Apache-2.0 */
/* The nodes of a tree being built; for yaml.c only. */
#ifndef IO_YAML_NODE_H
#define IO_YAML_NODE_H

#include "io/yaml.h"

/* A new last item of parent, named by key in a map; without a parent the file's root. */
struct yaml_node *yaml_node_new(
    struct yaml_file *file, struct yaml_node *parent, const char *key, unsigned line);

/* With all below it. */
void yaml_node_free(struct yaml_node *n);

#endif
