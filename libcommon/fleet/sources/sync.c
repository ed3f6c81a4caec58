/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sources/sync.h"

#include "base/mem.h"
#include "base/when.h"
#include "exec/env.h"
#include "exec/plugin.h"
#include "fleet/sources/settings.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GRACE 5000 /* ms between TERM and KILL */
#define TAIL 1024  /* bytes of stderr that are told */

int
sync_is_due(const struct source *source, int64_t now)
{
	int64_t every = settings_int(source->settings, "every", 0);

	return every > 0 && (!source->tried || now - source->tried >= every);
}

/* ---- one at a time ---- */

int
sync_lock(struct session *s, const struct source *source, int *fd, struct fault *f)
{
	char *path = mem_printf("%s-sync", db_path(s->db));
	struct flock lock = {
	    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = source->id, .l_len = 1};
	int status = 0;

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (*fd < 0)
		status = fault_errno(f, "%s", path);
	else if (fcntl(*fd, F_OFD_SETLK, &lock) < 0)
		status = errno == EAGAIN || errno == EACCES
			     ? fault_set(f, FAULT_BUSY, "source %s: is being synced", source->name)
			     : fault_errno(f, "%s", path);
	if (status < 0 && *fd >= 0)
		close(*fd);
	free(path);
	return status;
}

/* ---- the program ---- */

struct fetch {
	struct loop loop;
	struct loop_watch signals[2];
	struct child *child;
	int files[2]; /* its stdout and stderr */
};

static void
on_end(struct child *child)
{
	loop_stop(child->loop);
}

static void
on_signal(void *arg)
{
	child_stop(((struct fetch *)arg)->child);
}

/* Program and arguments: a plug-in's words are its arguments. */
static int
find_program(const struct source *source, char **program, struct words *args, struct fault *f)
{
	char *plugin = settings_text(source->settings, "plugin");
	int status = 0;

	*program = NULL;
	settings_words(source->settings, "command", args);
	if (plugin) {
		status = plugin_find("source", plugin, program, f);
	} else if (args->n) {
		*program = args->v[0];
		memmove(args->v, args->v + 1, --args->n * sizeof(*args->v));
	} else {
		status = fault_set(f, FAULT_BAD,
		    "source %s: no program is configured; see source set", source->name);
	}
	free(plugin);
	return status;
}

static void
prepare(struct session *s, const struct source *source, const char *program,
    const struct words *args, struct plugin_call *call)
{
	char *key = mem_printf("sync/%" PRId64, source->id);
	struct str json = STR_INIT;

	jtext_open(&json);
	jtext_text(&json, "project", s->project_name);
	jtext_time(&json, "seen", source->seen);
	jtext_text(&json, "source", source->name);
	jtext_close(&json);
	plugin_call_init(call, program, args, json.text, key, 1);
	env_put(&call->env, "CRATON_SOURCE", source->name);
	str_done(&json);
	free(key);
}

static int
run(struct fetch *t, const struct plugin_call *call, const struct source *source, struct fault *f)
{
	static const int signos[] = {SIGINT, SIGTERM};
	int64_t timeout = settings_int(source->settings, "timeout", SETTINGS_TIMEOUT);
	struct child_spec spec = {.out = t->files[0],
	    .err = t->files[1],
	    .limits = {.deadline = when_boot() + timeout, .grace = GRACE, .cap = SYNC_OUTPUT}};
	int status = loop_open(&t->loop, f);

	if (status < 0)
		return -1;
	plugin_call_spec(call, &spec);
	t->child = child_start(&t->loop, &spec, on_end, t);
	for (int i = 0; status == 0 && i < 2; i++) {
		t->signals[i] = (struct loop_watch){.fn = on_signal, .arg = t};
		status = loop_signal(&t->loop, &t->signals[i], signos[i], f);
	}
	if (status == 0)
		status = loop_run(&t->loop, f);
	for (int i = 0; i < 2; i++)
		loop_unwatch(&t->signals[i]);
	if (status < 0) {
		child_free(t->child);
		t->child = NULL;
	} else {
		t->child->loop = NULL; /* it outlives it */
	}
	loop_close(&t->loop);
	return status;
}

/* ---- how it ended ---- */

static const enum fault_kind kinds[OUTCOME_KINDS] = {[OUTCOME_TEMPORARY] = FAULT_BUSY,
    [OUTCOME_PERMANENT] = FAULT_NO,
    [OUTCOME_FAILED] = FAULT_NO,
    [OUTCOME_SIGNAL] = FAULT_NO,
    [OUTCOME_TIMEOUT] = FAULT_STOPPED,
    [OUTCOME_STOP] = FAULT_STOPPED};

static int
judge(const struct source *source, const char *program, const struct outcome *o, struct fault *f)
{
	enum outcome_kind kind = outcome_kind(o);
	char text[OUTCOME_TEXT];

	if (kind != OUTCOME_DONE)
		return fault_set(f, kinds[kind], "source %s: %s: %s; nothing was imported",
		    source->name, program, outcome_text(o, text));
	if (o->flags & OUTCOME_TRUNCATED)
		return fault_set(f, FAULT_REFUSED,
		    "refused: source %s: %s printed more than %d GiB; nothing was imported",
		    source->name, program, (int)(SYNC_OUTPUT >> 30));
	return 0;
}

/* The last lines of its stderr, the first of them perhaps without its beginning. */
static void
tell(int fd, void (*said)(const char *line, void *ctx), void *ctx)
{
	char text[TAIL + 1], *save = NULL;
	off_t size = lseek(fd, 0, SEEK_END);
	ssize_t n = pread(fd, text, TAIL, size > TAIL ? size - TAIL : 0);

	text[n > 0 ? n : 0] = '\0';
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		said(line, ctx);
}

static int
fetch(struct session *s, const struct source *source, struct fetch *t, struct fault *f)
{
	struct plugin_call call = {0};
	struct words args = {0};
	char *program;
	int status = find_program(source, &program, &args, f);

	if (status == 0) {
		prepare(s, source, program, &args, &call);
		status = run(t, &call, source, f);
	}
	if (status == 0)
		status = judge(source, program, &t->child->outcome, f);
	child_free(t->child);
	plugin_call_done(&call);
	words_done(&args);
	free(program);
	return status;
}

int
sync_fetch(struct session *s, const struct source *source, int *fd,
    void (*said)(const char *line, void *ctx), void *ctx, struct fault *f)
{
	struct fetch t = {.files = {-1, -1}};
	int status = -1;

	for (int i = 0; i < 2; i++) {
		t.files[i] = file_nameless(db_path(s->db), O_APPEND);
		if (t.files[i] < 0) {
			fault_errno(f, "%s: no room for what a source prints", db_path(s->db));
			goto out;
		}
	}
	status = fetch(s, source, &t, f);
	tell(t.files[1], said, ctx);
out:
	*fd = status == 0 ? t.files[0] : -1;
	if (status < 0 && t.files[0] >= 0)
		close(t.files[0]);
	if (t.files[1] >= 0)
		close(t.files[1]);
	return status;
}
