/* SPDX-License-Identifier: Apache-2.0 */
#include "io/yaml.h"

#include "base/near.h"

#include <inttypes.h>
#include <string.h>

/* What a node is, as a message calls it. */
static const char *
called(const struct yaml_node *n)
{
	static const char *const names[] = {[YAML_NULL] = "nothing",
	    [YAML_BOOL] = "true or false",
	    [YAML_INT] = "a number",
	    [YAML_FLOAT] = "a fraction",
	    [YAML_STRING] = "a text",
	    [YAML_LIST] = "a list",
	    [YAML_MAP] = "a mapping"};

	return names[n->type];
}

static int
not_wanted(const struct yaml_node *n, const char *wanted, struct fault *f)
{
	return yaml_fault(n, f, "%s, not %s", wanted, called(n));
}

/* Puts the node's place before what a parser of its text says. */
static int
located(const struct yaml_node *n, struct fault *f)
{
	return yaml_fault(n, f, "%s", strdupa(f->text));
}

static int
is_number(const struct yaml_node *n)
{
	return n->type == YAML_INT || n->type == YAML_FLOAT;
}

static void
warn_number(const struct yaml_node *n)
{
	char *warning = mem_printf("%s:%u: %s%s%s is a number here; quote it if a text is meant",
	    n->file->name, n->line, n->path, *n->path ? ": " : "", n->text);

	vec_push(&n->file->warnings, warning);
}

/* Replaces a text that an earlier default may have put there. */
static void
put_text(char **to, const char *text)
{
	free(*to);
	*to = mem_dup(text);
}

/* ---- a reader for each kind ---- */

static int
read_text(const struct yaml_node *n, const struct yaml_field *field, void *to, struct fault *f)
{
	(void)field;
	if (!n->text || n->type == YAML_NULL)
		return not_wanted(n, "a text", f);
	if (is_number(n))
		warn_number(n);
	put_text(to, n->text);
	return 0;
}

static int
read_one_of(const struct yaml_node *n, const struct yaml_field *field, int *to, struct fault *f)
{
	struct near near = NEAR_INIT(n->text);
	struct str all = STR_INIT;
	char hint[NEAR_HINT];
	int i;

	for (i = 0; field->words[i]; i++) {
		if (!strcmp(field->words[i], n->text)) {
			*to = i;
			str_done(&all);
			return 0;
		}
		near_offer(&near, field->words[i]);
		str_addf(&all, "%s%s", i ? ", " : "", field->words[i]);
	}
	yaml_fault(n, f, "\"%.80s\" is none of %s%s", n->text, all.text ? all.text : "nothing",
	    near_hint(&near, hint));
	str_done(&all);
	return -1;
}

static int
is_word(const char *text)
{
	return *text >= 'a' && *text <= 'z' &&
	       !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-")];
}

static int
read_word(const struct yaml_node *n, const struct yaml_field *field, void *to, struct fault *f)
{
	if (!n->text || n->type == YAML_NULL)
		return not_wanted(n, field->words ? "one of the known words" : "a name", f);
	if (field->words)
		return read_one_of(n, field, to, f);
	if (n->type != YAML_STRING || !is_word(n->text))
		return yaml_fault(n, f,
		    "\"%.80s\" is no name: a small letter, then small letters, digits, - and _",
		    n->text);
	put_text(to, n->text);
	return 0;
}

static int
read_int(const struct yaml_node *n, const struct yaml_field *field, void *to, struct fault *f)
{
	if (n->type != YAML_INT)
		return not_wanted(n, "a whole number", f);
	if ((field->min || field->max) && (n->integer < field->min || n->integer > field->max))
		return yaml_fault(n, f, "%s is not from %" PRId64 " to %" PRId64, n->text,
		    field->min, field->max);
	*(int64_t *)to = n->integer;
	return 0;
}

static int
read_double(const struct yaml_node *n, const struct yaml_field *field, void *to, struct fault *f)
{
	(void)field;
	if (!is_number(n))
		return not_wanted(n, "a number", f);
	*(double *)to = n->real;
	return 0;
}

static int
read_bool(const struct yaml_node *n, const struct yaml_field *field, void *to, struct fault *f)
{
	(void)field;
	if (n->type != YAML_BOOL)
		return not_wanted(n, "true or false", f);
	*(int *)to = (int)n->integer;
	return 0;
}

static int
read_duration(const struct yaml_node *n, const struct yaml_field *field, void *to, struct fault *f)
{
	(void)field;
	if (n->type != YAML_STRING && !is_number(n))
		return not_wanted(n, "a length of time like 20s", f);
	return num_duration(n->text, to, f) < 0 ? located(n, f) : 0;
}

static int
read_share(const struct yaml_node *n, const struct yaml_field *field, void *to, struct fault *f)
{
	(void)field;
	if (n->type != YAML_STRING && !is_number(n))
		return not_wanted(n, "a count like 20 or a share like 5%", f);
	return num_share(n->text, to, f) < 0 ? located(n, f) : 0;
}

static int
add_text(const struct yaml_node *n, struct words *to, struct fault *f)
{
	if (!n->text || n->type == YAML_NULL)
		return not_wanted(n, "a text", f);
	if (n->type == YAML_FLOAT)
		warn_number(n);
	words_add(to, n->text);
	return 0;
}

static int
read_texts(const struct yaml_node *n, const struct yaml_field *field, void *to, struct fault *f)
{
	(void)field;
	words_done(to);
	if (n->type == YAML_MAP || n->type == YAML_NULL)
		return not_wanted(n, "a list of texts", f);
	if (n->type != YAML_LIST)
		return add_text(n, to, f);
	for (size_t i = 0; i < n->n; i++)
		if (add_text(n->items[i], to, f) < 0)
			return -1;
	return 0;
}

static int
read_node(const struct yaml_node *n, const struct yaml_field *field, void *to, struct fault *f)
{
	(void)field;
	(void)f;
	*(const struct yaml_node **)to = n;
	return 0;
}

typedef int reader(const struct yaml_node *, const struct yaml_field *, void *, struct fault *);

static reader *const readers[] = {
    [YAML_WANT_TEXT] = read_text,
    [YAML_WANT_WORD] = read_word,
    [YAML_WANT_INT] = read_int,
    [YAML_WANT_DOUBLE] = read_double,
    [YAML_WANT_BOOL] = read_bool,
    [YAML_WANT_DURATION] = read_duration,
    [YAML_WANT_SHARE] = read_share,
    [YAML_WANT_TEXTS] = read_texts,
    [YAML_WANT_NODE] = read_node,
};

/* ---- the table ---- */

static const struct yaml_field *
field_of(const struct yaml_field *fields, const char *key)
{
	for (; fields->key; fields++)
		if (!strcmp(fields->key, key))
			return fields;
	return NULL;
}

static int
unknown_key(const struct yaml_node *n, const struct yaml_field *fields, struct fault *f)
{
	struct near near = NEAR_INIT(n->key);
	char hint[NEAR_HINT];

	for (; fields->key; fields++)
		near_offer(&near, fields->key);
	return fault_set(f, FAULT_BAD, "%s:%u: %s: unknown key%s", n->file->name, n->key_line,
	    n->path, near_hint(&near, hint));
}

int
yaml_read(const struct yaml_node *map, const struct yaml_field *fields, void *to, struct fault *f)
{
	if (map->type != YAML_MAP)
		return not_wanted(map, "a mapping of keys to values", f);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_node *n = map->items[i];
		const struct yaml_field *field = field_of(fields, n->key);

		if (!field)
			return unknown_key(n, fields, f);
		if (readers[field->want](n, field, (char *)to + field->offset, f) < 0)
			return -1;
	}
	for (; fields->key; fields++)
		if (fields->required && !yaml_get(map, fields->key))
			return yaml_fault(map, f, "%s is missing", fields->key);
	return 0;
}
