/* SPDX-License-Identifier: Apache-2.0 */
/* craton-remediate's verbs: one file each. argv[0] is the verb; the result is the exit status. */
#ifndef REMEDIATE_H
#define REMEDIATE_H

#include "flow/engine/status.h"
#include "flow/people/second.h"
#include "flow/plan/plan.h"

int remediate_plan(int argc, char **argv);
int remediate_lint(int argc, char **argv);
int remediate_kicked(int argc, char **argv);
int remediate_run(int argc, char **argv);
int remediate_resume(int argc, char **argv);
int remediate_status(int argc, char **argv);
int remediate_watch(int argc, char **argv);
int remediate_log(int argc, char **argv);
int remediate_pause(int argc, char **argv);
int remediate_cancel(int argc, char **argv);
int remediate_approve(int argc, char **argv);
int remediate_halt(int argc, char **argv);
int remediate_breaker(int argc, char **argv);
int remediate_policy(int argc, char **argv);

/* ---- what several verbs need ---- */

/* The policy in force, what is odd in it told on stderr. End with policy_done, whatever comes. */
int remediate_policy_open(struct session *s, struct policy *p, struct fault *f);

/* Shows a plan to the second person and notes the approval; is_dry: only shows. */
int remediate_approve_plan(
    const struct session_options *base, const char *path, int is_dry, struct fault *f);

/* What is approved of a plan; borrows from it. */
struct second remediate_second(const struct plan *p);

/* Passes a warning on to stderr. */
void remediate_warn(const char *text, void *ctx);

/*
 * Appends a workflow for people, at most 80 columns wide where words allow: batch and steps,
 * each with its command and what it declares. values: of the item whose commands are shown, or
 * NULL for the templates as they are.
 */
void draw_batch(const struct workflow *w, const struct plan_limits *limits, struct str *out);
void draw_steps(const struct workflow *w, const struct template_values *values, struct str *out);

/* The same as a graph for dot(1): bold may not run twice, dashed goes back. */
void draw_dot(const struct workflow *w, struct str *out);

/*
 * Appends how a run stands: how far, what is in work, who waits for whom, what to do next. At
 * most so many steps and blocked items.
 */
void draw_status(const struct status *st, size_t steps, size_t blocks, struct str *out);

/* Appends a plan for people: what for, limits, waves with folded names, steps. */
void draw_plan(const struct plan *p, struct str *out);

#endif
