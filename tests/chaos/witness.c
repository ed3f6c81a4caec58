/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An action that tells on itself, so that what the engine believes can be compared with what
 * happened. It appends to a file of its own, holds a lock of its item meanwhile (two at once
 * are seen by the kernel, not by the engine), and takes a few milliseconds.
 *
 *	witness act FOLDER ITEM STEP MS STATUS [TIMES]   started, ended; STATUS at first TIMES tries
 *	witness verify FOLDER ITEM STEP                  0 if it has ended well, 1 if not
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

static char path[4096];

static void
append(const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
		perror(path);
		_exit(70);
	}
	close(fd);
}

/* How often a line begins so. */
static int
count(const char *line_start)
{
	FILE *in = fopen(path, "r");
	char line[256];
	int n = 0;

	while (in && fgets(line, sizeof(line), in))
		n += !strncmp(line, line_start, strlen(line_start));
	if (in)
		fclose(in);
	return n;
}

static void
hold(const char *folder, const char *item)
{
	char lock[4096];
	int fd;

	snprintf(lock, sizeof(lock), "%s/%s.alive", folder, item);
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK))
		append("overlap\n");
}

static int
act(int argc, char **argv)
{
	const char *key = getenv("CRATON_KEY");
	int ms = atoi(argv[5]), status = atoi(argv[6]);
	int times = argc > 7 ? atoi(argv[7]) : 1 << 30;
	const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
	char line[512];

	hold(argv[2], argv[3]);
	if (count("started") >= times)
		status = 0;
	snprintf(line, sizeof(line), "started %s\n", key ? key : "-");
	append(line);
	nanosleep(&pause, NULL);
	snprintf(line, sizeof(line), "ended %d %s\n", status, key ? key : "-");
	append(line);
	return status;
}

int
main(int argc, char **argv)
{
	if (argc < 5)
		return 64;
	snprintf(path, sizeof(path), "%s/%s.%s", argv[2], argv[3], argv[4]);
	if (!strcmp(argv[1], "verify"))
		return count("ended 0") ? 0 : 1;
	return argc > 6 ? act(argc, argv) : 64;
}
