/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault.h"
#include "tap.h"

#include <errno.h>

static void
statuses(void)
{
	static const struct {
		enum fault_kind kind;
		int status;
		const char *sentence;
	} cases[] = {
	    {FAULT_NONE, 0, "nothing wrong is 0"},
	    {FAULT_NO, 1, "no is 1"},
	    {FAULT_BAD, 2, "a bad input alone is 2"},
	    {FAULT_USAGE, 2, "so is wrong usage"},
	    {FAULT_SYSTEM, 2, "and a broken world"},
	    {FAULT_REFUSED, 3, "a guard-rail is 3"},
	    {FAULT_STOPPED, 4, "stopped early is 4"},
	    {FAULT_BUSY, 75, "busy is 75, EX_TEMPFAIL"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_int(fault_status(cases[i].kind), cases[i].status, "%s", cases[i].sentence);
}

static void
texts(void)
{
	struct fault f;

	is_int(fault_set(&f, FAULT_BAD, "%s: %d", "x", 5), -1, "setting a fault is failing");
	is_text(f.text, "x: 5", "the words are kept");
	is_int(f.kind, FAULT_BAD, "so is the kind");
	is_int(fault_within(&f, "stdin:%d", 12), -1, "context is failing too");
	is_text(f.text, "stdin:12: x: 5", "and stands before the words");
	is_int(f.kind, FAULT_BAD, "of the same kind");
	errno = ENOENT;
	is_int(fault_errno(&f, "%s", "file"), -1, "so is a system call");
	is_text(f.text, "file: No such file or directory", "whose reason is told");
	is_int(f.kind, FAULT_SYSTEM, "as a broken world");
	is_int(errno, ENOENT, "and kept");
}

static void
long_texts(void)
{
	struct fault f;
	size_t most = sizeof(f.text) - 1;
	char name[4096];

	fault_set(&f, FAULT_BAD, "%0*d", (int)most, 0);
	ok(strlen(f.text) == most && f.text[most - 1] == '0', "a text that just fits is whole");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	fault_set(&f, FAULT_BAD, "host \"%s\": no such host", name);
	ok(strlen(f.text) <= most && !strncmp(f.text, "host \"xx", 8) && strstr(f.text, "x...x") &&
		strstr(f.text, "x\": no such host"),
	    "a longer one loses its middle, not what is wrong");
	fault_within(&f, "stdin:12");
	ok(!strncmp(f.text, "stdin:12: host", 14) && strstr(f.text, "x\": no such host"),
	    "nor does context push that out");
	errno = ENAMETOOLONG;
	fault_errno(&f, "%s", name);
	ok(strlen(f.text) <= most && strstr(f.text, "x: File name too long"),
	    "a long name leaves room for the reason");
	for (size_t i = 0; i + 1 < sizeof(name); i++)
		name[i] = "\xe2\x82\xac"[i % 3];
	fault_set(&f, FAULT_BAD, "%s", name);
	ok(strlen(f.text) <= most && strstr(f.text, "\x82\xac...\xe2\x82"),
	    "the cut is between characters");
	memset(name, '\x80', sizeof(name) - 1);
	fault_set(&f, FAULT_BAD, "%s", name);
	ok(strlen(f.text) <= most, "and anywhere in what has no characters");
}

int
main(void)
{
	statuses();
	texts();
	long_texts();
	return tap_end();
}
