/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names are unique per site in NetBox and per region here, and those of regions per parent
 * there and per cloud here. Where that matters, "@" and the site (the parent region) is put
 * behind the name, or, if that is taken too, the key. Racks have unique names because their
 * names are cabinets' labels: "Comms closet" in thirteen sites is thirteen failure domains.
 */
#include "fleet/formats/netbox/netbox.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* In which a name must be unique, and what tells namesakes apart. */
struct scope {
	char *within;    /* to be freed; NULL: it need not be unique */
	char *qualifier; /* to be freed; may be NULL */
};

static struct scope
scope_of(const struct netbox *nb, const struct dump_row *row)
{
	const struct dump_row *site, *region, *above, *top;

	if (strcmp(row->model, "dcim.device") == 0) {
		site = dump_find(&nb->dump, "dcim.site", jtext_member(row->fields, "site"));
		region = site ? netbox_region_of(nb, site) : NULL;
		return (struct scope){
		    mem_printf("device %s", region ? region->pk : ""), dump_text(site, "slug")};
	}
	if (strcmp(row->model, "dcim.rack") == 0) {
		site = dump_find(&nb->dump, "dcim.site", jtext_member(row->fields, "site"));
		return (struct scope){mem_dup("rack"), dump_text(site, "slug")};
	}
	above = strcmp(row->model, "dcim.region") == 0 ? netbox_parent_region(nb, row) : NULL;
	top = above ? netbox_top_region(nb, above) : NULL;
	if (top)
		return (struct scope){mem_printf("region %s", top->pk), dump_text(above, "slug")};
	return (struct scope){NULL, NULL};
}

static void
scope_done(struct scope *s)
{
	free(s->within);
	free(s->qualifier);
}

static union map_value *
place(struct netbox *nb, const struct scope *s, const char *name, const char *behind)
{
	char *key =
	    mem_printf("%s\n%s%s%s", s->within, name, behind ? "@" : "", behind ? behind : "");
	union map_value *value = map_put(&nb->names, key, NULL);

	free(key);
	return value;
}

void
netbox_name_all(struct netbox *nb)
{
	for (size_t i = 0; i < nb->dump.rows.n; i++) {
		const struct dump_row *row = &nb->dump.rows.v[i];
		struct scope scope = scope_of(nb, row);
		char *name = scope.within ? dump_text(row, "name") : NULL;

		if (name) {
			place(nb, &scope, name, NULL)->i++;
			if (scope.qualifier)
				place(nb, &scope, name, scope.qualifier)->i++;
		}
		free(name);
		scope_done(&scope);
	}
}

char *
netbox_unique_name(struct netbox *nb, const struct dump_row *row, const char *name)
{
	struct scope scope = scope_of(nb, row);
	char *key = netbox_key(row), *unique;
	const char *behind = scope.qualifier;

	if (scope.within && place(nb, &scope, name, NULL)->i > 1) {
		if (!behind || place(nb, &scope, name, behind)->i > 1)
			behind = key;
		unique = mem_printf("%s@%s", name, behind);
	} else {
		unique = mem_dup(name);
	}
	free(key);
	scope_done(&scope);
	return unique;
}

void
netbox_put_unique_name(struct netbox *nb, const struct dump_row *row, const char *name)
{
	char *unique = netbox_unique_name(nb, row, name);

	draft_text(&nb->draft, "name", unique);
	if (strcmp(unique, name) != 0)
		draft_text(&nb->draft, "short_name", name);
	free(unique);
}
