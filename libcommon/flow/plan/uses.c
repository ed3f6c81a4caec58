/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/uses.h"

#include "fleet/expr/expr.h"
#include "fleet/label/carry.h"
#include "fleet/ref.h"
#include "fleet/resolve.h"

#include <string.h>

/* What every item is held to: that it is the same one, in the same place, and in use. */
static const char *const place[] = {
    "active", "cell", "cloud", "kind", "name", "parent", "ref", "region", NULL};

static void
want(struct words *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(names->v[i], name))
			return;
	words_add(names, name);
}

int
uses_want(const struct template_part *p, void *uses)
{
	struct uses *u = uses;

	if (p->kind == TEMPLATE_ATTRIBUTE)
		want(&u->attributes, p->text);
	else if (p->kind == TEMPLATE_VARIABLE)
		want(&u->variables, p->text);
	else if (p->kind == TEMPLATE_LABEL)
		want(&u->labels, p->text);
	return 0;
}

/* w: its steps' names stand for what they printed, which is nothing of the item's. */
static int
want_expression(
    struct uses *u, const struct workflow *w, const char *what, const char *text, struct fault *f)
{
	struct expr *e;

	if (!text)
		return 0;
	if (!(e = expr_new(what, text, f)))
		return -1;
	for (size_t i = 0; i < expr_attributes(e)->n; i++)
		want(&u->attributes, expr_attributes(e)->v[i]);
	for (size_t i = 0; i < expr_variables(e)->n; i++)
		if (!w || workflow_step(w, expr_variables(e)->v[i]) < 0)
			want(&u->variables, expr_variables(e)->v[i]);
	for (size_t i = 0; i < expr_labels(e)->n; i++)
		want(&u->labels, expr_labels(e)->v[i]);
	expr_free(e);
	return 0;
}

int
uses_init(struct uses *u, const struct workflow *w, const char *where, struct fault *f)
{
	int rc = 0;

	*u = (struct uses){0};
	for (size_t i = 0; place[i]; i++)
		want(&u->attributes, place[i]);
	want(&u->labels, USES_PROTECT);
	for (size_t i = 0; i < w->batch.spread.n; i++)
		want(&u->labels, w->batch.spread.v[i].label);
	workflow_each_value(w, uses_want, u);
	for (size_t i = 0; i < w->steps.n && rc == 0; i++)
		rc = want_expression(u, w, w->steps.v[i].name, w->steps.v[i].when, f);
	if (rc == 0)
		rc = want_expression(u, NULL, "--where", where, f);
	words_sort(&u->attributes);
	words_sort(&u->labels);
	words_sort(&u->variables);
	return rc;
}

void
uses_done(struct uses *u)
{
	words_done(&u->attributes);
	words_done(&u->labels);
	words_done(&u->variables);
}

/* ---- the present values ---- */

/* Names of the items that one points to. */
struct around {
	char *cloud, *region, *cell, *parent, *ref;
};

static int
look_around(struct session *s, const struct item *i, struct around *out, struct fault *f)
{
	static const char sql[] =
	    "SELECT c.name, r.name, e.name, p.name FROM item AS i"
	    " LEFT JOIN item AS c ON c.id = i.cloud LEFT JOIN item AS r ON r.id = i.region"
	    " LEFT JOIN item AS e ON e.id = i.cell LEFT JOIN item AS p ON p.id = i.parent"
	    " WHERE i.id = $1";
	struct str ref = STR_INIT;
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "i", i->id);

	if (more == 0 && (more = db_next(&rows, f)) == 1) {
		out->cloud = db_text_dup(&rows, 0);
		out->region = db_text_dup(&rows, 1);
		out->cell = db_text_dup(&rows, 2);
		out->parent = db_text_dup(&rows, 3);
	}
	db_end(&rows);
	if (more < 0 || ref_text(s, i, &ref, f) < 0) {
		str_done(&ref);
		return -1;
	}
	out->ref = str_take(&ref);
	return 0;
}

static void
around_done(struct around *a)
{
	free(a->cloud);
	free(a->region);
	free(a->cell);
	free(a->parent);
	free(a->ref);
}

static void
put_attribute(const char *name, const struct item *i, const struct around *a, struct str *out)
{
	const struct {
		const char *name, *text;
	} texts[] = {{"cell", a->cell}, {"cloud", a->cloud}, {"device_type", i->device_type},
	    {"ip_address", i->ip_address}, {"kind", i->kind}, {"name", i->name}, {"note", i->note},
	    {"parent", a->parent}, {"ref", a->ref}, {"region", a->region}};
	struct jtext more;

	if (!strcmp(name, "active") || !strcmp(name, "named")) {
		jtext_bool(out, name, *name == 'a' ? i->active : i->named);
		return;
	}
	for (size_t n = 0; n < sizeof(texts) / sizeof(*texts); n++)
		if (!strcmp(texts[n].name, name)) {
			jtext_text(out, name, texts[n].text);
			return;
		}
	more = i->more ? jtext_member(JTEXT(i->more), name) : (struct jtext){0};
	if (more.text)
		jtext_rawn(out, name, more.text, more.len);
}

static int
put_attributes(
    struct session *s, const struct uses *u, const struct item *i, struct str *out, struct fault *f)
{
	struct around around = {0};
	int rc = look_around(s, i, &around, f);

	jtext_key(out, "attributes");
	jtext_open(out);
	for (size_t n = 0; n < u->attributes.n && rc == 0; n++)
		put_attribute(u->attributes.v[n], i, &around, out);
	jtext_close(out);
	around_done(&around);
	return rc;
}

/* The value of a label text with this key: what follows =, "" if nothing does; else NULL. */
static const char *
value_of(const char *label, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(label, key, len) != 0 || (label[len] && label[len] != '='))
		return NULL;
	return label + len + (label[len] == '=');
}

static void
put_label(const struct words *labels, const char *key, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; i < labels->n; i++) {
		const char *value = value_of(labels->v[i], key);

		if (!value)
			continue;
		if (!n++)
			jtext_key(out, key);
		str_add(out, n == 1 ? "[" : ",");
		jtext_put_string(out, value);
	}
	if (n)
		str_addc(out, ']');
}

static int
put_labels(
    struct session *s, const struct uses *u, const struct item *i, struct str *out, struct fault *f)
{
	int rc = 0;

	jtext_key(out, "labels");
	jtext_open(out);
	for (size_t n = 0; rc == 0 && n < u->labels.n; n++) {
		struct words labels = {0};

		rc = carry_texts_of(s, i->id, u->labels.v[n], &labels, f);
		put_label(&labels, u->labels.v[n], out);
		words_done(&labels);
	}
	jtext_close(out);
	return rc;
}

static int
put_variable(
    struct session *s, const char *key, const struct item *i, struct str *out, struct fault *f)
{
	struct resolution r = {0};
	int rc = resolve_item(s, i, key, 0, &r, f);

	if (rc >= 0 && r.keys.n && r.keys.v[0].candidates.n) {
		struct jtext value = r.keys.v[0].candidates.v[0].value;

		jtext_rawn(out, key, value.text, value.len);
	}
	resolution_done(&r);
	return rc < 0 ? -1 : 0;
}

int
uses_of(
    struct session *s, const struct uses *u, const struct item *i, struct str *out, struct fault *f)
{
	int rc;

	jtext_open(out);
	rc = put_attributes(s, u, i, out, f);
	if (rc == 0)
		rc = put_labels(s, u, i, out, f);
	jtext_key(out, "variables");
	jtext_open(out);
	for (size_t n = 0; n < u->variables.n && rc == 0; n++)
		rc = put_variable(s, u->variables.v[n], i, out, f);
	jtext_close(out);
	jtext_close(out);
	return rc;
}

void
uses_expect(struct str *uses, const char *expected)
{
	struct str value = STR_INIT, with = STR_INIT;

	jtext_put_string(&value, expected);
	jtext_with(JTEXT(uses->text), "expected", (struct jtext){value.text, value.len}, &with);
	str_done(&value);
	str_done(uses);
	*uses = with;
}

char *
uses_expected(struct jtext uses)
{
	return jtext_plain_dup(jtext_member(uses, "expected"));
}
