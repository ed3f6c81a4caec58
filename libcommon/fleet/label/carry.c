/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/label/carry.h"

#include "base/mem.h"
#include "fleet/label/rule.h"

#include <stdlib.h>
#include <string.h>

struct carried {
	int64_t label;
	char *name;
};

struct carried_list VEC_BODY(struct carried);

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct carried *)a)->name, ((const struct carried *)b)->name);
}

/* A label by rule may have been put on the item as well. */
static void
tidy(struct carried_list *list)
{
	size_t kept = 0;

	vec_sort(list, by_name);
	for (size_t i = 0; i < list->n; i++)
		if (kept && list->v[kept - 1].label == list->v[i].label)
			free(list->v[i].name);
		else
			list->v[kept++] = list->v[i];
	list->n = kept;
}

static int
add_plain(struct session *s, int64_t item, struct carried_list *out, struct fault *f)
{
	/* hot: each item that is listed or resolved */
	static const char sql[] = "SELECT t.id, t.name FROM item AS t WHERE t.id IN (SELECT label "
				  "FROM label WHERE item = $1)"
				  " ORDER BY t.name";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", item);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(out, ((struct carried){db_int(&rows, 0), db_text_dup(&rows, 1)}));
	db_end(&rows);
	return more;
}

/* Which rules somebody depends on: of a key, or of these labels; neither: all, to be shown. */
struct asked {
	const char *key;
	const struct ids *labels;
};

static int
is_asked(const struct asked *asked, const struct rule *rule)
{
	return asked->key ? carry_is_of(rule->name, asked->key)
			  : !asked->labels || ids_have(asked->labels, rule->label);
}

static int
add_by_rule(struct session *s, int64_t item, const struct asked *asked, struct carried_list *out,
    struct fault *f)
{
	const struct rule_list *rules;
	int depends = asked->key || asked->labels, holds = rules_get(s, &rules, f);

	for (size_t i = 0; holds >= 0 && i < rules->n; i++) {
		const struct rule *rule = &rules->v[i];

		if (!is_asked(asked, rule))
			continue;
		holds = depends ? rule_holds(s, rule, item, f) : rule_shows(s, rule, item, f);
		if (holds == 1)
			vec_push(out, ((struct carried){rule->label, mem_dup(rule->name)}));
	}
	return holds < 0 ? -1 : 0;
}

static int
list(struct session *s, int64_t item, enum carry which, const struct asked *asked,
    struct carried_list *out, struct fault *f)
{
	if ((which & CARRY_PLAIN) && add_plain(s, item, out, f) < 0)
		return -1;
	if ((which & CARRY_BY_RULE) && add_by_rule(s, item, asked, out, f) < 0)
		return -1;
	tidy(out);
	return 0;
}

static int
list_texts(struct session *s, int64_t item, enum carry which, const struct asked *asked,
    struct words *out, struct fault *f)
{
	struct carried_list carried = {0};
	int status = list(s, item, which, asked, &carried, f);

	for (size_t i = 0; i < carried.n; i++)
		vec_push(out, carried.v[i].name);
	vec_done(&carried);
	return status;
}

static int
list_ids(struct session *s, int64_t item, enum carry which, const struct asked *asked,
    struct ids *out, struct fault *f)
{
	struct carried_list carried = {0};
	int status = list(s, item, which, asked, &carried, f);

	for (size_t i = 0; i < carried.n; i++) {
		if (!asked->labels || ids_have(asked->labels, carried.v[i].label))
			vec_push(out, carried.v[i].label);
		free(carried.v[i].name);
	}
	vec_done(&carried);
	return status;
}

int
carry_texts(struct session *s, int64_t item, enum carry which, struct words *out, struct fault *f)
{
	const struct asked all = {0};

	return list_texts(s, item, which, &all, out, f);
}

int
carry_ids(struct session *s, int64_t item, enum carry which, struct ids *out, struct fault *f)
{
	const struct asked all = {0};

	return list_ids(s, item, which, &all, out, f);
}

int
carry_ids_among(
    struct session *s, int64_t item, const struct ids *labels, struct ids *out, struct fault *f)
{
	const struct asked these = {.labels = labels};

	return list_ids(s, item, CARRY_ALL, &these, out, f);
}

int
carry_texts_of(struct session *s, int64_t item, const char *key, struct words *out, struct fault *f)
{
	const struct asked of_key = {.key = key};

	return list_texts(s, item, CARRY_ALL, &of_key, out, f);
}

int
carry_is_of(const char *text, const char *key)
{
	size_t len = strlen(key);

	return strncmp(text, key, len) == 0 && (!text[len] || text[len] == '=');
}
