/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/formats/column.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void
column_done(struct column *c)
{
	free(c->word);
}

/* ---- what a value becomes ---- */

static int
put_nothing(struct draft *d, const struct column *c, struct jtext value, struct fault *f)
{
	(void)d, (void)c, (void)value, (void)f;
	return 0;
}

static int
put_field(struct draft *d, const struct column *c, struct jtext value, struct fault *f)
{
	enum jtext_type type = jtext_type(value);
	char *plain;

	if (type == JTEXT_ARRAY || type == JTEXT_OBJECT)
		return fault_set(f, FAULT_BAD, "%s: a text is wanted", c->word);
	plain = jtext_plain_dup(value);
	draft_text(d, c->word, plain);
	free(plain);
	return 0;
}

static int
put_truth(struct draft *d, const struct column *c, struct jtext value, struct fault *f)
{
	char *plain = jtext_plain_dup(value);
	int truth = strcmp(plain, "true") == 0, known = truth || strcmp(plain, "false") == 0;

	if (known)
		draft_bool(d, c->word, truth);
	else
		fault_set(f, FAULT_BAD, "%s: true or false is wanted, not \"%s\"", c->word, plain);
	free(plain);
	return known ? 0 : -1;
}

static int
put_variable(struct draft *d, const struct column *c, struct jtext value, struct fault *f)
{
	(void)f;
	draft_variable(d, c->word, value);
	return 0;
}

static int
put_attribute(struct draft *d, const struct column *c, struct jtext value, struct fault *f)
{
	(void)f;
	draft_attribute(d, "item", c->word, value);
	return 0;
}

/* One of several: a label or a relation. */
typedef void (*put_one)(struct draft *d, const struct column *c, const char *text);

static void
put_one_label(struct draft *d, const struct column *c, const char *text)
{
	draft_label(d, c->word, text);
}

static void
put_one_relation(struct draft *d, const struct column *c, const char *text)
{
	draft_relate_to(d, c->word, text);
}

/* A list, or a text with semicolons between. */
static int
put_several(struct draft *d, const struct column *c, struct jtext value, put_one put)
{
	struct jtext none, each;
	size_t at = 0;
	char *plain, *rest, *word;

	if (jtext_type(value) == JTEXT_ARRAY) {
		while (jtext_each(value, &at, &none, &each)) {
			plain = jtext_plain_dup(each);
			put(d, c, plain);
			free(plain);
		}
		return 0;
	}
	plain = rest = jtext_plain_dup(value);
	while ((word = strsep(&rest, ";")))
		if (*word)
			put(d, c, word);
	free(plain);
	return 0;
}

static int
put_labels(struct draft *d, const struct column *c, struct jtext value, struct fault *f)
{
	(void)f;
	return put_several(d, c, value, put_one_label);
}

static int
put_relations(struct draft *d, const struct column *c, struct jtext value, struct fault *f)
{
	(void)f;
	return put_several(d, c, value, put_one_relation);
}

/* ---- what a name means ---- */

/* A name with a colon or a dot at its end begins the meaning; the rest is the word. */
static const struct meaning {
	const char *name;
	column_put put;
} meanings[] = {
    {"-", put_nothing}, {"name", put_field}, {"key", put_field}, {"ref", put_field},
    {"kind", put_field}, {"cloud", put_field}, {"region", put_field}, {"cell", put_field},
    {"parent", put_field}, {"ip_address", put_field}, {"device_type", put_field},
    {"note", put_field}, {"active", put_truth}, {"labels", put_labels}, {"label:", put_labels},
    {"rel:", put_relations}, {"item.", put_attribute}, {"var:", put_variable},
    {"", put_variable}, /* any other name; the last */
};

/* What the user says of a field: the text behind FIELD=, or the field itself. */
static const char *
meaning_of(const char *field, const struct words *map)
{
	size_t len = strlen(field);

	for (size_t i = 0; map && i < map->n; i++)
		if (strncmp(map->v[i], field, len) == 0 && map->v[i][len] == '=')
			return map->v[i] + len + 1;
	return field;
}

static int
begins(const char *text, const char *name)
{
	size_t len = strlen(name);

	if (len && !strchr(":.", name[len - 1]))
		return strcmp(text, name) == 0;
	return strncmp(text, name, len) == 0;
}

int
column_read(struct column *c, const char *field, const struct words *map, struct fault *f)
{
	const char *meaning = meaning_of(field, map), *word;
	const struct meaning *m = meanings;

	*c = (struct column){.is_json = strncmp(meaning, "json:", 5) == 0};
	if (c->is_json)
		meaning += 5;
	while (!begins(meaning, m->name))
		m++;
	word = strpbrk(m->name, ":.") ? meaning + strlen(m->name) : meaning;
	if (!*word)
		return fault_set(f, FAULT_BAD, "\"%s\": a column without a name", field);
	c->put = m->put;
	/* "labels" alone: texts as they are */
	c->word =
	    m->put == put_labels && *m->name == 'l' && m->name[5] == 's' ? NULL : mem_dup(word);
	return 0;
}

int
column_put_value(struct draft *d, const struct column *c, struct jtext value, struct fault *f)
{
	return draft_is_empty(value) ? 0 : c->put(d, c, value, f);
}

int
column_put_text(struct draft *d, const struct column *c, const char *text, struct fault *f)
{
	struct str value = STR_INIT;
	int result = 0;

	if (!*text)
		return 0;
	if (c->is_json)
		result = jtext_canonical(text, strlen(text), &value, f);
	else
		jtext_put_string(&value, text);
	if (result == 0)
		result = c->put(d, c, (struct jtext){value.text, value.len}, f);
	else
		fault_within(f, "%s", c->word ? c->word : "labels");
	str_done(&value);
	return result;
}
