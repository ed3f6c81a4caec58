/* SPDX-License-Identifier: Apache-2.0 */
/* The dictionary of variables' keys against what layers and log have of them. */
#include "fleet/log/fsck.h"

#include "base/map.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Keys by "PROJECT KEY"; the value is 1 where a layer has it now, 0 where the log had it. */
struct used {
	struct map keys;
	struct str name;
};

static void
use(struct used *u, int64_t project, const char *key, int now)
{
	int added;

	str_reset(&u->name);
	str_addf(&u->name, "%" PRId64 " %s", project, key);
	map_put(&u->keys, u->name.text, &added)->i |= now;
}

static void
use_object(struct used *u, int64_t project, struct jtext object, int now)
{
	struct str plain = STR_INIT;
	struct jtext key, value;
	size_t at = 0;

	while (object.text && jtext_each(object, &at, &key, &value)) {
		str_reset(&plain);
		jtext_plain(key, &plain);
		use(u, project, plain.text, now);
	}
	str_done(&plain);
}

static void
use_list(struct used *u, int64_t project, struct jtext list)
{
	struct jtext none, key;
	size_t at = 0;

	while (list.text && jtext_each(list, &at, &none, &key)) {
		char *plain = jtext_plain_dup(key);

		use(u, project, plain, 0);
		free(plain);
	}
}

static int
read_layers(struct fsck *k, struct used *u, struct fault *f)
{
	static const char sql[] = "SELECT i.project, d.variables FROM document AS d"
				  " JOIN item AS i ON i.id = d.id / 4096 WHERE d.variables <> '{}'";
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		use_object(u, db_int(&rows, 0), db_jtext(&rows, 1), 1);
	db_end(&rows);
	return more;
}

static int
read_log(struct fsck *k, struct used *u, struct fault *f)
{
	static const char sql[] = "SELECT t.project, c.undo FROM chg AS c JOIN txn AS t"
				  " ON t.id = c.txn WHERE c.op IN ('layer', 'drop')";
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		struct jtext undo = db_jtext(&rows, 1);

		use_object(u, db_int(&rows, 0), jtext_member(undo, "variables"), 0);
		use_list(u, db_int(&rows, 0), jtext_member(undo, "-variables"));
	}
	db_end(&rows);
	return more;
}

/* What the dictionary has and nobody ever said; what is ticked off is in both. */
static int
check_dictionary(struct fsck *k, struct used *u, struct fault *f)
{
	static const char sql[] = "SELECT project, name FROM keydef ORDER BY project, name";
	struct db_rows rows;
	int more = db_query(k->s->db, &rows, f, sql, "");

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		union map_value *known;

		str_reset(&u->name);
		str_addf(&u->name, "%" PRId64 " %s", db_int(&rows, 0), db_text(&rows, 1));
		known = map_get(&u->keys, u->name.text);
		if (known)
			known->i = 0;
		else if (!k->pruned)
			fsck_say(
			    k, "dictionary: key \"%s\": no source ever said it", db_text(&rows, 1));
	}
	db_end(&rows);
	return more;
}

int
fsck_dictionary(struct fsck *k, struct fault *f)
{
	struct used u = {0};
	struct map_entry *e;
	size_t at = 0;
	int status = -1;

	if (read_layers(k, &u, f) == 0 && read_log(k, &u, f) == 0)
		status = check_dictionary(k, &u, f);
	while (status == 0 && (e = map_each(&u.keys, &at)))
		if (e->value.i)
			fsck_say(k, "dictionary: key \"%s\" is missing", strchr(e->key, ' ') + 1);
	map_done(&u.keys);
	str_done(&u.name);
	return status;
}
