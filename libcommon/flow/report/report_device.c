/* SPDX-License-Identifier: Apache-2.0 */
/* The devices of a report: the fleet as it is drawn, by place, coloured by what was found. */
#include "fleet/item.h"
#include "flow/report/inside.h"

#include <string.h>

void
report_done_devices(struct report *r)
{
	for (size_t i = 0; i < r->devices.n; i++) {
		free(r->devices.v[i].name);
		for (int level = 0; level < 3; level++)
			free(r->devices.v[i].place[level]);
	}
	vec_done(&r->devices);
}

static int
by_id(const void *key, const void *element)
{
	int64_t id = *(const int64_t *)key, other = ((const struct report_device *)element)->id;

	return (id > other) - (id < other);
}

/* An interface's trouble is its device's, in a drawing of devices. */
static int64_t
device_of(struct session *s, int64_t item)
{
	int64_t parent = 0;

	return item_parent(s, item, &parent, &(struct fault){0}) == 1 ? parent : 0;
}

static struct report_device *
find(struct report *r, struct session *s, int64_t item)
{
	struct report_device *d = NULL;

	for (int climb = 0; !d && item && r->devices.n && climb < ITEM_MOST_PARENTS; climb++) {
		d = bsearch(&item, r->devices.v, r->devices.n, sizeof(*r->devices.v), by_id);
		if (!d)
			item = device_of(s, item);
	}
	return d;
}

static void
mark(struct report_device *d, const struct report_finding *x)
{
	if (x->change == REPORT_GONE)
		return;
	if (!report_counts(x)) {
		d->waived++;
		if (!d->finding)
			d->finding = x->x.id;
		return;
	}
	d->open++;
	if ((int)x->x.severity > d->worst) {
		d->finding = x->x.id;
		d->worst = (int)x->x.severity;
		d->as = x->x.status;
	}
}

/* What has no place comes last. By numbers in names too: c2 stands before c10. */
static int
by_name_of_place(const char *a, const char *b)
{
	return !*a != !*b ? !*a - !*b : strverscmp(a, b);
}

static int
by_place(const void *a, const void *b)
{
	const struct report_device *x = a, *y = b;
	int order = 0;

	for (int level = 0; level < 3 && !order; level++)
		order = by_name_of_place(x->place[level], y->place[level]);
	if (!order)
		order = strverscmp(x->name, y->name);
	return order ? order : (x->id > y->id) - (x->id < y->id);
}

static char *
text_or_empty(const struct db_rows *row, int col)
{
	const char *text = db_text(row, col);

	return mem_dup(text ? text : "");
}

static void
add(struct report *r, const struct db_rows *row)
{
	struct report_device *d = vec_add(&r->devices);

	d->id = db_int(row, 0);
	d->name = db_text_dup(row, 1);
	for (int level = 0; level < 3; level++)
		d->place[level] = text_or_empty(row, 2 + level);
	d->worst = -1;
}

/* A device with two values of the label stands by the first. */
static int
read_devices(struct report *r, struct session *s, const struct report_options *o, struct fault *f)
{
	static const char sql[] =
	    "SELECT i.id, i.name, r.name, c.name, "
	    "(SELECT min(substr(t.name, length($2) + 1)) FROM label AS l "
	    "JOIN item AS t ON t.id = l.label "
	    "WHERE l.item = i.id AND substr(t.name, 1, length($2)) = $2) "
	    "FROM item AS i LEFT JOIN item AS r ON r.id = i.region "
	    "LEFT JOIN item AS c ON c.id = i.cell "
	    "WHERE i.project = $1 AND i.class = 'device' AND i.retired = 0 ORDER BY i.id";
	char *prefix = mem_printf("%s=", o->by);
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "is", s->project, prefix);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		if (!o->items || ids_have(o->items, db_int(&rows, 0)))
			add(r, &rows);
	db_end(&rows);
	free(prefix);
	return more < 0 ? -1 : 0;
}

int
report_read_devices(
    struct report *r, struct session *s, const struct report_options *o, struct fault *f)
{
	if (read_devices(r, s, o, f) < 0)
		return -1;
	for (size_t i = 0; i < r->findings.n; i++) {
		struct report_device *d = find(r, s, r->findings.v[i].x.item);

		if (d)
			mark(d, &r->findings.v[i]);
	}
	vec_sort(&r->devices, by_place);
	return 0;
}

static int
same_place(const struct report_device *a, const struct report_device *b, int levels)
{
	for (int level = 0; level < levels; level++)
		if (strcmp(a->place[level], b->place[level]) != 0)
			return 0;
	return 1;
}

size_t
report_place_end(const struct report *r, size_t i, int levels)
{
	size_t end = i + 1;

	while (end < r->devices.n && same_place(&r->devices.v[i], &r->devices.v[end], levels))
		end++;
	return end;
}
