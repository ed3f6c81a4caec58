/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/known.h"

#include "fleet/expr/attribute.h"

#include <stdlib.h>
#include <string.h>

/*
 * Offers the first column of rows, up to a mark if there is one in it. Candidates are kept in
 * words, since the rows go and the near miss is of them.
 */
static int
offer_rows(struct db_rows *rows, int more, char mark, struct near *near, struct words *words,
    struct fault *f)
{
	while (more >= 0 && (more = db_next(rows, f)) == 1) {
		const char *text = db_text(rows, 0), *end = mark ? strchr(text, mark) : NULL;

		vec_push(words, mem_dupn(text, end ? (size_t)(end - text) : strlen(text)));
		near_offer(near, words->v[words->n - 1]);
	}
	db_end(rows);
	return more;
}

static int
settle(const struct near *near, int status, struct words *words, char hint[NEAR_HINT])
{
	near_hint(near, hint);
	words_done(words);
	return status;
}

int
known_variable(struct session *s, const char *key, const struct words *besides,
    char hint[NEAR_HINT], struct fault *f)
{
	/* hot: each variable of each expression */
	static const char is_key[] = "SELECT 1 FROM keydef WHERE project = $1 AND name = $2";
	static const char all[] = "SELECT name FROM keydef WHERE project = $1";
	struct near near = NEAR_INIT(key);
	struct words words = {0};
	struct db_rows rows;
	int64_t one;
	int found = db_get_int(s->db, &one, f, is_key, "is", s->project, key);

	for (size_t i = 0; besides && i < besides->n; i++) {
		if (strcmp(besides->v[i], key) == 0)
			return 1;
		near_offer(&near, besides->v[i]);
	}
	if (found != 0)
		return found;
	found = db_query(s->db, &rows, f, all, "i", s->project);
	return settle(&near, offer_rows(&rows, found, '\0', &near, &words, f), &words, hint);
}

static int
label_is_there(struct session *s, const char *text, struct fault *f)
{
	/* '>' is the character behind '=': the range holds all texts that begin with KEY=. */
	static const char sql[] = "SELECT 1 FROM item WHERE project = $1 AND class = 'label' AND"
				  " scope = 0 AND (slot = $2 OR slot >= $3 AND slot < $4) LIMIT 1";
	char *from = mem_printf("%s=", text), *to = mem_printf("%s>", text);
	int64_t one;
	int found = db_get_int(s->db, &one, f, sql, "isss", s->project, text, from, to);

	free(from);
	free(to);
	return found;
}

int
known_label(struct session *s, const char *text, char hint[NEAR_HINT], struct fault *f)
{
	static const char all[] =
	    "SELECT slot FROM item WHERE project = $1 AND class = 'label' AND scope = 0";
	char *key = mem_dupn(text, strcspn(text, "="));
	struct near near = NEAR_INIT(key);
	struct words words = {0};
	struct db_rows rows;
	int found = label_is_there(s, key, f);

	if (found == 0) {
		found = db_query(s->db, &rows, f, all, "i", s->project);
		found = offer_rows(&rows, found, '=', &near, &words, f);
		settle(&near, found, &words, hint);
	}
	free(key);
	return found;
}

int
known_attribute(struct session *s, const char *name, char hint[NEAR_HINT], struct fault *f)
{
	static const char sql[] = "SELECT 1 FROM item WHERE project = $1 AND more IS NOT NULL"
				  " AND jmember(more, $2) IS NOT NULL LIMIT 1";
	struct near near = NEAR_INIT(name);
	const char *common;
	int64_t one;

	for (size_t i = 0; (common = attribute_name(i)); i++) {
		if (strcmp(common, name) == 0)
			return 1;
		near_offer(&near, common);
	}
	near_hint(&near, hint);
	return db_get_int(s->db, &one, f, sql, "is", s->project, name);
}

/* Craton's own words: to ask a fleet for one that it has none of is no mistake. */
static const char *const kinds[] = {"cell", "cloud", "device", "host", "label", "network",
    "network-device", "network-interface", "project", "region", "vm"};

int
known_kind(struct session *s, const char *kind, char hint[NEAR_HINT], struct fault *f)
{
	static const char one[] = "SELECT 1 FROM item WHERE project = $1 AND kind = $2 LIMIT 1";
	static const char all[] = "SELECT DISTINCT kind FROM item WHERE project = $1";
	struct near near = NEAR_INIT(kind);
	struct words words = {0};
	struct db_rows rows;
	int64_t ignored;
	int found;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i], kind) == 0)
			return 1;
		near_offer(&near, kinds[i]);
	}
	found = db_get_int(s->db, &ignored, f, one, "is", s->project, kind);
	if (found != 0)
		return found;
	found = db_query(s->db, &rows, f, all, "i", s->project);
	return settle(&near, offer_rows(&rows, found, '\0', &near, &words, f), &words, hint);
}

int
known_place(
    struct session *s, const char *kind, const char *name, char hint[NEAR_HINT], struct fault *f)
{
	static const char one[] =
	    "SELECT 1 FROM item WHERE project = $1 AND class = $2 AND name = $3 LIMIT 1";
	static const char all[] = "SELECT name FROM item WHERE project = $1 AND class = $2";
	struct near near = NEAR_INIT(name);
	struct words words = {0};
	struct db_rows rows;
	int64_t ignored;
	int found = db_get_int(s->db, &ignored, f, one, "iss", s->project, kind, name);

	if (found != 0)
		return found;
	found = db_query(s->db, &rows, f, all, "is", s->project, kind);
	return settle(&near, offer_rows(&rows, found, '\0', &near, &words, f), &words, hint);
}

int
known_relation(struct session *s, const char *type, char hint[NEAR_HINT], struct fault *f)
{
	static const char all[] = "SELECT DISTINCT r.type FROM relation AS r"
				  " JOIN item AS i ON i.id = r.src WHERE i.project = $1";
	struct near near = NEAR_INIT(type);
	struct words words = {0};
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, all, "i", s->project);

	found = offer_rows(&rows, found, '\0', &near, &words, f);
	if (found == 0)
		found = words_have(&words, type);
	return settle(&near, found, &words, hint);
}
