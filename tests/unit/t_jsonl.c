/* SPDX-License-Identifier: Apache-2.0 */
#include "io/jsonl.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct jsonl in;
static struct fault fault;

/* Opens a reader on the far end of a pipe; a child writes the text in pieces of a size. */
static pid_t
feed(const char *text, size_t len, size_t piece)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) < 0 || (child = fork()) < 0)
		tap_bail("no pipe");
	if (child == 0) {
		close(ends[0]);
		for (size_t at = 0; at < len; at += piece)
			if (write(ends[1], text + at, at + piece < len ? piece : len - at) < 0)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	if (dup2(ends[0], STDIN_FILENO) < 0 || jsonl_open(&in, "-", &fault) < 0)
		tap_bail("no pipe to read from");
	close(ends[0]);
	return child;
}

static void
done(pid_t child)
{
	jsonl_close(&in);
	waitpid(child, NULL, 0);
}

static const char *
line(void)
{
	char *text;
	size_t len;
	int got = jsonl_line(&in, &text, &len, &fault);

	return got > 0 ? text : got < 0 ? fault.text : NULL;
}

static const char *
next(void)
{
	const char *object;
	size_t len;
	int got = jsonl_next(&in, &object, &len, &fault);

	return got > 0 ? object : got < 0 ? fault.text : NULL;
}

static void
lines(void)
{
	static const char text[] = "one\n\n \t\r\ntwo\r\nth\0ree\nfour";
	static const size_t pieces[] = {1, 3, 100};

	for (size_t i = 0; i < 3; i++) {
		pid_t child = feed(text, sizeof(text) - 1, pieces[i]);

		is_text(line(), "one", "a line comes without its newline (written %zu at a time)",
		    pieces[i]);
		is_text(line(), "two", "blank lines are passed over, CRLF ends a line");
		is_int(in.line, 4, "and blank lines are counted");
		is_text(line(), "stdin:5: NUL byte", "a NUL byte makes a line bad");
		is_int(fault.kind, FAULT_BAD, "that line only");
		is_text(line(), "four", "a last line without newline counts");
		is_text(line(), NULL, "then comes the end");
		is_text(line(), NULL, "and stays");
		done(child);
	}
}

static void
nothing(void)
{
	pid_t child = feed("", 0, 1);

	is_text(line(), NULL, "an empty stream has no lines");
	done(child);
}

static void
objects(void)
{
	static const char text[] = "{\"b\":1,\"a\":2}\n{\"a\":\n[1]\n\"x\"\n{}\n";
	pid_t child = feed(text, sizeof(text) - 1, 100);

	is_text(next(), "{\"a\":2,\"b\":1}", "an object comes in canonical form");
	is_text(next(), "stdin:2: column 6: the text ends where a value should be",
	    "a fault names stream, line and column");
	is_text(next(), "stdin:3: not a JSON object", "an array is no record");
	is_text(next(), "stdin:4: not a JSON object", "nor is a string");
	is_text(next(), "{}", "good lines after bad ones are read");
	is_text(next(), NULL, "up to the end");
	done(child);
}

static void
lines_longer_than_the_buffer(void)
{
	size_t len = 3000000;
	char *text = malloc(2 * len + 2);
	pid_t child;

	if (!text)
		tap_bail("no memory");
	memset(text, 'x', len);
	memset(text + len + 1, 'y', len);
	text[len] = text[2 * len + 1] = '\n';
	child = feed(text, 2 * len + 2, 65536);
	text[len] = text[2 * len + 1] = '\0';
	ok(!strcmp(line(), text), "a line of many chunks is whole");
	ok(!strcmp(line(), text + len + 1), "and so is the next");
	is_text(line(), NULL, "and no more");
	done(child);
	free(text);
}

static long
peak_memory_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void
lines_over_the_limit(void)
{
	char path[] = "/tmp/t_jsonl.XXXXXX";
	int fd = mkstemp(path);
	off_t first = 3 * (off_t)JSONL_LONGEST, size = first + 9 + (off_t)JSONL_LONGEST + 1;

	/* holes read as NUL bytes: long lines that cost no disk */
	if (fd < 0 || pwrite(fd, "\nbetween\n", 9, first) != 9 || ftruncate(fd, size) < 0 ||
	    jsonl_open(&in, path, &fault) < 0)
		tap_bail("no large file");
	ok(strstr(line(), ":1: line longer than 64 MiB"), "a line over the limit is named");
	is_int(fault.kind, FAULT_BAD, "and does not end the stream");
	is_text(line(), "between", "the line after it is read");
	is_int(in.line, 2, "and has its number");
	ok(strstr(line(), ":3: "), "a long line without end is named too");
	is_text(line(), NULL, "once");
	ok(peak_memory_kib() < 5 * (long)(JSONL_LONGEST >> 10), "memory stays bounded");
	jsonl_close(&in);
	close(fd);
	unlink(path);
}

static void
broken_streams(void)
{
	is_int(jsonl_open(&in, "/nonexistent/x.jsonl", &fault), -1, "a file must exist");
	is_text(fault.text, "/nonexistent/x.jsonl: No such file or directory", "and is named");
	jsonl_close(&in);
	is_int(jsonl_open(&in, "/", &fault), 0, "a folder can be opened");
	is_text(line(), "/: Is a directory", "but is not read");
	is_int(fault.kind, FAULT_SYSTEM, "and ends the stream");
	jsonl_close(&in);
	close(STDIN_FILENO);
	jsonl_open(&in, NULL, &fault);
	is_text(line(), "stdin: Bad file descriptor", "a closed stdin is a fault, not an end");
	jsonl_close(&in);
}

int
main(void)
{
	lines();
	nothing();
	objects();
	lines_longer_than_the_buffer();
	lines_over_the_limit();
	broken_streams();
	return tap_end();
}
