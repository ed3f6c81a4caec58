/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Talk on stderr: one line a message, "craton-inv: what". What could drive a terminal
 * or deceive its reader is shown as by base/show. With mem, the only
 * place below cmd that prints messages or ends the process.
 */
#ifndef BASE_REPORT_H
#define BASE_REPORT_H

#include "base/fault.h"

/* The tool's name before each message; borrowed for the life of the process. */
void report_tool(const char *name);
const char *report_tool_name(void);

/* -1 with -q, 0, or the number of -v. */
void report_level(int level);
int report_quiet(void);

/* An error or warning: always printed. */
void report_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What a person likes to know: not with -q. */
void report_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What helps to find a fault: only from -v on. */
void report_detail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints the fault and returns the exit status that belongs to it. */
int report_fault(const struct fault *f);

/* Says so without allocating, and ends the process with status 2. */
_Noreturn void report_no_memory(void);

#endif
