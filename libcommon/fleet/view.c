/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/view.h"

#include "fleet/label/carry.h"
#include "fleet/ref.h"
#include "fleet/resolve.h"

#include <stdlib.h>
#include <string.h>

int
view_labels(struct session *s, int64_t id, struct words *out, struct fault *f)
{
	return carry_texts(s, id, CARRY_ALL, out, f);
}

/* The name of the item that a place column points to; nothing for 0. */
static int
put_name(struct session *s, const char *key, int64_t id, struct str *out, struct fault *f)
{
	char *name = NULL;
	int found = id ? item_name(s, id, &name, f) : 0;

	jtext_text(out, key, name);
	free(name);
	return found < 0 ? -1 : 0;
}

static int
put_ref(struct session *s, const char *key, int64_t id, struct str *out, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = id ? ref_of(s, id, &ref, f) : 0;

	if (status == 0 && id)
		jtext_text(out, key, ref.text);
	str_done(&ref);
	return status;
}

static int
put_place(struct session *s, const struct item *i, struct str *out, struct fault *f)
{
	if (put_name(s, "cloud", i->cloud, out, f) < 0 ||
	    put_name(s, "region", i->region, out, f) < 0 ||
	    put_name(s, "cell", i->cell, out, f) < 0)
		return -1;
	return put_ref(s, "parent", i->parent, out, f);
}

static void
put_attributes(const struct item *i, struct str *out)
{
	struct jtext key, value;
	size_t at = 0;

	jtext_text(out, "ip_address", i->ip_address);
	jtext_text(out, "device_type", i->device_type);
	if (!i->active)
		jtext_bool(out, "active", 0);
	jtext_text(out, "note", i->note);
	while (i->more && jtext_each(JTEXT(i->more), &at, &key, &value)) {
		str_addf(out, ",\"%.*s\":", (int)key.len, key.text);
		str_addn(out, value.text, value.len);
	}
}

static int
put_labels(struct session *s, const struct item *i, const char *key, enum carry which,
    struct str *out, struct fault *f)
{
	struct words labels = {0};
	struct str list = STR_INIT;
	int status = carry_texts(s, i->id, which, &labels, f);

	str_addc(&list, '[');
	for (size_t n = 0; n < labels.n; n++) {
		if (n)
			str_addc(&list, ',');
		jtext_put_string(&list, labels.v[n]);
	}
	str_addc(&list, ']');
	if (labels.n)
		jtext_raw(out, key, list.text);
	words_done(&labels);
	str_done(&list);
	return status;
}

static int
put_variables(struct session *s, const struct item *i, const char *key, int own, struct str *out,
    struct fault *f)
{
	struct resolution r;
	struct str object = STR_INIT;
	int status = resolve_item(s, i, NULL, own, &r, f);

	if (status == 0 && (r.keys.n || !own)) {
		resolution_to_json(&r, &object);
		jtext_raw(out, key, object.text);
	}
	resolution_done(&r);
	str_done(&object);
	return status;
}

static int
put_relations(struct session *s, const struct item *i, struct str *out, struct fault *f)
{
	/* hot: each item that is listed with relations */
	static const char sql[] =
	    "SELECT DISTINCT type, dst FROM relation WHERE src = $1 ORDER BY type, dst";
	struct str list = STR_INIT;
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", i->id), status = 0;

	str_addc(&list, '[');
	while (status == 0 && more >= 0 && (more = db_next(&rows, f)) == 1) {
		if (list.len > 1)
			str_addc(&list, ',');
		jtext_open(&list);
		jtext_text(&list, "type", db_text(&rows, 0));
		status = put_ref(s, "to", db_int(&rows, 1), &list, f);
		jtext_close(&list);
	}
	db_end(&rows);
	str_addc(&list, ']');
	if (list.len > 2)
		jtext_raw(out, "relations", list.text);
	str_done(&list);
	return more < 0 ? -1 : status;
}

int
view_json(struct session *s, const struct item *i, int parts, struct str *out, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = -1;

	if (ref_text(s, i, &ref, f) < 0)
		goto out;
	jtext_open(out);
	jtext_text(out, "kind", i->kind);
	if (i->named)
		jtext_text(out, "name", i->name);
	jtext_text(out, "ref", ref.text);
	if (put_place(s, i, out, f) < 0)
		goto out;
	put_attributes(i, out);
	if (i->retired)
		jtext_time(out, "retired", i->retired);
	if (put_labels(s, i, "labels", CARRY_PLAIN, out, f) < 0 ||
	    put_labels(s, i, "rule_labels", CARRY_BY_RULE, out, f) < 0)
		goto out;
	if (put_variables(s, i, "variables", 1, out, f) < 0)
		goto out;
	if ((parts & VIEW_RESOLVED) && put_variables(s, i, "resolved", 0, out, f) < 0)
		goto out;
	if ((parts & VIEW_RELATIONS) && put_relations(s, i, out, f) < 0)
		goto out;
	jtext_close(out);
	status = 0;
out:
	str_done(&ref);
	return status;
}
