/* SPDX-License-Identifier: Apache-2.0 */
/* Texts for people, at most 80 columns wide where words allow. */
#ifndef IO_WRAP_H
#define IO_WRAP_H

#include "base/str.h"

/*
 * Appends words after a head, wrapped, the further lines as far in as the head is long. between:
 * what separates words, a space (given up at a break) or a comma (kept).
 */
void wrap_words(const char *head, const char *words, char between, struct str *out);

#endif
