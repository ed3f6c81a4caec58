/* SPDX-License-Identifier: Apache-2.0 */
#include "io/file.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)64 << 10)

static int
read_all(int fd, const char *name, size_t max, struct str *out, struct fault *f)
{
	size_t before = out->len;
	ssize_t n;

	do {
		n = TEMP_FAILURE_RETRY(read(fd, str_space(out, CHUNK), CHUNK));
		if (n < 0)
			return fault_errno(f, "%s", name);
		str_grown(out, (size_t)n);
		if (max && out->len - before > max)
			return fault_set(f, FAULT_BAD, "%s: larger than %zu bytes", name, max);
	} while (n > 0);
	return 0;
}

int
file_read(const char *path, size_t max, struct str *out, struct fault *f)
{
	int is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	size_t before = out->len;
	int result;

	if (fd < 0)
		return fault_errno(f, "%s", path);
	result = read_all(fd, is_stdin ? "stdin" : path, max, out, f);
	if (result < 0)
		str_cut(out, before);
	if (!is_stdin)
		close(fd);
	return result;
}

static int
write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = TEMP_FAILURE_RETRY(write(fd, text, len));

		if (n < 0)
			return -1;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

static mode_t
mode_of_new_file(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0644 & ~mask;
}

/* Of the file in the place, or of a new one. What is no file (/dev/null) is not replaced. */
static int
mode_for(const char *path, mode_t *mode, struct fault *f)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		if (errno != ENOENT)
			return fault_errno(f, "%s", path);
		*mode = mode_of_new_file();
		return 0;
	}
	if (!S_ISREG(st.st_mode))
		return fault_set(f, FAULT_SYSTEM, "%s: not a regular file", path);
	*mode = st.st_mode & 07777;
	return 0;
}

/*
 * Makes the rename last: without it a power failure can bring the old file back. EINVAL is a
 * file system that cannot sync folders, and then there is no more to be done.
 */
static int
sync_folder_of(const char *path, struct fault *f)
{
	char *copy = mem_dup(path);
	const char *folder = dirname(copy);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = 0;

	if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
		result = fault_errno(f, "%s", folder);
	if (fd >= 0)
		close(fd);
	free(copy);
	return result;
}

/* Fills and closes the file beside, then puts it into the place. Only errno tells of faults. */
static int
fill_and_rename(
    int fd, const char *beside, const char *path, mode_t mode, const char *text, size_t len)
{
	int saved;

	if (write_all(fd, text, len) < 0 || fchmod(fd, mode) < 0 || fsync(fd) < 0) {
		saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	return close(fd) < 0 ? -1 : rename(beside, path);
}

static int
replace(const char *path, const char *text, size_t len, struct fault *f)
{
	char *beside = mem_printf("%s.XXXXXX", path);
	mode_t mode = 0;
	int fd, result = -1;

	if (mode_for(path, &mode, f) < 0)
		goto out;
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0) {
		fault_errno(f, "%s", path);
		goto out;
	}
	if (fill_and_rename(fd, beside, path, mode, text, len) < 0) {
		fault_errno(f, "%s", path);
		unlink(beside);
		goto out;
	}
	result = sync_folder_of(path, f);
out:
	free(beside);
	return result;
}

/* Where a symbolic link leads, to be freed; NULL for anything else, also one into nothing. */
static char *
target_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) ? realpath(path, NULL) : NULL;
}

int
file_replace(const char *path, const char *text, size_t len, struct fault *f)
{
	char *target = target_of(path);
	int result = replace(target ? target : path, text, len, f);

	free(target);
	return result;
}

static int
make_one_dir(const char *path, struct fault *f)
{
	struct stat st;

	if (mkdir(path, 0755) == 0)
		return 0;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return fault_errno(f, "%s", path);
}

int
file_make_dir(const char *path, struct fault *f)
{
	char *copy = mem_dup(path);
	int result = 0;

	for (char *p = copy; result == 0 && *p; p++)
		if (*p == '/' && p > copy) {
			*p = '\0';
			result = make_one_dir(copy, f);
			*p = '/';
		}
	if (result == 0)
		result = make_one_dir(copy, f);
	free(copy);
	return result;
}

static int
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

char *
file_find(const char *folders, const char *name)
{
	if (strchr(name, '/'))
		return mem_dup(name);
	while (*folders) {
		size_t len = strcspn(folders, ":");
		char *path = mem_printf("%.*s/%s", (int)len, folders, name);

		if (len > 0 && is_file(path))
			return path;
		free(path);
		folders += len + (folders[len] == ':');
	}
	return NULL;
}

char *
file_prefix(void)
{
	static const char libexec[] = "/libexec";
	char exe[PATH_MAX], *prefix;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	size_t tail;

	if (n <= 0)
		return mem_dup("/usr/local");
	exe[n] = '\0';
	prefix = dirname(dirname(exe));
	tail = strlen(prefix) - (sizeof(libexec) - 1); /* libexec/craton is one deeper than bin */
	if (strlen(prefix) > sizeof(libexec) && !strcmp(prefix + tail, libexec))
		prefix[tail] = '\0';
	return mem_dup(prefix);
}

/* The errno of the first flush that failed: a stream keeps only that there was an error. */
static int lost;

void
file_flush_output(void)
{
	if (fflush(stdout) != 0 && !lost)
		lost = errno;
}

int
file_end_output(struct fault *f)
{
	file_flush_output();
	if (lost) {
		errno = lost;
		return fault_errno(f, "stdout");
	}
	if (ferror(stdout))
		return fault_set(f, FAULT_SYSTEM, "stdout: some of the output was lost");
	return 0;
}

/* Not every file system knows O_TMPFILE; a name taken away at once does as well. */
int
file_nameless(const char *beside, int flags)
{
	char *copy = mem_dup(beside), *folder = dirname(copy), *path;
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | flags, 0600);

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
		path = mem_printf("%s/.craton-spool-XXXXXX", folder);
		fd = mkostemp(path, O_CLOEXEC | flags);
		if (fd >= 0)
			unlink(path);
		free(path);
	}
	free(copy);
	return fd;
}

char *
file_beside(const char *path, const char *suffix)
{
	char *real = realpath(path, NULL),
	     *beside = mem_printf("%s.%s", real ? real : path, suffix);

	free(real);
	return beside;
}
