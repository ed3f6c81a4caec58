/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plain split at newlines judges: each line that is not blank comes, in order, with its
 * number, or is a fault because of a NUL byte. What the reader takes for an object is one.
 */
#include "io/jsonl.h"
#include "base/mem.h"
#include "io/jtext.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The lines not given yet. */
struct rest {
	const char *text, *end;
	unsigned long line;
};

/* The next line that is not blank, without its LF or CRLF; NULL at the end. */
static const char *
split(struct rest *r, size_t *len)
{
	while (r->text < r->end) {
		const char *line = r->text;
		const char *newline = memchr(line, '\n', (size_t)(r->end - line));
		size_t blank = 0;

		*len = (size_t)((newline ? newline : r->end) - line);
		r->text = newline ? newline + 1 : r->end;
		r->line++;
		while (blank < *len && memchr(" \t\r", line[blank], 3))
			blank++;
		if (blank == *len)
			continue;
		if (line[*len - 1] == '\r')
			--*len;
		return line;
	}
	return NULL;
}

static void
lines(const char *path, struct rest rest)
{
	struct jsonl in;
	struct fault f;
	const char *wanted;
	char *text;
	size_t n, len;
	int got;

	assert(jsonl_open(&in, path, &f) == 0);
	while ((wanted = split(&rest, &n))) {
		got = jsonl_line(&in, &text, &len, &f);
		assert(in.line == rest.line);
		assert(got == (memchr(wanted, '\0', n) ? -1 : 1));
		assert(got < 0 || (len == n && !memcmp(text, wanted, n) && !text[n]));
		assert(got > 0 || f.kind == FAULT_BAD);
	}
	assert(jsonl_line(&in, &text, &len, &f) == 0);
	jsonl_close(&in);
}

static void
objects(const char *path)
{
	struct jsonl in;
	struct fault f;
	const char *text;
	size_t len;
	int got;

	assert(jsonl_open(&in, path, &f) == 0);
	while ((got = jsonl_next(&in, &text, &len, &f)))
		assert(got > 0 ? jtext_type((struct jtext){text, len}) == JTEXT_OBJECT
			       : f.kind == FAULT_BAD);
	jsonl_close(&in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	int fd = memfd_create("lines", MFD_CLOEXEC);
	char *path = mem_printf("/proc/self/fd/%d", fd);

	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	lines(path, (struct rest){.text = text, .end = text + size});
	objects(path);
	free(path);
	close(fd);
	return 0;
}
