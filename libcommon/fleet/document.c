/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/document.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void
document_init(struct document *d, int64_t item, int64_t source)
{
	*d = (struct document){.item = item, .source = source};
	d->attributes = mem_dup("{}");
	d->variables = mem_dup("{}");
}

void
document_done(struct document *d)
{
	free(d->attributes);
	free(d->variables);
	vec_done(&d->labels);
	for (size_t i = 0; i < d->edges.n; i++)
		free(d->edges.v[i].type);
	vec_done(&d->edges);
	*d = (struct document){0};
}

/* ---- reading ---- */

static int
read_texts(struct session *s, struct document *d, struct fault *f)
{
	/* hot: each record of an import */
	static const char sql[] = "SELECT attributes, variables FROM document WHERE id = $1";
	struct db_rows rows;
	int found = db_query(s->db, &rows, f, sql, "i", DOCUMENT_ID(d->item, d->source));

	if (found == 0)
		found = db_next(&rows, f);
	if (found == 1) {
		free(d->attributes);
		free(d->variables);
		d->attributes = db_text_dup(&rows, 0);
		d->variables = db_text_dup(&rows, 1);
	}
	db_end(&rows);
	return found;
}

static int
read_labels(struct session *s, struct document *d, struct fault *f)
{
	/* hot: each record of an import */
	static const char sql[] =
	    "SELECT label FROM label WHERE item = $1 AND source = $2 ORDER BY label";

	return db_get_ids(s->db, &d->labels, f, sql, "ii", d->item, d->source);
}

static int
read_edges(struct session *s, struct document *d, struct fault *f)
{
	/* hot: each record of an import */
	static const char sql[] =
	    "SELECT type, dst FROM relation WHERE src = $1 AND source = $2 ORDER BY type, dst";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "ii", d->item, d->source);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		document_add_edge(d, db_text(&rows, 0), db_int(&rows, 1));
	db_end(&rows);
	return more;
}

int
document_get(struct session *s, int64_t item, int64_t source, struct document *d, struct fault *f)
{
	int found;

	document_init(d, item, source);
	found = read_texts(s, d, f);
	if (found == 1 && (read_labels(s, d, f) < 0 || read_edges(s, d, f) < 0))
		found = -1;
	return found;
}

int
document_list(struct session *s, int64_t item, struct documents *out, struct fault *f)
{
	/* hot: each record of an import that changes something */
	static const char sql[] =
	    "SELECT o.id FROM document AS d JOIN source AS o ON o.id = d.id - $1"
	    " WHERE d.id BETWEEN $1 AND $1 + 4095 ORDER BY o.stale, o.rank, o.id";
	struct ids sources = {0};
	int status = db_get_ids(s->db, &sources, f, sql, "i", DOCUMENT_ID(item, 0));

	for (size_t i = 0; status >= 0 && i < sources.n; i++)
		status = document_get(s, item, sources.v[i], vec_add(out), f);
	vec_done(&sources);
	return status < 0 ? -1 : 0;
}

void
documents_done(struct documents *d)
{
	for (size_t i = 0; i < d->n; i++)
		document_done(&d->v[i]);
	vec_done(d);
}

/* ---- comparing and composing ---- */

static int
by_edge(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	int order = strcmp(x->type, y->type);

	return order ? order : (x->dst > y->dst) - (x->dst < y->dst);
}

void
document_tidy(struct document *d)
{
	size_t kept = 0;

	ids_tidy(&d->labels);
	vec_sort(&d->edges, by_edge);
	for (size_t i = 0; i < d->edges.n; i++)
		if (!kept || by_edge(&d->edges.v[kept - 1], &d->edges.v[i]) != 0)
			d->edges.v[kept++] = d->edges.v[i];
		else
			free(d->edges.v[i].type);
	d->edges.n = kept;
}

int
document_is_place(struct jtext key)
{
	static const char *const places[] = {"cloud", "region", "cell", "parent"};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (strlen(places[i]) == key.len && !memcmp(places[i], key.text, key.len))
			return 1;
	return 0;
}

void
document_add_edge(struct document *d, const char *type, int64_t dst)
{
	vec_push(&d->edges, ((struct edge){mem_dup(type), dst}));
}

int
document_same(const struct document *a, const struct document *b)
{
	if (strcmp(a->attributes, b->attributes) != 0 || strcmp(a->variables, b->variables) != 0 ||
	    a->labels.n != b->labels.n || a->edges.n != b->edges.n)
		return 0;
	for (size_t i = 0; i < a->labels.n; i++)
		if (a->labels.v[i] != b->labels.v[i])
			return 0;
	for (size_t i = 0; i < a->edges.n; i++)
		if (by_edge(&a->edges.v[i], &b->edges.v[i]) != 0)
			return 0;
	return 1;
}

static void
hash_int(struct hash *h, int64_t n)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)((uint64_t)n >> (8 * i));
	hash_add(h, bytes, sizeof(bytes));
}

void
document_hash(const struct document *d, struct hash *h)
{
	hash_add_text(h, d->attributes);
	hash_add_text(h, d->variables);
	hash_int(h, (int64_t)d->labels.n);
	for (size_t i = 0; i < d->labels.n; i++)
		hash_int(h, d->labels.v[i]);
	hash_int(h, (int64_t)d->edges.n);
	for (size_t i = 0; i < d->edges.n; i++) {
		hash_add_text(h, d->edges.v[i].type);
		hash_int(h, d->edges.v[i].dst);
	}
}

/* The order of keys in canonical text: see jtext.h. */
static int
key_order(struct jtext a, struct jtext b)
{
	int order = memcmp(a.text, b.text, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Both sorted: one walk over two lists, the nearer object's value where both have the key. */
void
document_merge(struct jtext near, struct jtext far, struct str *out)
{
	struct jtext nk = {0}, nv = {0}, fk = {0}, fv = {0};
	size_t n_at = 0, f_at = 0;
	int more_near = near.text ? jtext_each(near, &n_at, &nk, &nv) : 0;
	int more_far = far.text ? jtext_each(far, &f_at, &fk, &fv) : 0;

	jtext_open(out);
	while (more_near || more_far) {
		int order = !more_near ? 1 : !more_far ? -1 : key_order(nk, fk);
		struct jtext key = order <= 0 ? nk : fk, value = order <= 0 ? nv : fv;

		if (out->text[out->len - 1] != '{')
			str_addc(out, ',');
		str_addc(out, '"');
		str_addn(out, key.text, key.len);
		str_add(out, "\":");
		str_addn(out, value.text, value.len);
		if (order <= 0)
			more_near = jtext_each(near, &n_at, &nk, &nv);
		if (order >= 0)
			more_far = jtext_each(far, &f_at, &fk, &fv);
	}
	str_addc(out, '}');
}
