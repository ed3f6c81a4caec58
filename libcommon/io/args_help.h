/* SPDX-License-Identifier: Apache-2.0 */
/* The text of --help, from the same tables that args_parse reads. 80 columns. */
#ifndef IO_ARGS_HELP_H
#define IO_ARGS_HELP_H

#include "base/str.h"
#include "io/args.h"

/* The option every verb has without asking for it. */
extern const struct args_opt args_help_option;

/* Appends the help of a verb: usage, about, examples, options. */
void args_help(const struct args *a, struct str *out);

/* Appends the help of a tool: usage, about, verbs. */
void args_help_tool(const char *about, const struct args_verb *verbs, struct str *out);

#endif
