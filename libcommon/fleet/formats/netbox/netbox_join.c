/* SPDX-License-Identifier: Apache-2.0 */
/* Records that only tie two others together: which object has a tag, where a cable ends. */
#include "fleet/formats/netbox/netbox.h"

#include <stdlib.h>
#include <string.h>

int
netbox_is_join(const char *model)
{
	static const char *const joins[] = {
	    "contenttypes.contenttype", "extras.taggeditem", "dcim.cabletermination"};

	for (size_t i = 0; i < sizeof(joins) / sizeof(*joins); i++)
		if (strcmp(model, joins[i]) == 0)
			return 1;
	return 0;
}

/* Rows do not move any more: the order of their addresses is that of the input. */
static int
by_owner(const void *a, const void *b)
{
	const struct netbox_join *x = a, *y = b;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static const struct dump_row *
tagged(const struct netbox *nb, const struct dump_row *row)
{
	char *model = dump_content_type(&nb->dump, jtext_member(row->fields, "content_type"));
	const struct dump_row *owner = NULL;

	if (model)
		owner = dump_find(&nb->dump, model, jtext_member(row->fields, "object_id"));
	free(model);
	return owner;
}

static const struct dump_row *
cable_of(const struct netbox *nb, const struct dump_row *row)
{
	return dump_find(&nb->dump, "dcim.cable", jtext_member(row->fields, "cable"));
}

static void
join_model(struct netbox *nb, const char *model, struct netbox_joins *out,
    const struct dump_row *(*owner_of)(const struct netbox *, const struct dump_row *))
{
	unsigned long without = 0;

	for (size_t i = 0; i < nb->dump.rows.n; i++) {
		struct netbox_join join = {NULL, &nb->dump.rows.v[i]};

		if (strcmp(join.row->model, model) != 0)
			continue;
		join.owner = owner_of(nb, join.row);
		if (join.owner)
			vec_push(out, join);
		else
			without++;
	}
	vec_sort(out, by_owner);
	if (without)
		format_note(nb->run, "%lu %s of %s: what they belong to is not in the input",
		    without, without == 1 ? "record" : "records", model);
}

void
netbox_join_all(struct netbox *nb)
{
	join_model(nb, "extras.taggeditem", &nb->tags, tagged);
	join_model(nb, "dcim.cabletermination", &nb->cables, cable_of);
}

const struct netbox_join *
netbox_joins_of(const struct netbox_joins *all, const struct dump_row *owner, size_t *n)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all->v[middle].owner < owner)
			low = middle + 1;
		else
			high = middle;
	}
	for (*n = 0; low + *n < all->n && all->v[low + *n].owner == owner;)
		(*n)++;
	return all->v ? all->v + low : NULL;
}
