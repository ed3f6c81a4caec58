/* SPDX-License-Identifier: Apache-2.0 */
#include "base/report.h"

#include "base/show.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *tool = "craton";
static int level;

void
report_tool(const char *name)
{
	tool = name;
}

const char *
report_tool_name(void)
{
	return tool;
}

void
report_level(int l)
{
	level = l;
}

int
report_quiet(void)
{
	return level < 0;
}

/* One write a message: lines of several processes on one terminal do not mix. */
__attribute__((format(printf, 1, 0))) static void
print_line(const char *fmt, va_list ap)
{
	struct str line = STR_INIT;
	char text[2048];

	vsnprintf(text, sizeof(text), fmt, ap);
	str_addf(&line, "%s: ", tool);
	show_text(&line, text);
	str_addc(&line, '\n');
	(void)!write(STDERR_FILENO, line.text, line.len);
	str_done(&line);
}

#define PRINT(fmt)                                                                                 \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, fmt);                                                                 \
		print_line(fmt, ap);                                                               \
		va_end(ap);                                                                        \
	} while (0)

void
report_warn(const char *fmt, ...)
{
	PRINT(fmt);
}

void
report_note(const char *fmt, ...)
{
	if (level >= 0)
		PRINT(fmt);
}

void
report_detail(const char *fmt, ...)
{
	if (level > 0)
		PRINT(fmt);
}

int
report_fault(const struct fault *f)
{
	report_warn("%s", f->text);
	return fault_status(f->kind);
}

void
report_no_memory(void)
{
	static const char words[] = ": out of memory\n";

	(void)!write(STDERR_FILENO, tool, strlen(tool));
	(void)!write(STDERR_FILENO, words, sizeof(words) - 1);
	_exit(2);
}
