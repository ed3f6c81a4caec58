/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/place.h"

#include "base/mem.h"
#include "fleet/ref.h"
#include "fleet/sources/precedence.h"

#include <stdlib.h>
#include <string.h>

/* Attributes that have a column of their own; all others go to item.more. */
static const char *const columns[] = {
    "active", "cell", "cloud", "device_type", "ip_address", "name", "note", "parent", "region"};

static int
is_column(struct jtext key)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		if (key.len == strlen(columns[i]) && memcmp(key.text, columns[i], key.len) == 0)
			return 1;
	return 0;
}

static int64_t
member_id(struct jtext attributes, const char *key)
{
	struct jtext v = jtext_member(attributes, key);

	return v.text ? strtoll(v.text, NULL, 10) : 0;
}

/* The attributes over all sources, the best one's first. */
static void
merge_attributes(const struct documents *docs, struct str *out)
{
	struct str before = STR_INIT;

	str_add(out, docs->n ? docs->v[0].attributes : "{}");
	for (size_t i = 1; i < docs->n; i++) {
		str_reset(&before);
		str_addn(&before, out->text, out->len);
		str_cut(out, 0);
		document_merge(JTEXT(before.text), JTEXT(docs->v[i].attributes), out);
	}
	str_done(&before);
}

/* The value of the source whose word counts for this attribute. */
static struct jtext
winner(const struct precedence *p, const struct documents *docs, const char *name)
{
	struct jtext best = {0};
	int64_t source = 0;

	for (size_t i = 0; i < docs->n; i++) {
		const struct document *d = &docs->v[i];
		struct jtext value = jtext_member(JTEXT(d->attributes), name);

		if (!value.text || (source && precedence_compare(p, PRECEDENCE_ATTRIBUTES, name,
						  source, d->source) < 0))
			continue;
		best = value;
		source = d->source;
	}
	return best;
}

/* The same where single attributes have an order of their own: each winner is looked for. */
static void
choose_attributes(const struct precedence *p, const struct documents *docs, struct str *merged)
{
	struct str out = STR_INIT;
	struct jtext key, value;
	size_t at = 0;

	jtext_open(&out);
	while (jtext_each((struct jtext){merged->text, merged->len}, &at, &key, &value)) {
		struct str name = STR_INIT;

		jtext_plain(key, &name);
		value = winner(p, docs, name.text);
		str_addf(&out, out.len > 1 ? ",\"%.*s\":" : "\"%.*s\":", (int)key.len, key.text);
		str_addn(&out, value.text, value.len);
		str_done(&name);
	}
	jtext_close(&out);
	str_done(merged);
	*merged = out;
}

static char *
others(struct jtext attributes)
{
	struct str out = STR_INIT;
	struct jtext key, value;
	size_t at = 0;

	jtext_open(&out);
	while (jtext_each(attributes, &at, &key, &value)) {
		if (is_column(key))
			continue;
		str_addf(&out, out.len > 1 ? ",\"%.*s\":" : "\"%.*s\":", (int)key.len, key.text);
		str_addn(&out, value.text, value.len);
	}
	jtext_close(&out);
	if (out.len > 2)
		return str_take(&out);
	str_done(&out);
	return NULL;
}

/*
 * The columns of the item that a device's cell or region is: 1, 0 if it was removed since, -1.
 * Either may be NULL.
 */
static int
above(struct session *s, int64_t id, int64_t *cloud, int64_t *region, struct fault *f)
{
	/* hot: each item that is settled */
	static const char sql[] = "SELECT cloud, region FROM item WHERE id = $1";
	struct db_rows rows;
	int found;

	if (!id)
		return 0;
	found = db_query(s->db, &rows, f, sql, "i", id);
	if (found == 0)
		found = db_next(&rows, f);
	if (found == 1 && cloud)
		*cloud = db_int(&rows, 0);
	if (found == 1 && region)
		*region = db_int(&rows, 1);
	db_end(&rows);
	return found;
}

static int
disagree(struct session *s, int64_t inner, int64_t said, int64_t is, struct fault *f)
{
	struct str a = STR_INIT, b = STR_INIT, c = STR_INIT;
	struct fault ignored;

	ref_of(s, inner, &a, &ignored);
	ref_of(s, said, &b, &ignored);
	if (is)
		ref_of(s, is, &c, &ignored);
	fault_set(f, FAULT_BAD, "%s is not in %s but in %s", a.text, b.text, is ? c.text : "none");
	str_done(&a);
	str_done(&b);
	str_done(&c);
	return -1;
}

int
place_narrow(struct session *s, int64_t *cloud, int64_t *region, int64_t cell, struct fault *f)
{
	int64_t of_cell = 0, of_region = 0;

	if (above(s, cell, NULL, &of_cell, f) < 0 ||
	    above(s, *region ? *region : of_cell, &of_region, NULL, f) < 0)
		return -1;
	if (cell && *region && of_cell != *region)
		return disagree(s, cell, *region, of_cell, f);
	if ((cell || *region) && *cloud && of_region != *cloud)
		return disagree(s, cell ? cell : *region, *cloud, of_region, f);
	if (cell || *region)
		*cloud = 0;
	if (cell)
		*region = 0;
	return 0;
}

/* The innermost of cell, region and cloud that is still there decides the outer ones. */
static int
settle_levels(struct session *s, struct item *i, struct jtext said, struct fault *f)
{
	int64_t cell = member_id(said, "cell"), region = member_id(said, "region");
	int64_t cloud = member_id(said, "cloud");
	int found;

	found = above(s, cell, &i->cloud, &i->region, f);
	if (found == 1) {
		i->cell = cell;
	} else if (found == 0 && (found = above(s, region, &i->cloud, NULL, f)) == 1) {
		i->region = region;
	} else if (found == 0 && (found = above(s, cloud, NULL, NULL, f)) == 1) {
		i->cloud = cloud;
	}
	return found;
}

/* The layer that comes next after source in the order for places; NULL at the end. */
static const struct document *
next_in_order(const struct precedence *p, const struct documents *docs, int64_t source)
{
	const struct document *next = NULL;

	for (size_t n = 0; n < docs->n; n++) {
		const struct document *d = &docs->v[n];

		if (source &&
		    precedence_compare(p, PRECEDENCE_ATTRIBUTES, "region", d->source, source) <= 0)
			continue;
		if (!next || precedence_compare(
				 p, PRECEDENCE_ATTRIBUTES, "region", d->source, next->source) < 0)
			next = d;
	}
	return next;
}

/* The best source that says anything of the place says all of it. */
static int
settle_place(struct session *s, struct item *i, const struct precedence *p,
    const struct documents *docs, struct fault *f)
{
	const struct document *d = NULL;
	int found = 0;

	i->cell = i->region = i->cloud = 0;
	while (found == 0 && (d = next_in_order(p, docs, d ? d->source : 0)))
		found = settle_levels(s, i, JTEXT(d->attributes), f);
	return found < 0 ? -1 : 0;
}

static int
settle_parent(struct session *s, struct item *i, int64_t said, struct fault *f)
{
	int found = above(s, said, NULL, NULL, f);

	i->parent = found == 1 ? said : 0;
	return found < 0 ? -1 : 0;
}

static int64_t
scope_of(const struct item *i)
{
	switch (item_scoping(i->class)) {
	case ITEM_IN_CLOUD: return i->cloud;
	case ITEM_IN_REGION: return i->region;
	case ITEM_IN_DEVICE: return i->parent;
	case ITEM_IN_PROJECT:
	case ITEM_BY_KEY: break;
	}
	return 0;
}

static void
replace(char **text, char *with)
{
	free(*text);
	*text = with;
}

int
place_settle(struct session *s, struct item *i, const struct documents *docs, struct fault *f)
{
	const struct precedence *p = precedence_of(s, f);
	struct str merged = STR_INIT;
	struct jtext all, name;
	int status;

	if (!p)
		return -1;
	merge_attributes(docs, &merged);
	if (docs->n > 1 && precedence_has_exceptions(p, PRECEDENCE_ATTRIBUTES))
		choose_attributes(p, docs, &merged);
	all = (struct jtext){merged.text, merged.len};
	name = jtext_member(all, "name");
	/* A project is made by being asked for: no source ever says its name. */
	i->named = name.text != NULL || strcmp(i->class, "project") == 0;
	if (name.text)
		replace(&i->name, jtext_plain_dup(name));
	replace(&i->ip_address, jtext_plain_dup(jtext_member(all, "ip_address")));
	replace(&i->device_type, jtext_plain_dup(jtext_member(all, "device_type")));
	replace(&i->note, jtext_plain_dup(jtext_member(all, "note")));
	i->active = !jtext_same(jtext_member(all, "active"), JTEXT("false"));
	replace(&i->more, others(all));
	status = settle_parent(s, i, member_id(all, "parent"), f);
	str_done(&merged);
	if (status == 0)
		status = settle_place(s, i, p, docs, f);
	i->scope = scope_of(i);
	if (item_scoping(i->class) != ITEM_BY_KEY)
		replace(&i->slot, mem_dup(i->name));
	return status;
}

/* ---- storing ---- */

static const char sql_rival[] = "SELECT id FROM item WHERE project = $1 AND class = $2 AND scope = "
				"$3 AND slot = $4 AND id <> $5";

/* Asked before writing, so that a taken place is an answer and not a broken transaction. */
static int
refuse_rival(struct session *s, const struct item *i, struct fault *f)
{
	struct str ref = STR_INIT;
	int64_t rival;
	int found;

	found = db_get_int(
	    s->db, &rival, f, sql_rival, "isisi", s->project, i->class, i->scope, i->slot, i->id);
	if (found != 1)
		return found;
	if (ref_of(s, rival, &ref, f) == 0)
		fault_set(
		    f, FAULT_BAD, "%s \"%s\": %s is there already", i->kind, i->name, ref.text);
	str_done(&ref);
	return -1;
}

int
place_store(struct session *s, const struct item *i, struct fault *f)
{
	static const char sql[] =
	    "UPDATE item SET scope = $2, slot = $3, name = $4, named = $5, cloud = $6, region = $7,"
	    " cell = $8, parent = $9, ip_address = $10, device_type = $11, note = $12, active = "
	    "$13,"
	    " more = $14, retired = $15, updated = $16 WHERE id = $1";

	if (refuse_rival(s, i, f) < 0)
		return -1;
	return db_run(s->db, f, sql, "iissirrrrsssisii", i->id, i->scope, i->slot, i->name,
		   (int64_t)i->named, i->cloud, i->region, i->cell, i->parent, i->ip_address,
		   i->device_type, i->note, (int64_t)i->active, i->more, i->retired, i->updated) < 0
		   ? -1
		   : 0;
}

int
place_create(struct session *s, struct item *i, struct fault *f)
{
	static const char sql[] =
	    "INSERT INTO item (project, kind, class, scope, slot, name, named, cloud, region, cell,"
	    " parent, ip_address, device_type, note, active, more, created, updated)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
	    "$17)";

	if (refuse_rival(s, i, f) < 0)
		return -1;
	if (db_run(s->db, f, sql, "ississirrrrsssisi", s->project, i->kind, i->class, i->scope,
		i->slot, i->name, (int64_t)i->named, i->cloud, i->region, i->cell, i->parent,
		i->ip_address, i->device_type, i->note, (int64_t)i->active, i->more,
		i->created) < 0)
		return -1;
	i->id = db_last_id(s->db);
	return 0;
}
