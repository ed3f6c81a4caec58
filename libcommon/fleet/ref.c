/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/ref.h"

#include "base/mem.h"
#include "base/near.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PARTS 4 /* cloud/region/device/interface */

/* ---- writing ---- */

static void
escape(struct str *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (isalnum(c) || c >= 0x80 || strchr("._~+=@,-", c))
			str_addc(out, *text);
		else
			str_addf(out, "%%%02X", c);
	}
}

static const char sql_namesakes[] =
    "SELECT count(*) FROM item WHERE project = $1 AND class = 'region' AND slot = $2";

/* "dfw/", or "us/dfw/" where another cloud has a dfw too. Looked up once a session. */
static const char *
region_prefix(struct session *s, int64_t id, struct fault *f)
{
	struct item region = {0}, cloud = {0};
	struct str prefix = STR_INIT;
	union map_value *known;
	int64_t namesakes = 0;
	char key[24];
	int added, found;

	snprintf(key, sizeof(key), "%" PRId64, id);
	known = map_put(&s->names, key, &added);
	if (!added && known->p)
		return known->p;
	found = item_get(s, id, &region, f);
	if (found == 0)
		fault_set(f, FAULT_SYSTEM, "%s: damaged (no region %s); see craton-inv fsck",
		    db_path(s->db), key);
	if (found != 1 ||
	    db_get_int(s->db, &namesakes, f, sql_namesakes, "is", s->project, region.slot) < 0)
		goto out;
	if (namesakes > 1 && item_get(s, region.cloud, &cloud, f) == 1) {
		escape(&prefix, cloud.name);
		str_addc(&prefix, '/');
	}
	escape(&prefix, region.slot);
	str_addc(&prefix, '/');
	known->p = str_take(&prefix);
out:
	item_done(&region);
	item_done(&cloud);
	return known->p;
}

/* The names of a row that only ref_text reads, instead of a whole item. */
static int
put_region(struct session *s, int64_t region, struct str *out, struct fault *f)
{
	const char *prefix;

	if (!region)
		return 0;
	prefix = region_prefix(s, region, f);
	if (!prefix)
		return -1;
	str_add(out, prefix);
	return 0;
}

static int
put_scope(struct session *s, const struct item *i, struct str *out, struct fault *f)
{
	struct item above = {0};
	int status = 0;

	switch (item_scoping(i->class)) {
	case ITEM_IN_REGION: return put_region(s, i->scope, out, f);
	case ITEM_IN_CLOUD:
	case ITEM_IN_DEVICE:
		if (i->scope && (status = item_get(s, i->scope, &above, f)) == 1) {
			status = put_region(s, above.region, out, f);
			escape(out, above.slot);
			str_addc(out, '/');
		}
		item_done(&above);
		return status < 0 ? -1 : 0;
	case ITEM_IN_PROJECT:
	case ITEM_BY_KEY: break;
	}
	return 0;
}

int
ref_text(struct session *s, const struct item *i, struct str *out, struct fault *f)
{
	const char *slash = item_scoping(i->class) == ITEM_BY_KEY ? strchr(i->slot, '/') : NULL;

	str_add(out, i->kind);
	str_addc(out, ':');
	if (put_scope(s, i, out, f) < 0)
		return -1;
	if (slash) {
		char *source = mem_dupn(i->slot, (size_t)(slash - i->slot));

		escape(out, source);
		free(source);
		str_addc(out, '/');
	}
	escape(out, slash ? slash + 1 : i->slot);
	return 0;
}

int
ref_of(struct session *s, int64_t id, struct str *out, struct fault *f)
{
	struct item i = {0};
	int status = item_get(s, id, &i, f);

	if (status == 1)
		status = ref_text(s, &i, out, f);
	else if (status == 0)
		status = fault_set(f, FAULT_BAD, "item %" PRId64 ": no such item", id);
	item_done(&i);
	return status;
}

/* ---- reading ---- */

struct parts {
	char *text; /* one copy, cut at the slashes */
	char *v[MOST_PARTS];
	size_t n;
};

static int
hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c & ~0x20) - 'A' + 10;
}

static void
unescape(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (*text == '%' && isxdigit((unsigned char)text[1]) &&
		    isxdigit((unsigned char)text[2])) {
			*to++ = (char)(hex(text[1]) << 4 | hex(text[2]));
			text += 2;
		} else {
			*to++ = *text;
		}
	*to = '\0';
}

/* 0 when there are more parts than any ref has. */
static int
split(const char *path, struct parts *p)
{
	char *rest;

	*p = (struct parts){.text = mem_dup(path)};
	rest = p->text;
	for (char *part; (part = strsep(&rest, "/"));) {
		if (p->n == MOST_PARTS)
			return 0;
		p->v[p->n++] = part;
		unescape(part);
	}
	return 1;
}

static const char sql_region_named[] = "SELECT id FROM item WHERE project = $1 AND class = "
				       "'region' AND slot = $2 ORDER BY scope LIMIT 2";
static const char sql_project_named[] = "SELECT id FROM item WHERE id = $1 AND slot = $2";

static int
ambiguous(struct session *s, const char *text, const struct ids *all, struct fault *f)
{
	struct str list = STR_INIT;
	struct fault ignored;

	for (size_t n = 0; n < all->n && n < 5; n++) {
		if (n)
			str_add(&list, ", ");
		if (ref_of(s, all->v[n], &list, &ignored) < 0)
			break;
	}
	fault_set(f, FAULT_BAD, "\"%s\": more than one item has this name: %s%s", text, list.text,
	    all->n > 5 ? ", ..." : "");
	str_done(&list);
	return -1;
}

/* A region named without its cloud: FAULT_BAD where two clouds have one of that name. */
static int
find_sole_region(struct session *s, const char *name, int64_t *id, struct fault *f)
{
	struct ids all = {0};
	int found = db_get_ids(s->db, &all, f, sql_region_named, "is", s->project, name);

	if (found == 0 && all.n == 1)
		*id = all.v[0];
	if (found == 0)
		found = all.n > 1 ? ambiguous(s, name, &all, f) : (int)all.n;
	vec_done(&all);
	return found;
}

/* "dfw" or "us/dfw"; none is region 0. 1 found, 0, -1. */
static int
find_region(struct session *s, char *const *v, size_t n, int64_t *id, struct fault *f)
{
	int64_t cloud;
	int found;

	*id = 0;
	if (n == 0)
		return 1;
	if (n == 1)
		return find_sole_region(s, v[0], id, f);
	if (n != 2)
		return 0;
	found = item_at(s, "cloud", 0, v[0], &cloud, f);
	return found == 1 ? item_at(s, "region", cloud, v[1], id, f) : found;
}

static int
find_in_region(
    struct session *s, const char *class, char *const *v, size_t n, int64_t *id, struct fault *f)
{
	int64_t region;
	int found = find_region(s, v, n - 1, &region, f);

	return found == 1 ? item_at(s, class, region, v[n - 1], id, f) : found;
}

static int
find_path(struct session *s, const char *class, const struct parts *p, int64_t *id, struct fault *f)
{
	int64_t device;
	int found = 0;

	switch (item_scoping(class)) {
	case ITEM_IN_PROJECT:
		if (p->n != 1)
			return 0;
		if (strcmp(class, "project") == 0)
			return db_get_int(
			    s->db, id, f, sql_project_named, "is", s->project, p->v[0]);
		return item_at(s, class, 0, p->v[0], id, f);
	case ITEM_IN_CLOUD: return find_region(s, p->v, p->n, id, f);
	case ITEM_IN_REGION: return find_in_region(s, class, p->v, p->n, id, f);
	case ITEM_IN_DEVICE:
		if (p->n < 2)
			return 0;
		found = find_in_region(s, "device", p->v, p->n - 1, &device, f);
		return found == 1 ? item_at(s, class, device, p->v[p->n - 1], id, f) : found;
	case ITEM_BY_KEY: break;
	}
	return found;
}

/* Kinds that are known by source and native key: "netbox/vm-361". */
static int
find_slot(struct session *s, const char *kind, const char *path, int64_t *id, struct fault *f)
{
	char *slot = mem_dup(path);
	int found;

	unescape(slot);
	found = item_at(s, kind, 0, slot, id, f);
	free(slot);
	return found;
}

char *
ref_slot(const char *kind, const char *ref)
{
	size_t len = strlen(kind);
	char *slot;

	if (item_scoping(item_class(kind)) != ITEM_BY_KEY || strncmp(ref, kind, len) != 0 ||
	    ref[len] != ':' || !strchr(ref + len, '/'))
		return NULL;
	slot = mem_dup(ref + len + 1);
	unescape(slot);
	return slot;
}

static int
find_key(struct session *s, const char *path, int64_t *id, struct fault *f)
{
	/*
	 * Few sources, each asked by its index: where the source's name ends is not known, since
	 * names may hold slashes.
	 */
	/* hot: each record that names an item by its key */
	static const char sql[] =
	    "SELECT d.item FROM source AS o JOIN ident AS d"
	    " ON d.source = o.id AND d.key = substr($1, length(o.name) + 2)"
	    " WHERE o.project = $2 AND substr($1, 1, length(o.name) + 1) = o.name || '/'";

	return db_get_int(s->db, id, f, sql, "si", path, s->project);
}

static int
find_in_class(struct session *s, const char *kind, const char *path, int64_t *id, struct fault *f)
{
	const char *class = item_class(kind);
	struct parts p;
	int found;

	if (item_scoping(class) == ITEM_BY_KEY)
		return find_slot(s, kind, path, id, f);
	found = split(path, &p) ? find_path(s, class, &p, id, f) : 0;
	free(p.text);
	return found;
}

/* 1 found, 0 not or no ref at all. */
static int
find_ref(struct session *s, const char *wanted_kind, const char *text, int64_t *id, struct fault *f)
{
	const char *colon = strchr(text, ':');
	char *kind;
	int found = 0;

	if (!colon)
		return 0;
	kind = mem_dupn(text, (size_t)(colon - text));
	if (strcmp(kind, "key") == 0)
		found = find_key(s, colon + 1, id, f);
	else if (item_kind_ok(kind) &&
		 (!wanted_kind || strcmp(item_class(kind), item_class(wanted_kind)) == 0))
		found = find_in_class(s, kind, colon + 1, id, f);
	free(kind);
	return found;
}

/*
 * The living come first, so that a retired namesake is no rival; then what is no label: a label
 * with a host's name (its serial, its owner) would else make the host's own name useless.
 */
static const char sql_named[] =
    "SELECT id, 2 * (retired > 0) + (class = 'label') FROM item"
    " WHERE name = $1 AND project = $2 AND ($3 IS NULL OR class = $3) ORDER BY 2, id LIMIT 6";

static int
find_name(struct session *s, const char *kind, const char *name, int64_t *id, struct fault *f)
{
	struct ids nearest = {0};
	struct db_rows rows;
	int64_t order = 0;
	int more = db_query(
	    s->db, &rows, f, sql_named, "sis", name, s->project, kind ? item_class(kind) : NULL);

	while (more >= 0 && (more = db_next(&rows, f)) == 1) {
		if (!nearest.n)
			order = db_int(&rows, 1);
		if (db_int(&rows, 1) == order)
			vec_push(&nearest, db_int(&rows, 0));
	}
	db_end(&rows);
	if (more == 0 && nearest.n == 1)
		*id = nearest.v[0];
	if (more == 0)
		more = nearest.n > 1 ? ambiguous(s, name, &nearest, f) : (int)nearest.n;
	vec_done(&nearest);
	return more;
}

int
ref_find(struct session *s, const char *kind, const char *text, int64_t *id, struct fault *f)
{
	int found = find_ref(s, kind, text, id, f);

	return found ? found : find_name(s, kind, text, id, f);
}

/* Offers the names of the same kind that begin alike: an index range, not the whole fleet. */
static void
offer_names(struct session *s, const char *kind, struct near *near, struct words *held)
{
	static const char sql[] =
	    "SELECT name FROM item WHERE name >= $1 AND name < $2 AND project = $3"
	    " AND ($4 IS NULL OR class = $4) AND retired = 0 LIMIT 2000";
	char first[2] = {near->word[0], '\0'}, after[2] = {(char)(near->word[0] + 1), '\0'};
	struct db_rows rows;
	struct fault ignored;
	int more;

	if ((unsigned char)*first >= 0x7f)
		return;
	more = db_query(s->db, &rows, &ignored, sql, "ssis", first, after, s->project,
	    kind ? item_class(kind) : NULL);
	while (more >= 0 && (more = db_next(&rows, &ignored)) == 1)
		words_add(held, db_text(&rows, 0));
	db_end(&rows);
	for (size_t i = 0; i < held->n; i++)
		near_offer(near, held->v[i]);
}

int
ref_want(struct session *s, const char *kind, const char *text, int64_t *id, struct fault *f)
{
	int found = ref_find(s, kind, text, id, f);
	struct near near = NEAR_INIT(text);
	struct words held = {0};
	char hint[NEAR_HINT];

	if (found)
		return found < 0 ? -1 : 0;
	offer_names(s, kind, &near, &held);
	fault_set(f, FAULT_BAD, "\"%s\": no such %s%s", text, kind ? kind : "item",
	    near_hint(&near, hint));
	words_done(&held);
	return -1;
}
