/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/complete.h"

#include "base/mem.h"
#include "base/near.h"
#include "base/str.h"
#include "fleet/source.h"

#include <stdlib.h>
#include <string.h>

/* Behind every text that begins with the prefix, as bytes compare; to be freed. */
static char *
end_of(const char *prefix)
{
	return mem_printf("%s\xf4\x8f\xbf\xbf", prefix); /* U+10FFFF, the last character */
}

static int
begins(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static int
read_words(struct db_rows *rows, int more, struct words *out, struct fault *f)
{
	while (more >= 0 && (more = db_next(rows, f)) == 1)
		words_add(out, db_text(rows, 0));
	db_end(rows);
	return more;
}

/* One after the other, so that a name that a million interfaces have is looked at once. */
static int
names(struct session *s, const char *prefix, struct words *out, struct fault *f)
{
	/* hot: each press of a key, for each name. The + keeps it at the index on names. */
	static const char sql[] =
	    "SELECT name FROM item WHERE name >= $1 AND name < $2 AND +project = $3"
	    " AND retired = 0 AND class NOT IN ('label', 'project') ORDER BY name LIMIT 1";
	char *end = end_of(prefix), *from = mem_dup(prefix), *name;
	int found = 1;

	while (out->n < COMPLETE_MOST &&
	       (found = db_get_text(s->db, &name, f, sql, "ssi", from, end, s->project)) == 1) {
		vec_push(out, name);
		free(from);
		from = mem_printf("%s\x01", name);
	}
	free(from);
	free(end);
	return found < 0 ? -1 : 0;
}

static int
variables(struct session *s, const char *prefix, struct words *out, struct fault *f)
{
	/* hot: each press of a key */
	static const char sql[] = "SELECT name FROM keydef WHERE project = $1 AND name >= $2"
				  " AND name < $3 ORDER BY name LIMIT $4";
	char *end = end_of(prefix);
	struct db_rows rows;
	int more =
	    db_query(s->db, &rows, f, sql, "issi", s->project, prefix, end, (int64_t)COMPLETE_MOST);

	more = read_words(&rows, more, out, f);
	free(end);
	return more;
}

/*
 * The first label at or behind a text, 1 or 0. Labels of a key are passed over by asking for
 * what is behind "KEY=" and all that follows it.
 */
static int
next_label(struct session *s, const char *from, char **out, struct fault *f)
{
	/* hot: each press of a key, for each key of labels */
	static const char sql[] =
	    "SELECT slot FROM item WHERE project = $1 AND class = 'label' AND scope = 0"
	    " AND slot >= $2 ORDER BY slot LIMIT 1";

	return db_get_text(s->db, out, f, sql, "is", s->project, from);
}

static int
labels(struct session *s, const char *prefix, struct words *out, struct fault *f)
{
	int by_key = !strchr(prefix, '='), found = 1;
	char *from = mem_dup(prefix), *label;

	while (out->n < COMPLETE_MOST && (found = next_label(s, from, &label, f)) == 1) {
		char *equals = by_key ? strchr(label, '=') : NULL;

		free(from);
		if (!begins(label, prefix)) {
			free(label);
			return 0;
		}
		if (equals)
			equals[1] = '\0';
		words_add(out, label);
		/* Behind this label, or behind all of its key. */
		from = equals ? end_of(label) : mem_printf("%s\x01", label);
		free(label);
	}
	free(from);
	return found < 0 ? -1 : 0;
}

/* Kinds of one class have no index of their own, so that all three of devices are offered. */
static int
kinds(struct session *s, const char *prefix, struct words *out, struct fault *f)
{
	/* hot: each press of a key, for each class */
	static const char sql[] = "SELECT min(class) FROM item WHERE project = $1 AND class > $2";
	static const char *const devices[] = {"host", "network-device"};
	char *class = mem_dup(""), *next = NULL;
	int found;

	while ((found = db_get_text(s->db, &next, f, sql, "is", s->project, class)) == 1 && next) {
		free(class);
		class = next;
		next = NULL;
		if (begins(class, prefix))
			words_add(out, class);
		for (size_t i = 0; i < 2 && strcmp(class, "device") == 0; i++)
			if (begins(devices[i], prefix))
				words_add(out, devices[i]);
	}
	free(class);
	words_sort(out);
	return found < 0 ? -1 : 0;
}

static int
sources(struct session *s, const char *prefix, struct words *out, struct fault *f)
{
	struct sources all = {0};
	int status = source_list(s, &all, f);

	for (size_t i = 0; status == 0 && i < all.n; i++)
		if (begins(all.v[i].name, prefix))
			words_add(out, all.v[i].name);
	sources_done(&all);
	words_sort(out);
	return status;
}

static const struct {
	const char *name;
	int (*find)(struct session *s, const char *prefix, struct words *out, struct fault *f);
} sorts[] = {
    {"names", names},
    {"labels", labels},
    {"variables", variables},
    {"kinds", kinds},
    {"sources", sources},
};

int
complete_words(
    struct session *s, const char *what, const char *prefix, struct words *out, struct fault *f)
{
	struct near near = NEAR_INIT(what);
	char hint[NEAR_HINT];

	for (size_t i = 0; i < sizeof(sorts) / sizeof(*sorts); i++) {
		if (strcmp(sorts[i].name, what) == 0)
			return sorts[i].find(s, prefix, out, f);
		near_offer(&near, sorts[i].name);
	}
	return fault_set(f, FAULT_USAGE,
	    "\"%s\": names, labels, variables, kinds or sources is wanted%s", what,
	    near_hint(&near, hint));
}
