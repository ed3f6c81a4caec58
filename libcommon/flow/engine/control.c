/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/control.h"

#include "base/report.h"
#include "base/when.h"
#include "flow/people/breaker.h"
#include "io/file.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define POLL_MS 250

/* ---- halt ---- */

static int
is_there(const char *path)
{
	return access(path, F_OK) == 0 || errno != ENOENT;
}

/* In an emergency nobody asks whether DB is a link: either name does. */
void
control_halt_files(const char *db, struct words *out)
{
	char *named = mem_printf("%s.halt", db), *real = file_beside(db, "halt");

	vec_push(out, named);
	if (strcmp(named, real) != 0)
		vec_push(out, real);
	else
		free(real);
}

static const char *
which_is_there(const struct words *files)
{
	for (size_t i = 0; i < files->n; i++)
		if (is_there(files->v[i]))
			return files->v[i];
	return NULL;
}

char *
control_halt_there(const char *db)
{
	struct words files = {0};
	char *file;

	control_halt_files(db, &files);
	file = mem_dup(which_is_there(&files));
	words_done(&files);
	return file;
}

int
control_halt_file(const struct engine *e)
{
	return which_is_there(&e->halt_files) != NULL;
}

static void
add_who(const struct db_rows *rows, int actor, int reason, struct str *why)
{
	str_addf(why, " by %s", db_text(rows, actor));
	if (!db_is_null(rows, reason))
		str_addf(why, ": %s", db_text(rows, reason));
}

int
control_halted(struct session *s, struct str *why, struct fault *f)
{
	static const char sql[] = "SELECT actor, reason FROM control"
				  " WHERE run IS NULL AND word = 'halt' AND seen IS NULL LIMIT 1";
	struct db_rows rows;
	char *file = control_halt_there(db_path(s->db));
	int more = 0;

	if (file) {
		str_addf(why, "halted by the file %s", file);
		free(file);
		return 1;
	}
	more = db_query(s->db, &rows, f, sql, "");
	if (more == 0 && (more = db_next(&rows, f)) == 1) {
		str_add(why, "halted");
		add_who(&rows, 0, 1, why);
	}
	db_end(&rows);
	return more;
}

/* ---- rows ---- */

static void
approve(struct engine *e, int64_t wave)
{
	static const char sql[] = "UPDATE run SET approved = $2 WHERE id = $1 AND epoch = $3";
	struct str body = STR_INIT;

	if (wave <= e->run.approved)
		return;
	e->run.approved = wave;
	journal_write(&e->journal, -1, sql, "iii", e->run.id, wave, e->journal.epoch);
	jtext_open(&body);
	jtext_int(&body, "wave", wave);
	jtext_close(&body);
	journal_event(&e->journal, -1, "run.approve", str_take(&body));
}

static void
cancel(struct engine *e, int undoing, const char *why)
{
	static const char sql[] = "UPDATE run SET state = 'stopping', why = $2"
				  " WHERE id = $1 AND epoch = $3";

	e->undoing = undoing;
	engine_stop(e, ENGINE_CANCEL, RUN_CANCELLED, why);
	journal_write(&e->journal, -1, sql, "isi", e->run.id, undoing ? "cancel-undo" : "cancel",
	    e->journal.epoch);
}

static void
mark_seen(struct engine *e, int64_t id)
{
	static const char sql[] = "UPDATE control SET seen = $2 WHERE id = $1 AND seen IS NULL";

	journal_write(&e->journal, -1, sql, "ii", id, when_now());
}

static void
take(struct engine *e, const struct db_rows *rows)
{
	const char *word = db_text(rows, 1);
	struct str why = STR_INIT;

	str_add(&why, !strcmp(word, "halt")    ? "halted"
		      : !strcmp(word, "pause") ? "paused"
					       : "cancelled");
	add_who(rows, 3, 4, &why);
	if (!strcmp(word, "halt")) {
		engine_stop(e, ENGINE_DRAIN, RUN_HELD, why.text);
	} else {
		/* Once: the mark waits for its commit, and the next look may come before. */
		if (db_int(rows, 0) > e->heard) {
			e->heard = db_int(rows, 0);
			mark_seen(e, e->heard);
			if (!strcmp(word, "pause"))
				engine_stop(e, ENGINE_DRAIN, RUN_PAUSED, why.text);
			else if (!strcmp(word, "approve"))
				approve(e, db_int(rows, 2));
			else if (!strncmp(word, "cancel", 6))
				cancel(e, word[6] != '\0', why.text);
		}
	}
	str_done(&why);
}

static int
listen(struct engine *e, struct fault *f)
{
	static const char sql[] = "SELECT id, word, wave, actor, reason FROM control"
				  " WHERE seen IS NULL AND (run = $1 OR run IS NULL) ORDER BY id";
	struct db_rows rows;
	int more = db_query(e->session->db, &rows, f, sql, "i", e->run.id);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		take(e, &rows);
	db_end(&rows);
	return more;
}

/*
 * Another run of the workflow has tripped, in whatever process. The run that did is exempt:
 * with a new limit it goes on by a person's word.
 */
static int
heed_breaker(struct engine *e, struct fault *f)
{
	struct breaker b;
	char *why;
	int found;

	if (e->will != ENGINE_GO) /* that includes undoing, which is always allowed */
		return 0;
	found = breaker_get(e->session, e->run.workflow, &b, f);
	if (found == 1 && !b.closed && b.run != e->run.id) {
		why = mem_printf(CONTROL_BREAKER " by run %" PRId64 ": %s", b.run, b.why);
		engine_stop(e, ENGINE_DRAIN, RUN_HELD, why);
		free(why);
	}
	breaker_done(&b);
	return found < 0 ? -1 : 0;
}

static void
on_poll(void *arg)
{
	struct engine *e = arg;
	struct fault f;

	/* A read that is refused is tried again: the next look is never far. */
	if ((listen(e, &f) < 0 || heed_breaker(e, &f) < 0) && f.kind != FAULT_BUSY)
		engine_fail(e, &f);
	if (control_halt_file(e))
		engine_stop(e, ENGINE_DRAIN, RUN_HELD, CONTROL_HALT_FILE);
	timer_set(&e->loop.timers, &e->poll, when_boot() + POLL_MS);
}

/* ---- signals ---- */

static void
stop_running(struct engine *e)
{
	for (struct attempt *a = e->attempts.first; a; a = a->next)
		attempt_stop(a);
}

static void
on_signal(void *arg)
{
	struct engine *e = arg;

	e->signals++;
	if (e->signals == 1) {
		engine_stop(e, ENGINE_DRAIN, RUN_PAUSED, "paused by a signal");
		if (e->running)
			report_note("%d still running; waiting for them to end (once more: stop "
				    "them)",
			    e->running);
	} else if (e->signals == 2) {
		report_note("stopping %d that are running", e->running);
		stop_running(e);
	}
}

int
control_open(struct engine *e, struct fault *f)
{
	e->interrupt = e->terminate = e->hangup = (struct loop_watch){.fn = on_signal, .arg = e};
	e->poll = (struct timer){.fn = on_poll, .arg = e};
	signal(SIGPIPE, SIG_IGN); /* a reader that leaves is no reason to leave the fleet */
	timer_set(&e->loop.timers, &e->poll, when_boot() + POLL_MS);
	if (loop_signal(&e->loop, &e->interrupt, SIGINT, f) < 0 ||
	    loop_signal(&e->loop, &e->terminate, SIGTERM, f) < 0 ||
	    loop_signal(&e->loop, &e->hangup, SIGHUP, f) < 0)
		return -1;
	return e->is_dry ? 0 : listen(e, f) < 0 ? -1 : heed_breaker(e, f);
}

void
control_close(struct engine *e)
{
	loop_unwatch(&e->interrupt);
	loop_unwatch(&e->terminate);
	loop_unwatch(&e->hangup);
	timer_stop(&e->loop.timers, &e->poll);
}
