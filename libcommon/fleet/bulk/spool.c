/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/bulk/spool.h"

#include "base/mem.h"
#include "io/file.h"

#include <stdlib.h>

int
spool_open(struct spool *sp, const char *beside, struct fault *f)
{
	int fd = file_nameless(beside, 0);

	*sp = (struct spool){.path = mem_dup(beside)};
	if (fd >= 0)
		sp->file = fdopen(fd, "w+");
	return sp->file ? 0 : fault_errno(f, "%s: no room to spool the input", beside);
}

void
spool_close(struct spool *sp)
{
	if (sp->file)
		fclose(sp->file);
	free(sp->path);
	free(sp->line);
	*sp = (struct spool){0};
}

/* Canonical text has no newline in it, so a line is a record. */
int
spool_put(struct spool *sp, unsigned long line, struct jtext record, struct fault *f)
{
	if (fprintf(sp->file, "%lu ", line) < 0 ||
	    fwrite(record.text, 1, record.len, sp->file) != record.len ||
	    putc('\n', sp->file) == EOF)
		return fault_errno(f, "%s: no room to spool the input", sp->path);
	return 0;
}

int
spool_rewind(struct spool *sp, struct fault *f)
{
	if (fflush(sp->file) == EOF || fseek(sp->file, 0, SEEK_SET) != 0)
		return fault_errno(f, "%s: no room to spool the input", sp->path);
	return 0;
}

int
spool_next(struct spool *sp, unsigned long *line, struct jtext *record, struct fault *f)
{
	ssize_t n = getline(&sp->line, &sp->room, sp->file);
	char *rest;

	if (n < 0)
		return ferror(sp->file) ? fault_errno(f, "%s: spool", sp->path) : 0;
	*line = strtoul(sp->line, &rest, 10);
	sp->line[n - 1] = '\0';
	*record = (struct jtext){rest + 1, (size_t)(sp->line + n - 1 - (rest + 1))};
	return 1;
}

int
spool_tell(struct spool *sp, int64_t *at, struct fault *f)
{
	*at = ftello(sp->file);
	return *at < 0 ? fault_errno(f, "%s: spool", sp->path) : 0;
}

int
spool_seek(struct spool *sp, int64_t at, struct fault *f)
{
	return fseeko(sp->file, at, SEEK_SET) < 0 ? fault_errno(f, "%s: spool", sp->path) : 0;
}
