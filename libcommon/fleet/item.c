/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/item.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

void
item_done(struct item *i)
{
	free(i->kind);
	free(i->class);
	free(i->slot);
	free(i->name);
	free(i->ip_address);
	free(i->device_type);
	free(i->note);
	free(i->more);
	*i = (struct item){0};
}

/* The order is that of ITEM_COLUMNS. */
void
item_from_row(struct item *out, const struct db_rows *row)
{
	int col = 0;

	out->id = db_int(row, col++);
	out->project = db_int(row, col++);
	out->kind = db_text_dup(row, col++);
	out->class = db_text_dup(row, col++);
	out->scope = db_int(row, col++);
	out->slot = db_text_dup(row, col++);
	out->name = db_text_dup(row, col++);
	out->named = (int)db_int(row, col++);
	out->cloud = db_int(row, col++);
	out->region = db_int(row, col++);
	out->cell = db_int(row, col++);
	out->parent = db_int(row, col++);
	out->ip_address = db_text_dup(row, col++);
	out->device_type = db_text_dup(row, col++);
	out->note = db_text_dup(row, col++);
	out->active = (int)db_int(row, col++);
	out->more = db_text_dup(row, col++);
	out->retired = db_int(row, col++);
	out->created = db_int(row, col++);
	out->updated = db_int(row, col);
}

int
item_get(struct session *s, int64_t id, struct item *out, struct fault *f)
{
	/* hot: each item that is listed, judged, planned */
	static const char sql[] = "SELECT " ITEM_COLUMNS " FROM item AS i WHERE i.id = $1";
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "i", id);

	if (found == 0)
		found = db_next(&rows, f);
	if (found == 1)
		item_from_row(out, &rows);
	db_end(&rows);
	return found;
}

int
item_name(struct session *s, int64_t id, char **out, struct fault *f)
{
	/* hot: each place and label of each item listed */
	static const char sql[] = "SELECT name FROM item WHERE id = $1";

	return db_get_text(s->db, out, f, sql, "i", id);
}

int
item_parent(struct session *s, int64_t id, int64_t *out, struct fault *f)
{
	/* hot: each step up each ladder */
	static const char sql[] = "SELECT coalesce(parent, 0) FROM item WHERE id = $1";

	return db_get_int(s->db, out, f, sql, "i", id);
}

int
item_at(struct session *s, const char *class, int64_t scope, const char *slot, int64_t *id,
    struct fault *f)
{
	/* hot: each record of an import, each ref */
	static const char sql[] =
	    "SELECT id FROM item WHERE project = $1 AND class = $2 AND scope = $3 AND slot = $4";

	return db_get_int(s->db, id, f, sql, "isis", s->project, class, scope, slot);
}

const char *
item_class(const char *kind)
{
	static const char *const devices[] = {"host", "network-device", "device"};

	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (strcmp(kind, devices[i]) == 0)
			return "device";
	return kind;
}

int
item_kind_ok(const char *kind)
{
	/* Kinds of records that are no items, and the prefix of key:SOURCE/KEY. */
	static const char *const reserved[] = {"key", "source", "relation", "change", "conflict",
	    "finding", "audit", "plan", "plan-item", "event", "kicked", "impact", "row"};

	if (*kind < 'a' || *kind > 'z' || strlen(kind) > 64)
		return 0;
	if (kind[strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		return 0;
	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++)
		if (strcmp(kind, reserved[i]) == 0)
			return 0;
	return 1;
}

int
item_text_ok(const char *what, const char *text, struct fault *f)
{
	size_t left = strlen(text), len;

	if (text[strspn(text, " ")] == '\0')
		return fault_set(f, FAULT_BAD, "%s: %s", what, *text ? "blank" : "empty");
	for (const char *p = text; (len = utf8_length(p, left)); p += len, left -= len)
		if (utf8_controls(utf8_get(p, len)))
			return fault_set(
			    f, FAULT_BAD, "%s \"%s\": holds a control character", what, text);
	return 0;
}

enum item_scoping
item_scoping(const char *class)
{
	static const struct {
		const char *class;
		enum item_scoping scoping;
	} table[] = {
	    {"project", ITEM_IN_PROJECT},
	    {"cloud", ITEM_IN_PROJECT},
	    {"label", ITEM_IN_PROJECT},
	    {"region", ITEM_IN_CLOUD},
	    {"cell", ITEM_IN_REGION},
	    {"device", ITEM_IN_REGION},
	    {"network", ITEM_IN_REGION},
	    {"network-interface", ITEM_IN_DEVICE},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(class, table[i].class) == 0)
			return table[i].scoping;
	return ITEM_BY_KEY;
}
