/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/journal.h"

#include "tap.h"

#include <unistd.h>

static char path[64];
static struct db *db, *other;
static struct str told;

static void
on_told(const struct event *e, void *ctx)
{
	(void)ctx;
	if (e)
		str_addf(&told, "%s%s ", e->seq ? "" : "-", e->word);
}

static void
must(int rc, const struct fault *f)
{
	if (rc < 0)
		tap_bail(f->text);
}

static void
do_sql(struct db *to, const char *sql)
{
	struct db_rows rows;
	struct fault f;

	must(db_query_once(to, &rows, &f, sql, ""), &f);
	must(db_next(&rows, &f), &f);
	db_end(&rows);
}

static int64_t
count(const char *sql)
{
	struct fault f;
	int64_t n = -1;

	must(db_get_int(db, &n, &f, sql, ""), &f);
	return n;
}

static void
begin(struct journal *j)
{
	str_reset(&told);
	journal_init(j, db, 1, on_told, NULL);
}

static void
claim(struct journal *j, int64_t owner, int64_t item)
{
	journal_claim(j, owner,
	    "INSERT INTO item_lock (item, run, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
	    "iii", item, (int64_t)1, (int64_t)0);
}

static void
test_commit(void)
{
	struct journal j;
	struct fault f;
	int64_t loser;

	begin(&j);
	journal_write(&j, -1, "UPDATE run SET why = $1 WHERE id = 1", "s", "reason");
	journal_event(&j, -1, "first", NULL);
	journal_event(&j, 3, "second", mem_dup("{\"item\":\"x\"}"));
	is_text(told.text, "", "nothing is told before the commit");
	is_int(count("SELECT count(*) FROM event"), 0, "and nothing stored");
	is_int(journal_commit(&j, &loser, &f), JOURNAL_COMMITTED, "all is committed at once");
	is_text(told.text, "first second ", "then told, in order");
	is_int(count("SELECT count(*) FROM event WHERE run = 1"), 2, "and stored");
	ok(!journal_pending(&j), "nothing is left to do");
	is_int(journal_commit(&j, &loser, &f), JOURNAL_COMMITTED, "an empty commit is no work");
	journal_done(&j);
}

static void
test_busy(void)
{
	struct journal j;
	struct fault f;
	int64_t loser;

	begin(&j);
	must(db_begin(other, &f), &f);
	journal_event(&j, -1, "late", NULL);
	is_int(journal_commit(&j, &loser, &f), JOURNAL_NOT_NOW, "a busy file is no fault");
	is_text(told.text, "", "what is not committed is not told");
	ok(journal_pending(&j) && j.refused_since, "it is kept");
	db_rollback(other);
	is_int(journal_commit(&j, &loser, &f), JOURNAL_COMMITTED, "and committed later");
	is_text(told.text, "late ", "then told");
	ok(!j.refused_since, "the refusal is over");
	journal_done(&j);
}

static void
test_claim(void)
{
	struct journal j;
	struct fault f;
	int64_t loser = -1;

	begin(&j);
	do_sql(other, "INSERT INTO item_lock (item, run, at) VALUES (7, 2, 0)");
	claim(&j, 0, 6);
	journal_event(&j, 0, "mine", NULL);
	claim(&j, 1, 7);
	journal_event(&j, 1, "lost", NULL);
	journal_event(&j, -1, "run", NULL);
	is_int(journal_commit(&j, &loser, &f), JOURNAL_LOST, "a claim that somebody has is lost");
	is_int(loser, 1, "its owner is named");
	is_int(count("SELECT count(*) FROM item_lock"), 1, "nothing of the commit stands");
	journal_drop(&j, 1);
	is_int(journal_commit(&j, &loser, &f), JOURNAL_COMMITTED, "without it the rest goes in");
	is_text(told.text, "mine run ", "and of the loser nothing is told");
	is_int(count("SELECT count(*) FROM item_lock WHERE run = 1"), 1, "the other claim holds");
	journal_done(&j);
}

static void
test_bug(void)
{
	struct journal j;
	struct fault f;
	int64_t loser;

	begin(&j);
	journal_write(&j, -1, "UPDATE run SET why = $1 WHERE id = $2", "si", "x", (int64_t)99);
	is_int(journal_commit(&j, &loser, &f), -1, "an update that finds no row is a bug");
	ok(f.kind == FAULT_SYSTEM, "which no waiting mends");
	journal_done(&j);
	begin(&j);
	journal_write(&j, -1, "UPDATE run SET state = $1 WHERE id = 1", "s", "nonsense");
	is_int(journal_commit(&j, &loser, &f), -1, "so is a state that the schema does not know");
	journal_done(&j);
}

static void
test_epoch(void)
{
	struct journal j;
	struct fault f;
	int64_t loser;

	begin(&j);
	do_sql(other, "UPDATE run SET epoch = 5 WHERE id = 1");
	journal_event(&j, -1, "stale", NULL);
	is_int(journal_commit(&j, &loser, &f), -1, "an engine whose run was taken over is stopped");
	ok(f.kind == FAULT_BUSY && strstr(f.text, "taken over"), "by its first write");
	is_text(told.text, "", "which tells nothing");
	j.epoch = 5;
	is_int(journal_commit(&j, &loser, &f), JOURNAL_COMMITTED, "the new one goes on");
	journal_done(&j);
}

static void
test_dry(void)
{
	int64_t before = count("SELECT count(*) FROM event");
	struct journal j;
	struct fault f;
	int64_t loser;

	begin(&j);
	j.is_dry = 1;
	journal_write(&j, -1, "UPDATE run SET why = $1 WHERE id = 1", "s", "dry");
	journal_event(&j, -1, "real", NULL);
	journal_would(&j, "would.run", mem_dup("{}"));
	is_int(
	    journal_commit(&j, &loser, &f), JOURNAL_COMMITTED, "a dry run has nothing to commit");
	is_text(told.text, "-would.run ", "it tells what would be");
	is_int(count("SELECT count(*) FROM event"), before, "and stores nothing");
	journal_done(&j);
}

int
main(void)
{
	struct fault f;

	snprintf(path, sizeof(path), "/tmp/t_journal.%d.db", (int)getpid());
	must(db_open(&db, path, DB_WRITE, &f), &f);
	must(db_open(&other, path, DB_WRITE, &f), &f);
	db_patience(db, 0);
	do_sql(db, "INSERT INTO run (id, project, plan, workflow, definition, limits, items, actor,"
		   " created) VALUES (1, 1, 'p', 'w', '{}', '{}', 0, 'a', 0),"
		   " (2, 1, 'q', 'w', '{}', '{}', 0, 'a', 0)");
	test_commit();
	test_busy();
	test_claim();
	test_bug();
	test_epoch();
	test_dry();
	db_close(db);
	db_close(other);
	for (const char *const *s = (const char *const[]){"", "-wal", "-shm", NULL}; *s; s++) {
		char *file = mem_printf("%s%s", path, *s);

		unlink(file);
		free(file);
	}
	str_done(&told);
	return tap_end();
}
