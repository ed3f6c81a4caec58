/* SPDX-License-Identifier: Apache-2.0 */
/* Files: read whole, replaced whole, stdout that is checked. */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "base/fault.h"
#include "base/str.h"

/* "-" is standard input. More than max bytes is a fault; max 0 is no limit. */
int file_read(const char *path, size_t max, struct str *out, struct fault *f);

/*
 * Replaces a file as a whole: written beside it, synced, renamed, the folder synced. Readers
 * see the old or the new text, whatever is killed.
 */
int file_replace(const char *path, const char *text, size_t len, struct fault *f);

/* Makes a folder and its parents, mode 0755 less the umask; one that exists is fine. */
int file_make_dir(const char *path, struct fault *f);

/*
 * Looks for NAME in the folders of a colon-separated list, then returns its path, to be
 * freed; NULL if none has it. A name with a slash in it is a path already.
 */
char *file_find(const char *folders, const char *name);

/*
 * Flushes stdout and says if anything written to it was lost. Every verb ends with it: output
 * on a full disk must not be exit status 0.
 */
int file_end_output(struct fault *f);

#endif
