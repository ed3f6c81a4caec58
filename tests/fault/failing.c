/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded, makes one call of a program fail: the FAULT_AT-th of those below that its own
 * code makes, libraries' calls not counted. With FAULT_AT 0 nothing fails. In both cases the
 * file FAULT_LOG gets one line: how many calls there were, and the name of the one that failed.
 *
 * A loop makes the same call a million times. Of one place in the program the first
 * calls count, then the 2^n-th.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static uintptr_t program_from, program_to; /* where the program's own code lies */
static unsigned long fail_at, calls;
static const char *failed = "";

#define FIRST 16 /* of one place */

static struct place {
	uintptr_t caller;
	unsigned long calls;
} places[1024];
static pid_t counted; /* 0 until started */

static int
note_program(struct dl_phdr_info *info, size_t size, void *ctx)
{
	(void)size;
	(void)ctx;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *h = &info->dlpi_phdr[i];

		if (h->p_type != PT_LOAD || !(h->p_flags & PF_X))
			continue;
		program_from = info->dlpi_addr + h->p_vaddr;
		program_to = program_from + h->p_memsz;
	}
	return 1; /* the program is the first of all */
}

__attribute__((constructor)) static void
start(void)
{
	const char *at = getenv("FAULT_AT");

	fail_at = at ? strtoul(at, NULL, 10) : 0;
	dl_iterate_phdr(note_program, NULL);
	counted = getpid();
}

/* By bare system calls, which nobody replaces. A child of the program keeps its own count to
 * itself. */
__attribute__((destructor)) static void
tell(void)
{
	const char *path = getenv("FAULT_LOG");
	char line[64];
	int fd, n;

	if (!path || getpid() != counted)
		return;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	n = snprintf(line, sizeof(line), "%lu %s\n", calls, failed);
	if (fd < 0)
		return;
	(void)!syscall(SYS_write, fd, line, n); /* a test may be out of room on purpose */
	syscall(SYS_close, fd);
}

static int
counts(uintptr_t caller)
{
	struct place *p = &places[caller % 1021];

	while (p->caller && p->caller != caller)
		p = p == &places[1023] ? places : p + 1;
	p->caller = caller;
	p->calls++;
	return p->calls <= FIRST || !(p->calls & (p->calls - 1));
}

/* Whether this call, made from there, is the one to fail. */
static int
fails(void *caller, const char *name, int error)
{
	uintptr_t from = (uintptr_t)caller;

	if (!counted || from < program_from || from >= program_to || getpid() != counted)
		return 0;
	if (!counts(from) || ++calls != fail_at)
		return 0;
	failed = name;
	tell(); /* at once: out of memory ends without destructors */
	errno = error;
	return 1;
}

#define FAILS(name, error) fails(__builtin_return_address(0), name, error)

/* A function that stands before the real one of the same name. */
#define BEFORE(type, name, error, value, params, args)                                             \
	type name params;                                                                          \
	type name params                                                                           \
	{                                                                                          \
		static type(*real) params;                                                         \
                                                                                                   \
		if (!real)                                                                         \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                                 \
		if (FAILS(#name, error))                                                           \
			return value;                                                              \
		return real args;                                                                  \
	}

/* glibc's own allocator by its other names: dlsym allocates before the real one is known. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

void *
malloc(size_t n)
{
	return FAILS("malloc", ENOMEM) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return FAILS("calloc", ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return FAILS("realloc", ENOMEM) ? NULL : __libc_realloc(p, n);
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	if (FAILS("reallocarray", ENOMEM))
		return NULL;
	if (size && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(p, n * size);
}

BEFORE(ssize_t, read, EIO, -1, (int fd, void *to, size_t n), (fd, to, n))
BEFORE(ssize_t, write, ENOSPC, -1, (int fd, const void *from, size_t n), (fd, from, n))
BEFORE(int, fsync, EIO, -1, (int fd), (fd))
BEFORE(int, fdatasync, EIO, -1, (int fd), (fd))
BEFORE(int, rename, EIO, -1, (const char *from, const char *to), (from, to))
BEFORE(int, fstat, EIO, -1, (int fd, struct stat *st), (fd, st))
BEFORE(off_t, lseek, EIO, -1, (int fd, off_t at, int whence), (fd, at, whence))
BEFORE(int, mkdir, ENOSPC, -1, (const char *path, mode_t mode), (path, mode))

/* Linux closes the descriptor even when it reports an error. */
int
close(int fd)
{
	int fail = FAILS("close", EIO), error = errno;
	int r = (int)syscall(SYS_close, fd);

	if (fail)
		errno = error;
	return fail ? -1 : r;
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	if (FAILS("open", EMFILE))
		return -1;
	va_start(ap, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
