/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/journal.h"

#include "base/when.h"
#include "exec/crash.h"
#include "flow/event/chain.h"

#include <stdarg.h>
#include <string.h>

/*
 * A checkpoint by hand each so many turns kept the longest silence of the loop at 3 ms and
 * the log at 4 MiB; SQLite's own comes in the middle of a commit.
 */
#define CHECKPOINT_TURNS 200

void
journal_init(struct journal *j, struct db *db, int64_t run,
    void (*told)(const struct event *, void *), void *ctx)
{
	*j = (struct journal){.db = db, .run = run, .told = told, .ctx = ctx};
}

static void
write_done(struct journal_write *w)
{
	for (int i = 0; w->types[i]; i++)
		if (w->types[i] == 's')
			free((char *)(uintptr_t)w->args[i].s);
}

static void
forget(struct journal *j)
{
	for (size_t i = 0; i < j->writes.n; i++)
		write_done(&j->writes.v[i]);
	for (size_t i = 0; i < j->events.n; i++)
		free(j->events.v[i].body);
	j->writes.n = j->events.n = 0;
}

void
journal_done(struct journal *j)
{
	forget(j);
	vec_done(&j->writes);
	vec_done(&j->events);
}

int
journal_pending(const struct journal *j)
{
	return j->writes.n > 0;
}

static struct journal_write *
put_off(struct journal *j, int64_t owner, const char *sql, const char *types, va_list *ap)
{
	struct journal_write *w = vec_add(&j->writes);

	if (strlen(types) > JOURNAL_ARGS)
		abort();
	w->sql = sql;
	w->types = types;
	w->owner = owner;
	for (int i = 0; types[i]; i++)
		switch (types[i]) {
		case 's': w->args[i].s = mem_dup(va_arg(*ap, const char *)); break;
		case 'd': w->args[i].d = va_arg(*ap, double); break;
		default: w->args[i].i = va_arg(*ap, int64_t); break;
		}
	return w;
}

void
journal_write(struct journal *j, int64_t owner, const char *sql, const char *types, ...)
{
	va_list ap;

	if (j->is_dry)
		return;
	va_start(ap, types);
	put_off(j, owner, sql, types, &ap);
	va_end(ap);
}

void
journal_claim(struct journal *j, int64_t owner, const char *sql, const char *types, ...)
{
	va_list ap;

	if (j->is_dry)
		return;
	va_start(ap, types);
	put_off(j, owner, sql, types, &ap)->is_claim = 1;
	va_end(ap);
}

static void
tell(const struct journal *j, const struct journal_event *e)
{
	struct event event = {e->seq, j->run, e->at, e->word, e->body, e->hash};

	j->told(&event, j->ctx);
}

/* Its text stays with the event; the write only says when in the order it is stored. */
void
journal_event(struct journal *j, int64_t owner, const char *word, char *body)
{
	struct journal_event *e;
	struct journal_write *w;

	if (j->is_dry) {
		free(body);
		return;
	}
	e = vec_add(&j->events);
	*e = (struct journal_event){
	    .word = word, .body = body ? body : mem_dup("{}"), .at = when_now(), .owner = owner};
	w = vec_add(&j->writes);
	*w = (struct journal_write){.types = "", .owner = owner, .event = (int)j->events.n};
}

void
journal_would(struct journal *j, const char *word, char *body)
{
	struct journal_event e = {.word = word, .body = body, .at = when_now()};

	if (j->is_dry)
		tell(j, &e);
	free(body);
}

void
journal_drop(struct journal *j, int64_t owner)
{
	size_t kept = 0;

	for (size_t i = 0; i < j->writes.n; i++)
		if (j->writes.v[i].owner == owner)
			write_done(&j->writes.v[i]);
		else
			j->writes.v[kept++] = j->writes.v[i];
	j->writes.n = kept;
	/* Events keep their places, which writes name; this one has no write any more. */
	for (size_t i = 0; i < j->events.n; i++)
		if (j->events.v[i].owner == owner) {
			free(j->events.v[i].body);
			j->events.v[i].body = NULL;
		}
}

/* ---- committing ---- */

static int
check_epoch(struct journal *j, struct fault *f)
{
	int64_t epoch = -1;

	if (db_get_int(j->db, &epoch, f, "SELECT epoch FROM run WHERE id = $1", "i", j->run) < 0)
		return -1;
	if (epoch == j->epoch)
		return 0;
	j->taken_over = 1;
	return fault_set(f, FAULT_BUSY,
	    "run %lld was taken over by another engine; this one has stopped", (long long)j->run);
}

/* The place of the last one that is stored: some have lost their writes. */
static size_t
last_event(const struct journal *j)
{
	size_t i = j->events.n;

	while (i > 0 && !j->events.v[i - 1].body)
		i--;
	return i - 1;
}

static int
store_event(struct journal *j, struct chain *c, size_t i, struct fault *f)
{
	struct journal_event *e = &j->events.v[i];
	struct event event = {.run = j->run, .at = e->at, .word = e->word, .body = e->body};
	int is_last = i == last_event(j);

	if (chain_add(c, &event, is_last, f) < 0)
		return -1;
	e->seq = event.seq;
	if (is_last)
		memcpy(j->sealed, c->hash, sizeof(j->sealed));
	e->hash = is_last ? j->sealed : NULL;
	return 0;
}

static int
store_one(struct journal *j, struct chain *c, const struct journal_write *w, int64_t *loser,
    struct fault *f)
{
	int64_t changed;

	if (w->event)
		return store_event(j, c, (size_t)w->event - 1, f);
	changed = db_run_args(j->db, f, w->sql, w->types, w->args);
	if (changed == 1)
		return 0;
	if (changed < 0)
		return -1;
	if (w->is_claim) {
		*loser = w->owner;
		return JOURNAL_LOST;
	}
	return fault_set(f, FAULT_BAD, "%lld rows changed where it should be one: %.200s",
	    (long long)changed, w->sql);
}

static int
store_all(struct journal *j, int64_t *loser, struct fault *f)
{
	struct chain chain = {0};
	int rc = check_epoch(j, f);

	crash_point("engine.in-transaction");
	if (rc == 0 && j->events.n)
		rc = chain_open(&chain, j->db, f);
	for (size_t i = 0; i < j->writes.n && rc == 0; i++)
		rc = store_one(j, &chain, &j->writes.v[i], loser, f);
	chain_done(&chain);
	crash_point("engine.before-commit");
	return rc;
}

/* A violated rule of the schema will not get better by waiting; all else may. */
static int
refused(struct journal *j, struct fault *f)
{
	if (f->kind == FAULT_BAD) {
		f->kind = FAULT_SYSTEM;
		return fault_within(f, "%s: run %lld", db_path(j->db), (long long)j->run);
	}
	if (!j->refused_since)
		j->refused_since = when_boot();
	return JOURNAL_NOT_NOW;
}

static void
tell_all(struct journal *j)
{
	for (size_t i = 0; i < j->events.n; i++)
		if (j->events.v[i].body)
			tell(j, &j->events.v[i]);
	if (j->events.n)
		j->told(NULL, j->ctx);
}

int
journal_commit(struct journal *j, int64_t *loser, struct fault *f)
{
	int rc;

	if (!j->writes.n)
		return JOURNAL_COMMITTED;
	crash_point("engine.before-begin");
	if (db_begin(j->db, f) < 0)
		return refused(j, f);
	rc = store_all(j, loser, f);
	if (rc == 0 && db_commit(j->db, f) == 0) {
		crash_point("engine.committed");
		j->refused_since = j->said = 0;
		tell_all(j);
		crash_point("engine.told");
		forget(j);
		if (++j->turns >= CHECKPOINT_TURNS)
			journal_idle(j);
		return JOURNAL_COMMITTED;
	}
	db_rollback(j->db);
	if (rc == JOURNAL_LOST)
		return JOURNAL_LOST;
	if (j->taken_over)
		return -1;
	return refused(j, f);
}

void
journal_idle(struct journal *j)
{
	if (!j->turns || j->is_dry)
		return;
	j->turns = 0;
	db_checkpoint(j->db, 0);
}
