/* SPDX-License-Identifier: Apache-2.0 */
/* craton-audit's verbs: one file each. argv[0] is the verb; the result is the exit status. */
#ifndef AUDIT_H
#define AUDIT_H

#include "flow/audit/definition.h"
#include "flow/shelf.h"

int verb_run(int argc, char **argv);
int verb_lint(int argc, char **argv);
int verb_explain(int argc, char **argv);
int verb_list(int argc, char **argv);
int verb_findings(int argc, char **argv);
int verb_waive(int argc, char **argv);
int verb_prove(int argc, char **argv);
int verb_report(int argc, char **argv);

/* ---- what several verbs need: common.c ---- */

/* Where audits are looked for. */
extern const struct shelf audit_shelf;

/* Opens a definition by path or name and prints its warnings. Close also after a failure. */
int open_definition(struct definition *d, const char *called, struct fault *f);

/* For the library's callbacks: prints a warning. */
void print_warning(const char *text, void *ctx);

#endif
