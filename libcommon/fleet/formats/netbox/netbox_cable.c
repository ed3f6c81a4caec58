/* SPDX-License-Identifier: Apache-2.0 */
/* Cables: an item each, and a relation between the interfaces at its ends. */
#include "fleet/formats/netbox/netbox_put.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const struct dump_row *
end_of(const struct netbox *nb, const struct dump_row *termination)
{
	char *model =
	    dump_content_type(&nb->dump, jtext_member(termination->fields, "termination_type"));
	const struct dump_row *end = NULL;

	if (model)
		end = dump_find(
		    &nb->dump, model, jtext_member(termination->fields, "termination_id"));
	free(model);
	return end;
}

static int
is_end(const struct dump_row *termination, const char *letter)
{
	return jtext_is(jtext_member(termination->fields, "cable_end"), letter);
}

NETBOX_PUT(netbox_put_cable)
{
	const struct dump_row *cable = dump_find(&nb->dump, "dcim.cable", value), *other;
	size_t n = 0;
	const struct netbox_join *ends = cable ? netbox_joins_of(&nb->cables, cable, &n) : NULL;

	if (n == 0)
		return netbox_put_attribute(nb, row, field, value, f);
	/* One direction only, so that two ends of a cable are no cycle. */
	if (!jtext_is(jtext_member(row->fields, "cable_end"), "A"))
		return 0;
	for (size_t i = 0; i < n; i++) {
		other = is_end(ends[i].row, "B") ? end_of(nb, ends[i].row) : NULL;
		if (other && other != row && strcmp(other->model, "dcim.interface") == 0)
			netbox_relate(nb, "cabled-to", other);
	}
	return 0;
}

/* "A circuits.circuittermination 3", as a JSON string. */
static void
describe(const struct netbox *nb, const struct dump_row *termination, struct str *out)
{
	char *letter = dump_text(termination, "cable_end");
	char *model =
	    dump_content_type(&nb->dump, jtext_member(termination->fields, "termination_type"));
	char *pk = dump_text(termination, "termination_id");
	char *text = mem_printf("%s %s %s", letter ? letter : "", model ? model : "", pk ? pk : "");

	jtext_put_string(out, text);
	free(letter);
	free(model);
	free(pk);
	free(text);
}

/* Ends that are items are relations; of the others the cable keeps what they are. */
int
netbox_connect_ends(struct netbox *nb, const struct dump_row *row, struct fault *f)
{
	struct str elsewhere = STR_INIT;
	size_t n;
	const struct netbox_join *ends = netbox_joins_of(&nb->cables, row, &n);

	(void)f;
	for (size_t i = 0; i < n; i++) {
		const struct dump_row *end = end_of(nb, ends[i].row);

		if (end) {
			netbox_relate(nb, "connects", end);
			continue;
		}
		str_addc(&elsewhere, elsewhere.len ? ',' : '[');
		describe(nb, ends[i].row, &elsewhere);
	}
	if (elsewhere.len) {
		str_addc(&elsewhere, ']');
		jtext_raw(&nb->draft.fields, "ends_elsewhere", elsewhere.text);
	}
	str_done(&elsewhere);
	return 0;
}
