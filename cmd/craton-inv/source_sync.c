/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"

#include "inv.h"

#include "base/report.h"
#include "base/when.h"
#include "fleet/bulk/import.h"
#include "fleet/sources/settings.h"
#include "fleet/sources/staleness.h"
#include "fleet/sources/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
say_line(const char *line, void *ctx)
{
	report_warn("%s: %s", (const char *)ctx, line);
}

static int
import(struct session *s, const struct source *source, int fd, int *skipped, struct fault *f)
{
	struct import im = {.input = source->name,
	    .source = source->name,
	    .full = !settings_true(source->settings, "partial"),
	    .bad = inv_say_bad,
	    .note = inv_say_note};
	char *format = settings_text(source->settings, "format");
	char path[32];
	int status = 0;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (format && !(im.format = format_find(format, f)))
		status = -1;
	if (status == 0)
		status = import_run(s, &im, path, f);
	if (status == 0)
		inv_say_import(&im, source->name);
	*skipped = im.skipped > 0;
	free(format);
	return status;
}

/* Fetched, then imported: the program runs without the database's lock. */
static int
sync_locked(struct session *s, const struct source *source, int *skipped, struct fault *f)
{
	int64_t started = when_now();
	struct fault why;
	int fd, status = sync_fetch(s, source, &fd, say_line, source->name, f);

	if (status == 0) {
		status = import(s, source, fd, skipped, f);
		close(fd);
	}
	return source_note_sync(
		   s, source->id, started, status < 0 ? f->text : NULL, status < 0 ? &why : f) < 0
		   ? -1
		   : status;
}

static int
sync_one(struct session *s, const struct source *source, int *skipped, struct fault *f)
{
	int lock, status = sync_lock(s, source, &lock, f);

	*skipped = 0;
	if (status < 0)
		return -1;
	status = sync_locked(s, source, skipped, f);
	close(lock);
	return status;
}

static int
choose(struct session *s, char *const *names, int n, struct sources *out, struct fault *f)
{
	int64_t now = when_now();
	size_t kept = 0;

	for (int i = 0; i < n; i++)
		if (source_need(s, names[i], vec_add(out), f) < 0)
			return -1;
	if (n)
		return 0;
	if (source_list(s, out, f) < 0)
		return -1;
	for (size_t i = 0; i < out->n; i++)
		if (sync_is_due(&out->v[i], now))
			out->v[kept++] = out->v[i];
		else
			source_done(&out->v[i]);
	out->n = kept;
	if (!kept)
		report_note("no source is due");
	return 0;
}

/* The greatest of their exit statuses; one that fails holds up no other. */
int
source_sync(
    struct session *s, const struct source_options *o, char *const *words, int n, struct fault *f)
{
	struct sources all = {0};
	int worst = 0, status = staleness_judge(s, f);

	(void)o;
	if (status == 0)
		status = choose(s, words, n, &all, f);
	for (size_t i = 0; status == 0 && i < all.n; i++) {
		struct fault why;
		int skipped, failed = sync_one(s, &all.v[i], &skipped, &why) < 0;
		int one = failed ? report_fault(&why) : skipped;

		worst = one > worst ? one : worst;
	}
	sources_done(&all);
	return status < 0 ? -1 : worst;
}
