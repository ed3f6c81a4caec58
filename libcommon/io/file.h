/* SPDX-License-Identifier: Apache-2.0 */
/* Files: read whole, replaced whole, stdout that is checked. */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "base/fault.h"
#include "base/str.h"

/*
 * Appends the whole file; "-" is standard input. More than max bytes is FAULT_BAD; max 0 is
 * no limit. On a fault out is as it was.
 */
int file_read(const char *path, size_t max, struct str *out, struct fault *f);

/*
 * Replaces a file as a whole: written beside it, synced, renamed, the folder synced. Readers
 * see the old or the new text, whatever is killed. The mode stays; a new file gets 0644 less
 * the umask. A symbolic link stays and its target is replaced. On a fault nothing is left
 * beside the file, and only where syncing the folder fails is the new text in place.
 */
int file_replace(const char *path, const char *text, size_t len, struct fault *f);

/* Makes a folder and its parents, mode 0755 less the umask; one that exists is fine. */
int file_make_dir(const char *path, struct fault *f);

/*
 * A file without a name, to read and write, in the folder of another: it vanishes with its
 * last descriptor. flags are open's, such as O_APPEND. -1 with errno.
 */
int file_nameless(const char *beside, int flags);

/*
 * Looks for NAME in the folders of a colon-separated list, then returns its path, to be
 * freed; NULL if none has it. A name with a slash in it is a path already.
 */
char *file_find(const char *folders, const char *name);

/*
 * The prefix the running program is installed under, to be freed: the folder above the one it
 * is in, /usr/local for /usr/local/bin/craton-inv and /usr/local/libexec/craton/X. The build folder
 * has the same layout, so PREFIX/share/craton and PREFIX/libexec/craton are found without
 * installing. /usr/local where /proc is not mounted.
 */
char *file_prefix(void);

/*
 * Flushes stdout and says if anything written to it was lost. Every verb ends with it: output
 * on a full disk must not be exit status 0.
 */
int file_end_output(struct fault *f);

/* Flushes stdout on the way; file_end_output remembers why the first flush failed. */
void file_flush_output(void);

/*
 * "PATH.SUFFIX", to be freed: beside the file itself, where a link leads, so that a link is no way
 * around what stands there.
 */
char *file_beside(const char *path, const char *suffix);

#endif
