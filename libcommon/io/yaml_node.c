/* SPDX-License-Identifier: Apache-2.0 */
#include "io/yaml_node.h"

#include "base/mem.h"
#include "io/jtext.h"
#include "io/scalar.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A path is for people; the bound keeps 100,000 nodes below a long key from filling memory. */
#define PATH_LONGEST 200

void
yaml_node_free(struct yaml_node *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n; i++)
		yaml_node_free(n->items[i]);
	free(n->items);
	free(n->path);
	free(n->text);
	free(n->key);
	free(n);
}

static int
is_plain_key(const char *key)
{
	if (!*key)
		return 0;
	for (; *key; key++)
		if (!isalnum((unsigned char)*key) && *key != '_' && *key != '-')
			return 0;
	return 1;
}

static char *
path_of(const struct yaml_node *parent, const char *key)
{
	struct str path = STR_INIT;
	size_t from = 0;

	str_add(&path, parent->path);
	if (!key)
		str_addf(&path, "[%zu]", parent->n);
	else if (is_plain_key(key))
		str_addf(&path, "%s%s", path.len ? "." : "", key);
	else
		str_addf(&path, "[\"%s\"]", key);
	if (path.len <= PATH_LONGEST)
		return str_take(&path);
	from = path.len - PATH_LONGEST;
	while ((path.text[from] & 0xc0) == 0x80) /* not in the middle of a UTF-8 character */
		from++;
	memmove(path.text + 3, path.text + from, path.len - from);
	memcpy(path.text, "...", 3);
	str_cut(&path, path.len - from + 3);
	return str_take(&path);
}

struct yaml_node *
yaml_node_new(struct yaml_file *file, struct yaml_node *parent, const char *key, unsigned line)
{
	struct yaml_node *n = mem_zero(1, sizeof(*n));

	n->file = file;
	n->line = n->key_line = line;
	n->key = mem_dup(key);
	if (!parent) {
		n->path = mem_dup("");
		file->root = n;
		return n;
	}
	n->path = path_of(parent, key);
	/* no room is kept: it doubles when n is a power of two */
	if (!(parent->n & (parent->n - 1)))
		parent->items = mem_resize(
		    parent->items, parent->n ? parent->n * 2 : 1, sizeof(struct yaml_node *));
	parent->items[parent->n++] = n;
	return n;
}

void
yaml_close(struct yaml_file *y)
{
	yaml_node_free(y->root);
	free(y->name);
	words_done(&y->warnings);
	*y = (struct yaml_file){0};
}

const struct yaml_node *
yaml_get(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; i < map->n; i++)
		if (map->items[i]->key && !strcmp(map->items[i]->key, key))
			return map->items[i];
	return NULL;
}

int
yaml_fault(const struct yaml_node *n, struct fault *f, const char *fmt, ...)
{
	char words[sizeof(f->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	return fault_set(f, FAULT_BAD, "%s:%u: %s%s%s", n->file->name, n->line, n->path,
	    *n->path ? ": " : "", words);
}

static void put_json(const struct yaml_node *n, struct str *out);

static void
put_items(const struct yaml_node *n, struct str *out)
{
	for (size_t i = 0; i < n->n; i++) {
		if (i)
			str_addc(out, ',');
		if (n->type == YAML_MAP) {
			jtext_put_string(out, n->items[i]->key);
			str_addc(out, ':');
		}
		put_json(n->items[i], out);
	}
}

static void
put_json(const struct yaml_node *n, struct str *out)
{
	switch (n->type) {
	case YAML_NULL: str_add(out, "null"); break;
	case YAML_BOOL: str_add(out, n->integer ? "true" : "false"); break;
	case YAML_INT: str_addf(out, "%" PRId64, n->integer); break;
	case YAML_FLOAT: scalar_put_float(out, n->text); break;
	case YAML_STRING: jtext_put_string(out, n->text); break;
	case YAML_LIST:
		str_addc(out, '[');
		put_items(n, out);
		str_addc(out, ']');
		break;
	case YAML_MAP:
		str_addc(out, '{');
		put_items(n, out);
		str_addc(out, '}');
		break;
	}
}

void
yaml_to_json(const struct yaml_node *n, struct str *out)
{
	struct str json = STR_INIT;
	struct fault f;
	int r;

	if (!n) {
		str_add(out, "null");
		return;
	}
	put_json(n, &json);
	r = jtext_canonical(json.text, json.len, out, &f);
	assert(r == 0); /* what JSON cannot hold was refused when it was parsed */
	(void)r;
	str_done(&json);
}
