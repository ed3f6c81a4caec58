/* SPDX-License-Identifier: Apache-2.0 */
/* craton-label's verbs: one file each. argv[0] is the verb; the result is the exit status. */
#ifndef LABEL_H
#define LABEL_H

#include "fleet/edit.h"
#include "fleet/select/select.h"
#include "io/output.h"

int label_add(int argc, char **argv);
int label_list(int argc, char **argv);
int label_rm(int argc, char **argv);
int label_rule(int argc, char **argv);
int label_set(int argc, char **argv);
int label_show(int argc, char **argv);

/*
 * What add and rm have in common: LABEL and what -L names, then the items, as operands, by options
 * or on standard input. before sees the labels' texts first, and may note some for after, which is
 * called where all went well. Returns the exit status. apply.c
 */
struct label_verb {
	const char *usage, *about, *examples;
	enum edit_labels what;
	int (*before)(
	    struct session *s, const struct words *labels, struct words *noted, struct fault *f);
	int (*after)(struct session *s, const struct words *labels, const struct words *noted,
	    struct fault *f);
};
int label_apply(const struct label_verb *verb, int argc, char **argv);

/* A label's sheet and members, as show prints them. show.c */
int label_sheet(struct session *s, const char *name, enum output_format format, struct fault *f);

/* The callback for select_items: a warning on stderr. */
void label_warn(const char *text, void *ctx);

#endif
