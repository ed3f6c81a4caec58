/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/past/diff_side.h"

#include "base/hash.h"
#include "base/mem.h"
#include "fleet/bulk/export.h"
#include "fleet/document.h"
#include "fleet/ref.h"
#include "io/jsonl.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines in ---- */

static int
put_line(struct diff *d, const char *item, const char *source, struct jtext record, struct fault *f)
{
	static const char sql[] = "INSERT INTO diff_line (item, id, source, side, hash, at)"
				  " VALUES ($1, $2, $3, $4, $5, $6)";
	char text[HASH_TEXT];
	struct hash h;
	int64_t at;

	if (spool_tell(&d->spool, &at, f) < 0)
		return -1;
	hash_init(&h);
	hash_add(&h, record.text, record.len);
	hash_end(&h, text);
	if (spool_put(&d->spool, 0, record, f) < 0)
		return -1;
	return db_run(d->db, f, sql, "sisisi", item, d->id, source, (int64_t)d->side, text, at) < 0
		   ? -1
		   : 0;
}

/* What a line without a ref is about, as near as its fields tell. */
static char *
made_ref(struct jtext record)
{
	static const char *const scopes[] = {"region", "cell", "cloud"};
	char *kind = jtext_plain_dup(jtext_member(record, "kind"));
	char *name = jtext_plain_dup(jtext_member(record, "name")), *scope = NULL, *ref = NULL;

	for (size_t i = 0; !scope && i < sizeof(scopes) / sizeof(*scopes); i++)
		scope = jtext_plain_dup(jtext_member(record, scopes[i]));
	if (kind && name)
		ref = scope ? mem_printf("%s:%s/%s", kind, scope, name)
			    : mem_printf("%s:%s", kind, name);
	free(kind);
	free(name);
	free(scope);
	return ref;
}

/* Between two sources native keys are no difference: each has its own. */
static void
strip(struct jtext record, struct str *out)
{
	struct str once = STR_INIT;

	jtext_with(record, "source", (struct jtext){0}, &once);
	jtext_with(JTEXT(once.text), "key", (struct jtext){0}, out);
	str_done(&once);
}

static int
take_record(struct diff *d, struct jtext record, struct fault *f)
{
	char *ref = d->name ? mem_dup(d->name) : jtext_plain_dup(jtext_member(record, "ref"));
	char *source = jtext_plain_dup(jtext_member(record, "source"));
	int status = 0;

	if (!ref)
		ref = made_ref(record);
	if (!ref) {
		status = fault_set(f, FAULT_BAD, "neither a ref nor kind and name");
	} else if (!d->only) {
		status = put_line(d, ref, source ? source : "", record, f);
	} else if (source && strcmp(source, d->only) == 0) {
		struct str bare = STR_INIT;

		strip(record, &bare);
		status = put_line(d, ref, "", JTEXT(bare.text), f);
		str_done(&bare);
	}
	free(ref);
	free(source);
	return status;
}

int
diff_put_export(struct diff *d, enum diff_side side, const char *path, struct fault *f)
{
	struct jsonl in;
	const char *line;
	size_t len;
	int more;

	d->side = side;
	if (jsonl_open(&in, path, f) < 0)
		return -1;
	while ((more = jsonl_next(&in, &line, &len, f)) == 1)
		if (take_record(d, (struct jtext){line, len}, f) < 0) {
			fault_within(f, "%s:%lu", in.name, in.line);
			more = -1;
			break;
		}
	jsonl_close(&in);
	return more;
}

/* ---- sessions in ---- */

static int
take_exported(void *ctx, struct jtext record, struct fault *f)
{
	struct diff *d = ctx;
	struct str canonical = STR_INIT;
	int status = jtext_canonical(record.text, record.len, &canonical, f);

	if (status == 0 && (!d->id || jtext_member(JTEXT(canonical.text), "ref").text))
		status = take_record(d, JTEXT(canonical.text), f);
	str_done(&canonical);
	return status;
}

int
diff_put_fleet(
    struct diff *d, enum diff_side side, struct session *s, const char *source, struct fault *f)
{
	int status;

	d->side = side;
	d->only = source;
	status = export_all(s, take_exported, d, f);
	d->only = NULL;
	return status;
}

/* ---- two points of one file ---- */

/* An item is told by the name that it has in the end, else by the last that it had. */
static int
put_item(struct diff *d, struct session *const sides[2], int64_t id, struct fault *f)
{
	struct ids one = {.v = (int64_t[]){id}, .n = 1};
	struct str ref = STR_INIT;
	int there[2], status = 0;

	for (int side = 1; status >= 0 && side >= 0; side--) {
		struct item i = {0};

		status = there[side] = item_get(sides[side], id, &i, f);
		if (status == 1 && !ref.len)
			status = ref_text(sides[side], &i, &ref, f);
		item_done(&i);
	}
	d->name = ref.text;
	d->id = id;
	for (int side = 0; status >= 0 && side < 2; side++) {
		d->side = (enum diff_side)side;
		if (there[side])
			status = export_items(sides[side], &one, take_exported, d, f);
	}
	d->name = NULL;
	d->id = 0;
	str_done(&ref);
	return status < 0 ? -1 : 0;
}

static int
put_touched(struct diff *d, struct session *const sides[2], const struct past_point *from,
    const struct past_point *to, struct fault *f)
{
	static const char sql[] = "SELECT DISTINCT c.item FROM main.chg AS c JOIN main.txn AS t"
				  " ON t.id = c.txn WHERE c.id > $1 AND c.id <= $2"
				  " AND t.project = $3 AND c.item > 0 ORDER BY c.item";
	const struct past_point *first = from->row < to->row ? from : to;
	const struct past_point *last = from->row < to->row ? to : from;
	const struct ids none = {0};
	struct ids ids = {0};
	int status =
	    db_get_ids(sides[1]->db, &ids, f, sql, "iii", first->row, last->row, sides[1]->project);

	/* The lines of the sources alone: ranks. */
	for (int side = 0; status == 0 && side < 2; side++) {
		d->side = (enum diff_side)side;
		status = export_items(sides[side], &none, take_exported, d, f);
	}
	for (size_t i = 0; status == 0 && i < ids.n; i++)
		status = put_item(d, sides, ids.v[i], f);
	vec_done(&ids);
	return status;
}

int
diff_put_times(struct diff *d, const struct session_options *o, const struct past_point *from,
    const struct past_point *to, struct fault *f)
{
	struct session old = {0}, new = {0};
	struct session *const sides[2] = {&old, &new};
	int status = -1;

	if (session_open(&old, o, DB_READ, f) == 0 && session_open(&new, o, DB_READ, f) == 0 &&
	    past_go(&old, from, f) == 0 && past_go(&new, to, f) == 0)
		status = put_touched(d, sides, from, to, f);
	session_close(&old);
	session_close(&new);
	return status;
}

/* ---- layers out ---- */

static int
is_one_of(struct jtext key, const char *const *names)
{
	for (; *names; names++)
		if (strlen(*names) == key.len && memcmp(*names, key.text, key.len) == 0)
			return 1;
	return 0;
}

/* The fields that are not attributes, and those that only describe. */
static const char *const others[] = {"kind", "ref", "source", "key", "labels", "variables",
    "relations", "id", "project", "retired", "resolved", "blame", "created_at", "updated_at", NULL};

static void
add_attributes(struct diff_layer *l, struct jtext record)
{
	struct str own = STR_INIT, merged = STR_INIT;
	struct jtext key, value;

	jtext_open(&own);
	for (size_t at = 0; jtext_each(record, &at, &key, &value);) {
		if (is_one_of(key, others))
			continue;
		str_addf(&own, "%s\"%.*s\":", own.len > 1 ? "," : "", (int)key.len, key.text);
		str_addn(&own, value.text, value.len);
	}
	jtext_close(&own);
	document_merge(JTEXT(own.text), JTEXT(l->attributes.text), &merged);
	str_done(&own);
	str_done(&l->attributes);
	l->attributes = merged;
}

/* Of an item with several keys each has a line; only the first says more than that. */
int
diff_layer_add(struct diff_layer *l, struct diff *d, int64_t at, struct fault *f)
{
	struct jtext record, value;
	unsigned long line;

	if (spool_seek(&d->spool, at, f) < 0 || spool_next(&d->spool, &line, &record, f) < 0)
		return -1;
	add_attributes(l, record);
	if ((value = jtext_member(record, "key")).text) {
		str_addc(&l->keys, l->keys.len ? ',' : '[');
		str_addn(&l->keys, value.text, value.len);
	}
	if ((value = jtext_member(record, "variables")).text)
		str_addn(&l->variables, value.text, value.len);
	if ((value = jtext_member(record, "labels")).text)
		str_addn(&l->labels, value.text, value.len);
	if ((value = jtext_member(record, "relations")).text)
		str_addn(&l->relations, value.text, value.len);
	return 0;
}

void
diff_layer_end(struct diff_layer *l, struct str *out)
{
	if (l->attributes.len) {
		jtext_open(out);
		jtext_raw(out, "attributes", l->attributes.text);
		jtext_raw(out, "variables", l->variables.text);
		jtext_raw(out, "labels", l->labels.text);
		jtext_raw(out, "relations", l->relations.text);
		if (l->keys.len) {
			str_addc(&l->keys, ']');
			jtext_raw(out, "keys", l->keys.text);
		}
		jtext_close(out);
	}
	str_done(&l->attributes);
	str_done(&l->variables);
	str_done(&l->labels);
	str_done(&l->relations);
	str_done(&l->keys);
}
