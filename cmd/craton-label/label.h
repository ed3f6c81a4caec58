/* SPDX-License-Identifier: Apache-2.0 */
/* craton-label's verbs: one file each. argv[0] is the verb; the result is the exit status. */
#ifndef LABEL_H
#define LABEL_H

#include "fleet/edit.h"
#include "fleet/select/select.h"

int label_add(int argc, char **argv);
int label_list(int argc, char **argv);
int label_rm(int argc, char **argv);
int label_set(int argc, char **argv);
int label_show(int argc, char **argv);

/*
 * Labels may be called by their refs, as lists print them: each "label:TEXT", which has to be
 * there, becomes its text. apply.c
 */
int label_texts(struct session *s, struct words *labels, struct fault *f);

/*
 * What add and rm have in common: the operands after LABEL are items, or options choose them,
 * or they come on standard input. Returns the exit status: on a stream bad lines are reported,
 * passed over and make it 1. apply.c
 */
int label_apply(struct session *s, enum edit_labels what, const struct words *labels,
    const struct select_options *chosen, char *const *names, int n);

/* The callback for select_items: a warning on stderr. */
void label_warn(const char *text, void *ctx);

#endif
