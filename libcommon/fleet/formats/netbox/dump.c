/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/formats/netbox/dump.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void
dump_done(struct dump *d)
{
	for (size_t i = 0; i < d->rows.n; i++) {
		free(d->rows.v[i].text);
		free(d->rows.v[i].model);
		free(d->rows.v[i].pk);
	}
	vec_done(&d->rows);
	map_done(&d->index);
}

/* With its quotes; kinds have up to 64 letters. */
#define LONGEST_MODEL 60

static int
is_scalar(struct jtext v)
{
	return v.text && (jtext_type(v) == JTEXT_NUMBER || jtext_type(v) == JTEXT_STRING);
}

/* "app.name", short enough to be made a kind of. */
static int
is_model(struct jtext v)
{
	return v.text && jtext_type(v) == JTEXT_STRING && v.len <= LONGEST_MODEL &&
	       memchr(v.text, '.', v.len);
}

/* Takes its place in the index. */
static int
index_row(struct dump *d, const struct dump_row *row, struct fault *f)
{
	char *key = mem_printf("%s %s", row->model, row->pk);
	int added, result = 0;
	union map_value *value = map_put(&d->index, key, &added);

	if (added)
		value->i = (int64_t)d->rows.n;
	else
		result = fault_set(f, FAULT_BAD, "%s a second time, first in line %lu", key,
		    d->rows.v[value->i].line);
	free(key);
	return result;
}

int
dump_add(struct dump *d, struct jtext record, unsigned long line, struct fault *f)
{
	struct jtext model = jtext_member(record, "model"), pk = jtext_member(record, "pk");
	struct dump_row row = {.line = line};

	if (!is_model(model))
		return fault_set(f, FAULT_BAD, "no \"model\", as in dcim.device");
	if (pk.text && !is_scalar(pk))
		return fault_set(f, FAULT_BAD, "\"pk\" is neither number nor string");
	if (jtext_type(jtext_member(record, "fields")) != JTEXT_OBJECT)
		return fault_set(f, FAULT_BAD, "\"fields\" is not a JSON object");
	row.model = jtext_plain_dup(model);
	row.pk = jtext_plain_dup(pk);
	if (row.pk && index_row(d, &row, f) < 0) {
		free(row.model);
		free(row.pk);
		return -1;
	}
	row.text = mem_dupn(record.text, record.len);
	row.fields = jtext_member((struct jtext){row.text, record.len}, "fields");
	vec_push(&d->rows, row);
	return 0;
}

const struct dump_row *
dump_find(const struct dump *d, const char *model, struct jtext pk)
{
	const union map_value *found;
	char *plain, *key;

	if (!is_scalar(pk))
		return NULL;
	plain = jtext_plain_dup(pk);
	key = mem_printf("%s %s", model, plain);
	found = map_get(&d->index, key);
	free(plain);
	free(key);
	return found ? &d->rows.v[found->i] : NULL;
}

static char *
joined(struct jtext app, struct jtext model)
{
	char *a = jtext_plain_dup(app), *m = jtext_plain_dup(model), *both = NULL;

	if (a && m)
		both = mem_printf("%s.%s", a, m);
	free(a);
	free(m);
	return both;
}

char *
dump_content_type(const struct dump *d, struct jtext type)
{
	struct jtext key, app = {0}, model = {0};
	const struct dump_row *row;
	size_t at = 0;

	if (type.text && jtext_type(type) == JTEXT_ARRAY) {
		if (!jtext_each(type, &at, &key, &app) || !jtext_each(type, &at, &key, &model))
			return NULL;
		return joined(app, model);
	}
	row = dump_find(d, "contenttypes.contenttype", type);
	return row ? joined(
			 jtext_member(row->fields, "app_label"), jtext_member(row->fields, "model"))
		   : NULL;
}

char *
dump_text(const struct dump_row *row, const char *field)
{
	struct jtext value = row ? jtext_member(row->fields, field) : (struct jtext){0};

	return is_scalar(value) && !jtext_is(value, "") ? jtext_plain_dup(value) : NULL;
}
