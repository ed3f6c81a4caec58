/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A directed graph in the language of Graphviz's dot(1): dot_open, nodes and edges in any order,
 * dot_close. Every id and label is quoted, so that any text is one.
 */
#ifndef IO_DOT_H
#define IO_DOT_H

#include "base/str.h"

void dot_open(struct str *out, const char *name);

/* note stands below the label, smaller in meaning and not in type; strong has a thick border. */
void dot_node(struct str *out, const char *id, const char *label, const char *note, int strong);

void dot_edge(struct str *out, const char *from, const char *to, const char *label);
void dot_close(struct str *out);

#endif
