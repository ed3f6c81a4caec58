/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NetBox's REST API: pages ({"count","next","results"}) of one or several endpoints, one after
 * the other, such as of /api/dcim/devices/?limit=1000. What an object is stands in its "url".
 *
 *	dcim/regions, dcim/sites       region, cell of its region; those that are only named by
 *	                               others are made from that name
 *	dcim/devices                   host, network-device or device, by its role
 *	virtualization/virtual-machines   vm; runs-on its device
 *	dcim/interfaces                network-interface of its device
 *	dcim/racks                     rack
 *	others                         kind APP-ENDPOINT with all fields
 *
 * Of a device: device_type (a slug), role, status, platform, tenant, cluster and rack
 * (cabinet=) are labels, tags bare ones, custom_fields and local_context_data variables;
 * config_context, which NetBox merged, is the one variable of that name, so that it shadows
 * nothing. Keys are those of the format netbox (device-13), but for regions: keep the two apart
 * by their sources. Left out are url, display, and the like, which NetBox makes from the others.
 */
#include "fleet/formats/fields.h"
#include "fleet/formats/netbox/netbox.h"

#include "base/mem.h"
#include "base/num.h"

#include <stdlib.h>
#include <string.h>

struct rest {
	struct draft draft;
	struct map made; /* keys of regions and sites that have a record */
	int64_t count;   /* by the pages' own count; -1: they differ, it is of several lists */
	int64_t results;
	int names_next; /* the last page names a next one */
};

/* ---- fields ---- */

static void
put_device_type(struct draft *d, const struct field *rule, struct jtext value)
{
	struct jtext maker = jtext_member(value, "manufacturer");

	field_text(d, &(struct field){"device_type", NULL, "device_type", "slug"}, value);
	if (maker.text && !draft_is_empty(maker))
		field_label(d, &(struct field){"manufacturer", NULL, NULL, "slug"}, maker);
	(void)rule;
}

static const struct field rules[] = {
    {"id", field_nothing, NULL, NULL}, /* the key */
    {"url", field_nothing, NULL, NULL},
    {"display", field_nothing, NULL, NULL},
    {"display_url", field_nothing, NULL, NULL},
    {"primary_ip4", field_variable, NULL, "address"},
    {"primary_ip6", field_variable, NULL, "address"},
    {"created", field_nothing, NULL, NULL}, /* NetBox's own times of its record */
    {"last_updated", field_nothing, NULL, NULL},
    {"name", field_text, NULL, NULL},
    {"description", field_text, "note", NULL},
    {"status", field_label, NULL, "value"},
    {"role", field_label, "role", "slug"},
    {"device_role", field_label, "role", "slug"}, /* before 4.0; both in 3.6 */
    {"tenant", field_label, NULL, "slug"},
    {"platform", field_label, NULL, "slug"},
    {"cluster", field_label, NULL, "name"},
    {"rack", field_label, "cabinet", "name"},
    {"tags", field_tag, NULL, "slug"},
    {"device_type", put_device_type, NULL, NULL},
    {"primary_ip", field_address, NULL, "address"},
    {"serial", field_variable, NULL, NULL},
    {"asset_tag", field_variable, NULL, NULL},
    {"vcpus", field_variable, NULL, NULL},
    {"memory", field_variable, NULL, NULL},
    {"disk", field_variable, NULL, NULL},
    {"custom_fields", field_members, NULL, NULL},
    {"local_context_data", field_members, NULL, NULL},
    {"config_context", field_variable, NULL, NULL},
    {"site", field_nothing, NULL, NULL}, /* placed: see below */
    {"region", field_nothing, NULL, NULL},
    {"device", field_nothing, NULL, NULL},
    {"parent_device", field_nothing, NULL, NULL},
    {0},
};

/* ---- endpoints ---- */

static const struct endpoint {
	const char *name, *kind, *key;
} endpoints[] = {
    {"dcim/regions", "region", "region"},
    {"dcim/sites", "cell", "site"},
    {"dcim/devices", NULL, "device"}, /* by its role */
    {"virtualization/virtual-machines", "vm", "virtualmachine"},
    {"dcim/interfaces", "network-interface", "interface"},
    {"dcim/racks", "rack", "rack"},
    {0},
};

/* ".../api/dcim/devices/7/" to "dcim/devices"; to be freed, NULL: it is none. */
static char *
endpoint_of(struct jtext object)
{
	char *url = jtext_plain_dup(jtext_member(object, "url"));
	char *api = url ? strstr(url, "/api/") : NULL, *slash, *name = NULL;

	slash = api ? strchr(api + 5, '/') : NULL;
	if (slash && (slash = strchr(slash + 1, '/')))
		name = mem_dupn(api + 5, (size_t)(slash - api - 5));
	free(url);
	return name;
}

static const char *
kind_by_role(struct jtext object)
{
	struct jtext role = jtext_member(object, "role");
	char *slug = jtext_plain_dup(
	    jtext_member(role.text ? role : jtext_member(object, "device_role"), "slug"));
	const char *kind = netbox_kind_of_role(slug);

	free(slug);
	return kind;
}

/* PREFIX-ID of an object, or of one nested in another; to be freed, NULL if it has no id. */
static char *
key_of(const char *prefix, struct jtext object)
{
	struct jtext id = object.text ? jtext_member(object, "id") : object;
	char *plain, *key;

	if (draft_is_empty(id))
		return NULL;
	plain = jtext_plain_dup(id);
	key = mem_printf("%s-%s", prefix, plain);
	free(plain);
	return key;
}

/* ---- places ---- */

/* A region or site that is only named so far gets a record with that name. */
static int
make_place(struct format_run *run, const char *kind, const char *prefix, struct jtext named,
    unsigned long line, struct fault *f)
{
	struct rest *r = run->state;
	char *key = key_of(prefix, named), *name;
	int added = 0, result = 0;

	if (key)
		map_put(&r->made, key, &added);
	if (added) {
		name = jtext_plain_dup(jtext_member(named, "name"));
		draft_start(&r->draft, kind);
		draft_text(&r->draft, "key", key);
		draft_text(&r->draft, "name", name);
		result = draft_emit(&r->draft, run, line, f);
		free(name);
	}
	free(key);
	return result;
}

static int
make_places(struct format_run *run, struct jtext object, unsigned long line, struct fault *f)
{
	if (make_place(run, "region", "region", jtext_member(object, "region"), line, f) < 0)
		return -1;
	return make_place(run, "cell", "site", jtext_member(object, "site"), line, f);
}

static void
refer(struct format_run *run, const char *field, const char *prefix, struct jtext named)
{
	struct rest *r = run->state;
	char *key = key_of(prefix, named);

	if (key)
		draft_refer(&r->draft, field, run->source, key);
	free(key);
}

static void
put_places(struct format_run *run, struct jtext object, const char *kind)
{
	struct rest *r = run->state;
	struct jtext device = jtext_member(object, "device");
	char *key;

	refer(run, "region", "region", jtext_member(object, "region"));
	refer(run, "cell", "site", jtext_member(object, "site"));
	refer(run, "parent", "device", jtext_member(object, "parent_device"));
	if (strcmp(kind, "vm") != 0) {
		refer(run, "parent", "device", device);
	} else if ((key = key_of("device", device))) {
		draft_relate(&r->draft, "runs-on", run->source, key);
		free(key);
	}
}

/* ---- objects and pages ---- */

static int
emit(struct format_run *run, struct jtext object, const char *kind, const char *key,
    unsigned long line, struct fault *f)
{
	struct rest *r = run->state;

	if (make_places(run, object, line, f) < 0)
		return -1;
	map_put(&r->made, key, NULL);
	draft_start(&r->draft, kind);
	draft_text(&r->draft, "key", key);
	fields_apply(&r->draft, rules, field_attribute, object);
	put_places(run, object, kind);
	return draft_emit(&r->draft, run, line, f);
}

static int
translate(struct format_run *run, struct jtext object, unsigned long line, struct fault *f)
{
	char *name = endpoint_of(object), *other = NULL, *key = NULL;
	const struct endpoint *e = endpoints;
	int result;

	while (name && e->name && strcmp(e->name, name) != 0)
		e++;
	if (name && !e->name)
		other = netbox_kind_of_model(name);
	if (name)
		key = key_of(e->name ? e->key : other, object);
	if (key)
		result = emit(run, object,
		    other     ? other
		    : e->kind ? e->kind
			      : kind_by_role(object),
		    key, line, f);
	else
		result =
		    fault_set(f, FAULT_BAD, "no \"id\", or no \"url\" as in /api/dcim/devices/7/");
	free(name);
	free(other);
	free(key);
	return result;
}

static void
count_page(struct rest *r, struct jtext page)
{
	char *text = jtext_plain_dup(jtext_member(page, "count"));
	struct fault why;
	int64_t n;

	if (text && num_int(text, 0, INT64_MAX, &n, &why) == 0)
		r->count = !r->results || r->count == n ? n : -1;
	r->names_next = !draft_is_empty(jtext_member(page, "next"));
	free(text);
}

static int
read_record(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	static const char *const known[] = {"count", "next", "previous", "results", NULL};
	struct rest *r = run->state;
	struct jtext results = jtext_member(record, "results"), key, each;
	size_t at = 0;

	if (!results.text || jtext_type(results) != JTEXT_ARRAY)
		return translate(run, record, line, f);
	count_page(r, record);
	format_left_others(run, "a page", record, known);
	while (jtext_each(results, &at, &key, &each)) {
		r->results++;
		if (translate(run, each, line, f) == 0)
			continue;
		if (f->kind != FAULT_BAD)
			return -1;
		format_bad(run, line, f);
	}
	return 0;
}

static int
finish(struct format_run *run, struct fault *f)
{
	struct rest *r = run->state;

	(void)f;
	if (r->names_next && r->count > r->results)
		format_note(run, "%lld of %lld objects: the last page names a next one",
		    (long long)r->results, (long long)r->count);
	else if (r->names_next)
		format_note(run, "the last page names a next one, which is not in the input");
	return 0;
}

static int
is_page(struct jtext first)
{
	struct jtext results = jtext_member(first, "results"), key, each = first;
	size_t at = 0;
	char *name;

	if (results.text && jtext_type(results) == JTEXT_ARRAY &&
	    !jtext_each(results, &at, &key, &each))
		return 0;
	name = endpoint_of(each);
	free(name);
	return name != NULL && jtext_member(each, "id").text != NULL;
}

static void
start(struct format_run *run)
{
	run->state = mem_zero(1, sizeof(struct rest));
}

static void
end(struct format_run *run)
{
	struct rest *r = run->state;

	draft_done(&r->draft);
	map_done(&r->made);
	free(r);
}

const struct format format_netbox_rest = {
    .name = "netbox-rest",
    .about = "NetBox, as its REST API gives it, page after page",
    .detect = is_page,
    .start = start,
    .end = end,
    .record = read_record,
    .finish = finish,
};
