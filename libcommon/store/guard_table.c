/* SPDX-License-Identifier: Apache-2.0 */
#include "store/guard_table.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/when.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum constraint { BY_ITEM = 1, BY_KEY = 2 };

struct made_table {
	sqlite3_vtab base;
	struct guard_table_use use;
};

/* The rows of one item at a time. */
struct cursor {
	sqlite3_vtab_cursor base;
	struct ids items;
	size_t at; /* the next item */
	char *only;
	struct guard_values values;
	size_t row; /* its first value; values.n at the end */
	sqlite3_int64 rowid;
};

static void
values_done(struct guard_values *values)
{
	for (size_t i = 0; i < values->n; i++)
		free(values->v[i].text);
	vec_done(values);
}

/* ---- the table ---- */

static int
connect_table(
    sqlite3 *native, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error)
{
	const struct guard_table_use *use = aux;
	char *sql = mem_printf("CREATE TABLE t (%s)", use->table->columns);
	int code = sqlite3_declare_vtab(native, sql);
	struct made_table *t;

	(void)argc;
	(void)argv;
	(void)error;
	free(sql);
	if (code != SQLITE_OK)
		return code;
	t = mem_zero(1, sizeof(*t));
	t->use = *use;
	*out = &t->base;
	return SQLITE_OK;
}

static int
disconnect_table(sqlite3_vtab *base)
{
	free(base);
	return SQLITE_OK;
}

/* Figures for the planner: rows of an item, of a key over all items, of everything. */
static int
choose_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	static const double costs[] = {
	    [0] = 1e8, [BY_ITEM] = 50, [BY_KEY] = 1e7, [BY_ITEM | BY_KEY] = 20};
	int argument = 0;

	(void)base;
	for (int bit = BY_ITEM; bit <= BY_KEY; bit++)
		for (int i = 0; i < info->nConstraint; i++) {
			const struct sqlite3_index_constraint *c = &info->aConstraint[i];

			if ((info->idxNum & bit) || !c->usable || c->iColumn != bit - 1 ||
			    c->op != SQLITE_INDEX_CONSTRAINT_EQ)
				continue;
			info->idxNum |= bit;
			info->aConstraintUsage[i].argvIndex = ++argument;
		}
	info->estimatedCost = costs[info->idxNum];
	info->estimatedRows = (sqlite3_int64)(costs[info->idxNum] / 10);
	return SQLITE_OK;
}

/* ---- its rows ---- */

static int
open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
	struct cursor *c = mem_zero(1, sizeof(*c));

	(void)base;
	*out = &c->base;
	return SQLITE_OK;
}

static void
clear(struct cursor *c)
{
	values_done(&c->values);
	vec_done(&c->items);
	free(c->only);
	c->only = NULL;
	c->at = c->row = 0;
}

static int
close_cursor(sqlite3_vtab_cursor *base)
{
	clear((struct cursor *)base);
	free(base);
	return SQLITE_OK;
}

static int
fail(struct cursor *c, const struct fault *f)
{
	sqlite3_free(c->base.pVtab->zErrMsg);
	c->base.pVtab->zErrMsg = sqlite3_mprintf("%s", f->text);
	return SQLITE_ERROR;
}

static int
make_rows(struct cursor *c, const struct guard_table_use *use, struct fault *f)
{
	int status;

	guard_heap_lift(use->heap);
	status = use->table->rows(use->ctx, c->items.v[c->at++], c->only, &c->values, f);
	guard_heap_lower(use->heap);
	return status;
}

static int
list_items(struct cursor *c, const struct guard_table_use *use, struct fault *f)
{
	int status;

	guard_heap_lift(use->heap);
	status = use->table->items(use->ctx, c->only, &c->items, f);
	guard_heap_lower(use->heap);
	return status;
}

/* To the next item that has a row, or the end. */
static int
advance(struct cursor *c)
{
	const struct guard_table_use *use = &((struct made_table *)c->base.pVtab)->use;
	struct fault f;

	while (c->row == c->values.n && c->at < c->items.n) {
		values_done(&c->values);
		c->row = 0;
		if (*use->deadline && when_boot() > *use->deadline)
			return SQLITE_INTERRUPT;
		if (make_rows(c, use, &f) < 0)
			return fail(c, &f);
	}
	return SQLITE_OK;
}

static int
start(sqlite3_vtab_cursor *base, int index, const char *name, int argc, sqlite3_value **argv)
{
	struct cursor *c = (struct cursor *)base;
	const struct guard_table_use *use = &((struct made_table *)base->pVtab)->use;
	struct fault f;

	(void)name;
	clear(c);
	if (index & BY_KEY) {
		const unsigned char *text = sqlite3_value_text(argv[argc - 1]);

		if (!text)
			return SQLITE_OK; /* nothing equals NULL */
		c->only = mem_dup((const char *)text);
	}
	if (!(index & BY_ITEM)) {
		if (list_items(c, use, &f) < 0)
			return fail(c, &f);
	} else if (sqlite3_value_numeric_type(argv[0]) == SQLITE_INTEGER) {
		vec_push(&c->items, sqlite3_value_int64(argv[0]));
	}
	return advance(c);
}

static int
next(sqlite3_vtab_cursor *base)
{
	struct cursor *c = (struct cursor *)base;

	c->row += (size_t)((struct made_table *)base->pVtab)->use.table->ncolumns;
	c->rowid++;
	return advance(c);
}

static int
is_end(sqlite3_vtab_cursor *base)
{
	const struct cursor *c = (struct cursor *)base;

	return c->row == c->values.n;
}

static int
column(sqlite3_vtab_cursor *base, sqlite3_context *context, int n)
{
	const struct cursor *c = (struct cursor *)base;
	const struct guard_value *v = &c->values.v[c->row + (size_t)n];

	switch (v->type) {
	case GUARD_NULL: sqlite3_result_null(context); break;
	case GUARD_INT: sqlite3_result_int64(context, v->i); break;
	case GUARD_REAL: sqlite3_result_double(context, v->d); break;
	case GUARD_TEXT: sqlite3_result_text(context, v->text, -1, SQLITE_TRANSIENT); break;
	}
	return SQLITE_OK;
}

static int
row_id(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	*out = ((struct cursor *)base)->rowid;
	return SQLITE_OK;
}

/* Without xCreate: the table is there by its name, and CREATE VIRTUAL TABLE has no use for it. */
static const sqlite3_module module = {
    .xConnect = connect_table,
    .xDisconnect = disconnect_table,
    .xBestIndex = choose_index,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = start,
    .xNext = next,
    .xEof = is_end,
    .xColumn = column,
    .xRowid = row_id,
};

int
guard_table_add(void *native, const struct guard_table_use *use)
{
	struct guard_table_use *held = mem_zero(1, sizeof(*held));

	*held = *use;
	return sqlite3_create_module_v2(native, use->table->name, &module, held, free);
}

/* ---- for who makes rows ---- */

void
guard_put_int(struct guard_values *to, int64_t i)
{
	vec_push(to, ((struct guard_value){.type = GUARD_INT, .i = i}));
}

void
guard_put_text(struct guard_values *to, const char *text)
{
	struct guard_value *v = vec_add(to);

	v->type = text ? GUARD_TEXT : GUARD_NULL;
	v->text = text ? mem_dup(text) : NULL;
}

static void
read_number(struct jtext value, struct guard_value *out)
{
	char *text = mem_dupn(value.text, value.len);
	struct fault no_integer;

	out->type = GUARD_INT;
	if (num_int(text, INT64_MIN, INT64_MAX, &out->i, &no_integer) < 0) {
		out->type = GUARD_REAL;
		out->d = strtod(text, NULL);
	}
	free(text);
}

void
guard_put_json(struct guard_values *to, struct jtext value)
{
	guard_value_of(value, vec_add(to));
}

void
guard_value_of(struct jtext value, struct guard_value *out)
{
	*out = (struct guard_value){.type = GUARD_NULL};
	switch (jtext_type(value)) {
	case JTEXT_NULL: return;
	case JTEXT_FALSE:
	case JTEXT_TRUE:
		*out = (struct guard_value){GUARD_INT, *value.text == 't', 0, NULL};
		return;
	case JTEXT_NUMBER: read_number(value, out); return;
	case JTEXT_STRING: out->text = jtext_plain_dup(value); break;
	case JTEXT_ARRAY:
	case JTEXT_OBJECT: out->text = mem_dupn(value.text, value.len); break;
	}
	out->type = GUARD_TEXT;
}
