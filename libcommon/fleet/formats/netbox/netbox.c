/* SPDX-License-Identifier: Apache-2.0 */
/* From the first line to the last: hold all records, then make items of them in order. */
#include "fleet/formats/netbox/netbox.h"

#include "base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int
is_dump(struct jtext first)
{
	return jtext_member(first, "model").text && jtext_member(first, "fields").text;
}

static void
start(struct format_run *run)
{
	struct netbox *nb = mem_zero(1, sizeof(*nb));

	nb->run = run;
	run->state = nb;
}

static void
end(struct format_run *run)
{
	struct netbox *nb = run->state;

	dump_done(&nb->dump);
	draft_done(&nb->draft);
	map_done(&nb->names);
	vec_done(&nb->tags);
	vec_done(&nb->cables);
	for (size_t i = 0; i < nb->counts.n; i++)
		free(nb->counts.v[i].kind);
	vec_done(&nb->counts);
	free(nb);
}

static int
hold(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	static const char *const known[] = {"model", "pk", "fields", NULL};
	struct netbox *nb = run->state;

	if (dump_add(&nb->dump, record, line, f) < 0)
		return -1;
	format_left_others(run, "a record", record, known);
	return 0;
}

/* ---- one item ---- */

static int
is_mapped(const char *model)
{
	for (const struct netbox_mapping *m = netbox_mappings; m->model; m++)
		if (strcmp(m->model, model) == 0)
			return 1;
	return 0;
}

char *
netbox_key(const struct dump_row *row)
{
	const char *pk = row->pk ? row->pk : "", *dot = strchr(row->model, '.');
	char *kind, *key;

	if (dot && is_mapped(row->model))
		return mem_printf("%s-%s", dot + 1, pk);
	kind = netbox_kind_of_model(row->model);
	key = mem_printf("%s-%s", kind, pk);
	free(kind);
	return key;
}

int
netbox_put_attribute(struct netbox *nb, const struct dump_row *row,
    const struct netbox_field *field, struct jtext value, struct fault *f)
{
	(void)row;
	(void)f;
	draft_attribute(&nb->draft, "netbox", field->name, value);
	return 0;
}

static int
put_field(struct netbox *nb, const struct netbox_mapping *m, const struct dump_row *row,
    const char *name, struct jtext value, struct fault *f)
{
	const struct netbox_field *field = netbox_field_find(m, name);
	struct netbox_field unknown = {
	    name, m->other ? m->other : netbox_put_attribute, NULL, NULL};

	if (*name == '_' || draft_is_empty(value))
		return 0;
	if (!field)
		field = &unknown;
	return field->put(nb, row, field, value, f);
}

static int
put_fields(
    struct netbox *nb, const struct netbox_mapping *m, const struct dump_row *row, struct fault *f)
{
	struct str name = STR_INIT;
	struct jtext key, value;
	size_t at = 0;
	int result = 0;

	while (result == 0 && jtext_each(row->fields, &at, &key, &value)) {
		str_reset(&name);
		jtext_plain(key, &name);
		result = put_field(nb, m, row, name.text, value, f);
	}
	str_done(&name);
	return result;
}

static void
put_tags(struct netbox *nb, const struct dump_row *row)
{
	size_t n;
	const struct netbox_join *tags = netbox_joins_of(&nb->tags, row, &n);

	for (size_t i = 0; i < n; i++) {
		const struct dump_row *tag =
		    dump_find(&nb->dump, "extras.tag", jtext_member(tags[i].row->fields, "tag"));
		char *slug = dump_text(tag, "slug");

		if (slug)
			draft_label(&nb->draft, NULL, slug);
		free(slug);
	}
}

static int
put_identity(
    struct netbox *nb, const struct netbox_mapping *m, const struct dump_row *row, struct fault *f)
{
	char *key, *slug, *text;

	if (m->label) {
		slug = dump_text(row, "slug");
		if (!slug)
			return fault_set(f, FAULT_BAD, "no slug to make a label of");
		text = mem_printf("%s%s%s", m->label, *m->label ? "=" : "", slug);
		draft_text(&nb->draft, "name", text);
		free(text);
		free(slug);
		return 0;
	}
	key = netbox_key(row);
	text = mem_printf("%s%s", key, m->mark ? m->mark : "");
	draft_text(&nb->draft, "key", text);
	free(text);
	free(key);
	return 0;
}

static void
count(struct netbox *nb, const char *kind)
{
	size_t i = 0;

	while (i < nb->counts.n && strcmp(nb->counts.v[i].kind, kind) != 0)
		i++;
	if (i == nb->counts.n)
		vec_add(&nb->counts)->kind = mem_dup(kind);
	nb->counts.v[i].n++;
}

static int
make_item(
    struct netbox *nb, const struct netbox_mapping *m, const struct dump_row *row, struct fault *f)
{
	const char *kind = m->kind_of ? m->kind_of(nb, row) : m->kind;

	if (!row->pk)
		return fault_set(f, FAULT_BAD, "no \"pk\"; dump without --natural-primary");
	draft_start(&nb->draft, kind);
	if (put_identity(nb, m, row, f) < 0 || put_fields(nb, m, row, f) < 0 ||
	    (m->more && m->more(nb, row, f) < 0))
		return -1;
	put_tags(nb, row);
	if (draft_emit(&nb->draft, nb->run, row->line, f) < 0)
		return -1;
	count(nb, kind);
	return 0;
}

/* A record that cannot be an item is reported with its line. */
static int
make_reported(
    struct netbox *nb, const struct netbox_mapping *m, const struct dump_row *row, struct fault *f)
{
	if (make_item(nb, m, row, f) == 0)
		return 0;
	if (f->kind != FAULT_BAD)
		return -1;
	if (row->pk)
		fault_within(f, "%s %s", row->model, row->pk);
	else
		fault_within(f, "%s", row->model);
	format_bad(nb->run, row->line, f);
	return 0;
}

/* ---- all of them ---- */

static int
make_mapped(struct netbox *nb, const struct netbox_mapping *m, struct fault *f)
{
	for (size_t i = 0; i < nb->dump.rows.n; i++) {
		struct dump_row *row = &nb->dump.rows.v[i];

		if (strcmp(row->model, m->model) != 0)
			continue;
		row->is_used = 1;
		if ((!m->only || m->only(nb, row)) && make_reported(nb, m, row, f) < 0)
			return -1;
	}
	return 0;
}

/* All records of a model without a mapping, from the first one on. */
static int
make_unmapped(struct netbox *nb, size_t first, struct fault *f)
{
	const char *model = nb->dump.rows.v[first].model;
	char *kind = netbox_kind_of_model(model);
	struct netbox_mapping m = {.model = model, .kind = kind};
	unsigned long n = 0;
	int result = 0;

	for (size_t i = first; i < nb->dump.rows.n && result == 0; i++) {
		struct dump_row *row = &nb->dump.rows.v[i];

		if (row->is_used || strcmp(row->model, model) != 0)
			continue;
		row->is_used = 1;
		n++;
		result = make_reported(nb, &m, row, f);
	}
	format_note(nb->run, "%lu %s of %s: no mapping, kept as kind %s", n,
	    n == 1 ? "record" : "records", model, kind);
	free(kind);
	return result;
}

static void
note_counts(struct netbox *nb)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < nb->counts.n; i++)
		str_addf(&text, "%s%lu %s", i ? ", " : "", nb->counts.v[i].n, nb->counts.v[i].kind);
	format_note(nb->run, "records by kind: %s", text.len ? text.text : "none");
	str_done(&text);
}

static int
make_all(struct format_run *run, struct fault *f)
{
	struct netbox *nb = run->state;

	netbox_join_all(nb);
	netbox_name_all(nb);
	for (const struct netbox_mapping *m = netbox_mappings; m->model; m++)
		if (make_mapped(nb, m, f) < 0)
			return -1;
	for (size_t i = 0; i < nb->dump.rows.n; i++)
		if (!nb->dump.rows.v[i].is_used && !netbox_is_join(nb->dump.rows.v[i].model) &&
		    make_unmapped(nb, i, f) < 0)
			return -1;
	note_counts(nb);
	return 0;
}

const struct format format_netbox = {
    .name = "netbox",
    .about = "NetBox, as manage.py dumpdata prints it",
    .detect = is_dump,
    .start = start,
    .end = end,
    .record = hold,
    .finish = make_all,
};
