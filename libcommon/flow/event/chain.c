/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/event/chain.h"

#include "base/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- adding ---- */

static void
begin_sum(struct chain *c)
{
	hash_init(&c->sum);
	hash_add(&c->sum, c->hash, strlen(c->hash));
}

static void
add_line(struct chain *c, const struct event *e)
{
	struct event bare = *e;

	bare.hash = NULL;
	str_reset(&c->line);
	event_json(&bare, &c->line);
	str_addc(&c->line, '\n');
	hash_add(&c->sum, c->line.text, c->line.len);
}

/* The numbers go on behind rows that somebody deleted: the gap tells of them. */
int
chain_open(struct chain *c, struct db *db, struct fault *f)
{
	static const char sql[] =
	    "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0),"
	    " (SELECT hash FROM event ORDER BY seq DESC LIMIT 1)";
	struct db_rows rows;
	int more = db_query(db, &rows, f, sql, "");

	*c = (struct chain){.db = db};
	if (more == 0 && (more = db_next(&rows, f)) == 1) {
		c->seq = db_int(&rows, 0);
		snprintf(
		    c->hash, sizeof(c->hash), "%s", db_is_null(&rows, 1) ? "" : db_text(&rows, 1));
	}
	db_end(&rows);
	begin_sum(c);
	return more < 0 ? -1 : 0;
}

void
chain_done(struct chain *c)
{
	str_done(&c->line);
}

int
chain_add(struct chain *c, struct event *e, int is_last, struct fault *f)
{
	static const char sql[] = "INSERT INTO event (seq, run, at, event, body, hash)"
				  " VALUES ($1, $2, $3, $4, $5, $6)";

	e->seq = ++c->seq;
	add_line(c, e);
	if (is_last) {
		hash_end(&c->sum, c->hash);
		begin_sum(c);
	}
	return db_run(c->db, f, sql, "irisss", e->seq, e->run, e->at, e->word, e->body,
		   is_last ? c->hash : NULL) < 0
		   ? -1
		   : 0;
}

int
chain_put(struct db *db, int64_t run, const char *word, const char *body, struct fault *f)
{
	struct event e = {.run = run, .at = when_now(), .word = word, .body = body};
	struct chain c;
	int rc = chain_open(&c, db, f);

	if (rc == 0)
		rc = chain_add(&c, &e, 1, f);
	chain_done(&c);
	return rc;
}

int
chain_say(struct session *s, const char *word, struct str *members, struct fault *f)
{
	struct str none = STR_INIT, *body = members ? members : &none;
	int rc;

	if (!members)
		jtext_open(body);
	jtext_text(body, "actor", s->actor);
	jtext_text(body, "reason", s->reason);
	jtext_close(body);
	rc = chain_put(s->db, 0, word, body->text, f);
	str_done(body);
	return rc;
}

/* ---- checking ---- */

struct checking {
	struct chain chain;
	int64_t events;
	int has_begun; /* a hash was seen: what is older than the chain comes before it */
	void (*each)(const char *fault, void *ctx);
	void *ctx;
};

static void
complain(const struct checking *k, int64_t seq, const char *what)
{
	char text[120];

	snprintf(text, sizeof(text), "event %" PRId64 ": %s", seq, what);
	k->each(text, k->ctx);
}

/* After a fault the chain goes on from what is written: one fault is told once. */
static void
check_hash(struct checking *k, const struct event *e)
{
	struct chain *c = &k->chain;

	hash_end(&c->sum, c->hash);
	if (strcmp(c->hash, e->hash) != 0)
		complain(k, e->seq, "it, or one since the hash before it, is not what was written");
	snprintf(c->hash, sizeof(c->hash), "%s", e->hash);
	begin_sum(c);
	k->has_begun = 1;
}

static void
check_event(const struct event *e, void *ctx)
{
	struct checking *k = ctx;
	int is_old = e->hash && !*e->hash;

	k->events++;
	k->chain.seq = e->seq;
	if (is_old && k->has_begun)
		complain(k, e->seq, "it is not in the chain");
	if (is_old)
		return;
	add_line(&k->chain, e);
	if (e->hash)
		check_hash(k, e);
}

/* The last row has a hash, and the last number given out is its. */
static int
check_end(struct checking *k, struct fault *f)
{
	static const char sql[] = "SELECT coalesce((SELECT seq FROM sqlite_sequence"
				  " WHERE name = 'event'), 0), (SELECT count(*) FROM event"
				  " WHERE seq = $1 AND hash IS NULL)";
	struct db_rows rows;
	int more = db_query(k->chain.db, &rows, f, sql, "i", k->chain.seq);

	if (more == 0 && (more = db_next(&rows, f)) == 1) {
		if (db_int(&rows, 0) != k->chain.seq)
			complain(k, db_int(&rows, 0), "it was the last one, and is gone");
		if (db_int(&rows, 1))
			complain(k, k->chain.seq, "the last one, and without its hash");
	}
	db_end(&rows);
	return more < 0 ? -1 : 0;
}

int64_t
chain_check(struct db *db, void (*each)(const char *fault, void *ctx), void *ctx, struct fault *f)
{
	struct checking k = {.chain = {.db = db}, .each = each, .ctx = ctx};
	int64_t since = 0;
	int rc;

	begin_sum(&k.chain);
	rc = event_each(db, 0, &since, check_event, &k, f);
	if (rc == 0)
		rc = check_end(&k, f);
	chain_done(&k.chain);
	return rc < 0 ? -1 : k.events;
}
