/* SPDX-License-Identifier: Apache-2.0 */
/* NetBox's tree of regions, which has any depth, as clouds and regions; sites in them. */
#include "fleet/formats/netbox/netbox_put.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* NetBox's regions nest by continents and countries: more is a circle. */
#define DEEPEST_REGION 64

const struct dump_row *
netbox_parent_region(const struct netbox *nb, const struct dump_row *region)
{
	return dump_find(&nb->dump, "dcim.region", jtext_member(region->fields, "parent"));
}

const struct dump_row *
netbox_top_region(const struct netbox *nb, const struct dump_row *region)
{
	for (int depth = 0; depth < DEEPEST_REGION; depth++) {
		const struct dump_row *parent = netbox_parent_region(nb, region);

		if (!parent)
			return region;
		region = parent;
	}
	return NULL;
}

/* "North America/United States/Ohio", to be freed. The parents form no circle. */
static char *
path_of(const struct netbox *nb, const struct dump_row *region)
{
	const struct dump_row *parent = netbox_parent_region(nb, region);
	char *name = dump_text(region, "name"), *above, *path;

	if (!parent)
		return name ? name : mem_dup("");
	above = path_of(nb, parent);
	path = mem_printf("%s/%s", above, name ? name : "");
	free(above);
	free(name);
	return path;
}

int
netbox_is_top(const struct netbox *nb, const struct dump_row *row)
{
	return netbox_top_region(nb, row) == row;
}

int
netbox_is_below(const struct netbox *nb, const struct dump_row *row)
{
	return !netbox_is_top(nb, row);
}

const struct dump_row *
netbox_region_of(const struct netbox *nb, const struct dump_row *site)
{
	return dump_find(&nb->dump, "dcim.region", jtext_member(site->fields, "region"));
}

int
netbox_is_top_with_sites(const struct netbox *nb, const struct dump_row *row)
{
	if (!netbox_is_top(nb, row))
		return 0;
	for (size_t i = 0; i < nb->dump.rows.n; i++)
		if (strcmp(nb->dump.rows.v[i].model, "dcim.site") == 0 &&
		    netbox_region_of(nb, &nb->dump.rows.v[i]) == row)
			return 1;
	return 0;
}

int
netbox_place_region(struct netbox *nb, const struct dump_row *row, struct fault *f)
{
	const struct dump_row *top = netbox_top_region(nb, row);
	char *path;

	if (!top)
		return fault_set(f, FAULT_BAD, "its parents form a circle");
	netbox_refer(nb, "cloud", top, "");
	if (top != row) {
		path = path_of(nb, row);
		draft_text(&nb->draft, "path", path);
		free(path);
	}
	return 0;
}

int
netbox_place_site(struct netbox *nb, const struct dump_row *row, struct fault *f)
{
	static const struct netbox_field field = {"region", NULL, NULL, NULL};
	struct jtext said = jtext_member(row->fields, "region");
	const struct dump_row *region = netbox_region_of(nb, row);

	if (!region)
		return netbox_put_attribute(nb, row, &field, said, f);
	netbox_refer(nb, "region", region, netbox_is_top(nb, region) ? NETBOX_SITES : "");
	return 0;
}
