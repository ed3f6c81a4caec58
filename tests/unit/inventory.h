/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the fleet room: an inventory in memory, and records put into it. */
#ifndef TEST_INVENTORY_H
#define TEST_INVENTORY_H

#include "fleet/log/change.h"
#include "fleet/record.h"
#include "fleet/ref.h"
#include "fleet/session.h"
#include "fleet/source.h"

#include "tap.h"

static struct session s;
static struct fault f;

__attribute__((unused)) static void
open_inventory(void)
{
	const struct session_options memory = {.memory = 1};

	if (session_open(&s, &memory, DB_WRITE, &f) < 0)
		tap_bail(f.text);
}

/* Puts a record as a source in a change of its own: what record_put says; f has the reason. */
__attribute__((unused)) static int
put_as(const char *source, const char *json, int mode, int64_t *id)
{
	struct str canonical = STR_INIT;
	struct record r = {0};
	struct change c;
	int effect = -1;

	if (jtext_canonical(json, strlen(json), &canonical, &f) < 0)
		tap_bail(f.text);
	if (record_read(&r, JTEXT(canonical.text), &f) == 0 && change_begin(&c, &s, 0, &f) == 0) {
		if (source_want(&s, source, &c.source, &f) == 0)
			effect = record_put(&c, &r, mode, id, &f);
		if (effect < 0)
			change_rollback(&c);
		else if (change_commit(&c, &f) < 0)
			effect = -1;
	}
	record_done(&r);
	str_done(&canonical);
	return effect;
}

/* The same as the operator; the id, or 0. */
__attribute__((unused)) static int64_t
put(const char *json)
{
	int64_t id = 0;

	return put_as("operator", json, RECORD_MERGE, &id) < 0 ? 0 : id;
}

/* What there is of that name; 0: none, or several. */
__attribute__((unused)) static int64_t
find(const char *text)
{
	int64_t id = 0;

	return ref_find(&s, NULL, text, &id, &f) == 1 ? id : 0;
}

__attribute__((unused)) static int64_t
number(const char *sql)
{
	struct db_rows rows;
	int64_t n = -1;

	if (db_query_once(s.db, &rows, &f, sql, "") == 0 && db_next(&rows, &f) == 1)
		n = db_int(&rows, 0);
	db_end(&rows);
	return n;
}

#endif
