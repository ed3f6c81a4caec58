/* SPDX-License-Identifier: Apache-2.0 */
#include "io/jsonl.h"

#include "base/mem.h"
#include "io/jtext.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK ((size_t)256 << 10)

int
jsonl_open(struct jsonl *in, const char *path, struct fault *f)
{
	int is_stdin = !path || !strcmp(path, "-");

	*in = (struct jsonl){.name = is_stdin ? "stdin" : path, .fd = STDIN_FILENO};
	if (!is_stdin)
		in->fd = open(path, O_RDONLY | O_CLOEXEC);
	return in->fd < 0 ? fault_errno(f, "%s", path) : 0;
}

void
jsonl_close(struct jsonl *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
	free(in->buf);
	in->buf = NULL;
	str_done(&in->canonical);
}

/* Room for a chunk and the NUL behind the last line: by moving if that gains much, else more. */
static void
make_room(struct jsonl *in)
{
	if (in->room - in->end > CHUNK)
		return;
	if (in->start > in->room / 2) {
		memmove(in->buf, in->buf + in->start, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
	}
	if (in->room - in->end <= CHUNK) {
		in->room = in->room * 2 + 2 * CHUNK;
		in->buf = mem_resize(in->buf, in->room, 1);
	}
}

/* Reads more behind what is there; at_end says if there is no more. */
static int
fill(struct jsonl *in, struct fault *f)
{
	ssize_t n;

	make_room(in);
	n = TEMP_FAILURE_RETRY(read(in->fd, in->buf + in->end, CHUNK));
	if (n < 0)
		return fault_errno(f, "%s", in->name);
	in->at_end = n == 0;
	in->end += (size_t)n;
	return 0;
}

static int
too_long(struct jsonl *in, struct fault *f)
{
	return fault_set(f, FAULT_BAD, "%s:%lu: line longer than %zu MiB", in->name, ++in->line,
	    JSONL_LONGEST >> 20);
}

/* Passes over the rest of a line, a chunk at a time, keeping none of it. */
static int
skip_line(struct jsonl *in, struct fault *f)
{
	const char *newline = NULL;

	while (!newline && !in->at_end) {
		in->start = in->end = 0;
		if (fill(in, f) < 0)
			return -1;
		newline = memchr(in->buf, '\n', in->end);
	}
	in->start = newline ? (size_t)(newline - in->buf) + 1 : in->end;
	return too_long(in, f);
}

/* The next line as it is, blank or not: 1, 0 at the end, -1. Newlines are looked for once. */
static int
raw_line(struct jsonl *in, char **text, size_t *len, struct fault *f)
{
	size_t seen = 0, had;
	char *newline;

	for (;;) {
		had = in->end - in->start;
		newline = had > seen ? memchr(in->buf + in->start + seen, '\n', had - seen) : NULL;
		if (newline || in->at_end)
			break;
		if (had > JSONL_LONGEST) {
			skip_line(in, f);
			return -1;
		}
		seen = had;
		if (fill(in, f) < 0)
			return -1;
	}
	if (!newline && !had)
		return 0;
	*text = in->buf + in->start;
	*len = newline ? (size_t)(newline - *text) : had;
	in->start += *len + (newline != NULL);
	if (*len > JSONL_LONGEST)
		return too_long(in, f);
	(*text)[*len] = '\0';
	in->line++;
	return 1;
}

static int
is_blank(const char *text, size_t len)
{
	return strspn(text, " \t\r") == len;
}

int
jsonl_line(struct jsonl *in, char **text, size_t *len, struct fault *f)
{
	int got;

	do
		got = raw_line(in, text, len, f);
	while (got > 0 && is_blank(*text, *len));
	if (got <= 0)
		return got;
	if (memchr(*text, '\0', *len))
		return fault_set(f, FAULT_BAD, "%s:%lu: NUL byte", in->name, in->line);
	if ((*text)[*len - 1] == '\r')
		(*text)[--*len] = '\0';
	return 1;
}

int
jsonl_next(struct jsonl *in, const char **object, size_t *len, struct fault *f)
{
	char *text;
	size_t n;
	int got = jsonl_line(in, &text, &n, f);

	if (got <= 0)
		return got;
	str_reset(&in->canonical);
	if (jtext_canonical(text, n, &in->canonical, f) < 0)
		return fault_within(f, "%s:%lu", in->name, in->line);
	if (*in->canonical.text != '{')
		return fault_set(f, FAULT_BAD, "%s:%lu: not a JSON object", in->name, in->line);
	*object = in->canonical.text;
	*len = in->canonical.len;
	return 1;
}
