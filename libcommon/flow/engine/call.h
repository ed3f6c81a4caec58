/* SPDX-License-Identifier: Apache-2.0 */
/* What an attempt runs: its words, environment and input, its output files. */
#ifndef FLOW_ENGINE_CALL_H
#define FLOW_ENGINE_CALL_H

#include "exec/plugin.h"
#include "flow/engine/task.h"

struct engine;

/* The most that is kept of each output of an attempt. */
#define CALL_OUTPUT ((int64_t)16 << 20)

/*
 * Fills the call of a task for a purpose. FAULT_BAD: a value is missing, or would be taken for
 * an option.
 */
int call_make(struct task *t, enum purpose purpose, struct plugin_call *call, struct fault *f);

/* The command's time limits; an action has those of its step. */
const struct command *call_command(const struct task *t, enum purpose purpose);

/* "run": the words of a call as they would be typed, for people. */
void call_text(const struct plugin_call *call, struct str *out);

/*
 * Where an attempt's output goes, opened to append: for one under the guard files of its own,
 * which outlive the engine; else memory, which costs a tenth of making and removing two
 * files. 0, or -1 with errno.
 */
int call_open_output(const struct engine *e, int64_t slot, int guarded, int files[2]);
void call_close_output(int files[2]);

/* Appends the last bytes, at most most, of such a file; returns its size, 0 if it is not there. */
int64_t call_tail(
    const struct engine *e, int64_t slot, const char *suffix, size_t most, struct str *out);

/*
 * Appends what a running attempt has printed on stdout from an offset on, or the end of that if
 * it is more than most; returns how much there was.
 */
int64_t call_read(const struct task *t, int64_t from, size_t most, struct str *out);

/*
 * Once it has ended: what was kept in memory goes to its file, files that are empty go. Which
 * are left: 1 stdout, 2 stderr. Closes.
 */
int call_keep_output(const struct engine *e, int64_t slot, int guarded, int files[2]);

#endif
