/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ansible's dynamic inventory: what `--list` of an inventory script prints. Each host has its
 * own variables and those of its parents; labels, cells, regions and clouds are groups with
 * theirs, the project's are those of `all`. Groups are flat and have a priority, so that
 * Ansible finds the values that Craton resolves: it prefers deeper groups, then the higher
 * ansible_group_priority, then the later name.
 *
 * A group is called label KEY_VALUE, cell_NAME, region_NAME, cloud_NAME, in the letters that
 * Ansible allows; group=NAME is NAME, as it was imported. craton_item says what it was.
 */
#include "fleet/document.h"
#include "fleet/ref.h"
#include "fleet/resolve.h"
#include "fleet/writers/writer.h"

#include <stdlib.h>
#include <string.h>

struct group {
	int64_t id;
	char *text;       /* the label, or the name of the place */
	char *name;       /* for Ansible */
	char *item;       /* craton_item */
	int level;        /* 0 cloud, 1 region, 2 cell, 3 label */
	struct str hosts; /* quoted, commas between */
};

struct host {
	char *name, *vars;
	struct ids groups; /* places in groups */
};

struct ansible {
	struct writer_run *run;
	VEC(struct group) groups;
	struct ids order; /* places in groups, by priority */
	VEC(struct host) hosts;
	struct map index; /* "LEVEL TEXT ID" to groups */
	struct map names; /* taken by groups */
	struct str text;
};

static const char *const kinds[] = {"cloud", "region", "cell", "label"};

#define LABEL 3

/* ---- craton_item: what an import makes the same item of ---- */

static int
put_parent(struct session *s, int64_t parent, struct str *out, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = parent ? ref_of(s, parent, &ref, f) : 0;

	if (status == 0 && parent)
		jtext_text(out, "parent", ref.text);
	str_done(&ref);
	return status;
}

static int
put_item_of(struct writer_run *run, const struct roster_item *it, struct str *out, struct fault *f)
{
	const struct item *i = &it->item;

	jtext_open(out);
	if (!i->active)
		jtext_bool(out, "active", 0);
	jtext_text(out, "cell", it->cell);
	jtext_text(out, "cloud", it->cloud);
	jtext_text(out, "device_type", i->device_type);
	jtext_text(out, "kind", i->kind);
	if (i->named)
		jtext_text(out, "name", i->name);
	jtext_text(out, "note", i->note);
	if (put_parent(run->s, i->parent, out, f) < 0)
		return -1;
	jtext_text(out, "region", it->region);
	jtext_close(out);
	return 0;
}

/* ---- hosts ---- */

/* What is nearer than labels: the item's own variables and its parents'. */
static int
put_near(struct writer_run *run, const struct roster_item *it, struct str *out, struct fault *f)
{
	int64_t parent = it->item.parent;
	int status = 0;

	str_add(out, it->variables);
	for (int n = 0; status >= 0 && parent && n < ITEM_MOST_PARENTS; n++) {
		struct str far = STR_INIT, both = STR_INIT;

		status = roster_variables(&run->roster, parent, &far, f);
		if (status == 0) {
			document_merge(JTEXT(out->text), JTEXT(far.text), &both);
			str_done(out);
			*out = both;
			status = item_parent(run->s, parent, &parent, f);
		}
		str_done(&far);
	}
	return status < 0 ? -1 : 0;
}

/* Adds ansible_host and craton_item to variables that do not have them. */
static int
put_vars(struct writer_run *run, const struct roster_item *it, const char *variables,
    struct str *out, struct fault *f)
{
	struct jtext vars = JTEXT(variables);

	jtext_open(out);
	if (it->item.ip_address && !jtext_member(vars, "ansible_host").text)
		jtext_text(out, "ansible_host", it->item.ip_address);
	if (!jtext_member(vars, "craton_item").text) {
		jtext_key(out, "craton_item");
		if (put_item_of(run, it, out, f) < 0)
			return -1;
	}
	if (vars.len > 2) {
		if (out->text[out->len - 1] != '{')
			str_addc(out, ',');
		str_addn(out, vars.text + 1, vars.len - 2);
	}
	jtext_close(out);
	return 0;
}

/* ---- groups ---- */

static size_t
group_of(struct ansible *a, int level, const char *text, int64_t id)
{
	union map_value *at;
	int added;

	str_reset(&a->text);
	str_addf(&a->text, "%d %s %lld", level, text, (long long)id);
	at = map_put(&a->index, a->text.text, &added);
	if (added) {
		struct group *g = vec_add(&a->groups);

		at->i = (int64_t)a->groups.n - 1;
		g->level = level;
		g->id = id;
		g->text = mem_dup(text);
	}
	return (size_t)at->i;
}

static int
take(void *ctx, struct roster_item *it, struct fault *f)
{
	struct ansible *a = ctx;
	const char *places[] = {it->cloud, it->region, it->cell};
	const int64_t ids[] = {it->item.cloud, it->item.region, it->item.cell};
	struct str near = STR_INIT, vars = STR_INIT;
	struct host *h = vec_add(&a->hosts);

	h->name = mem_dup(it->name);
	for (int level = 0; level < LABEL; level++)
		if (places[level])
			vec_push(
			    &h->groups, (int64_t)group_of(a, level, places[level], ids[level]));
	for (size_t i = 0; i < it->labels.n; i++)
		vec_push(&h->groups, (int64_t)group_of(a, LABEL, it->labels.v[i], 0));
	if (put_near(a->run, it, &near, f) < 0 || put_vars(a->run, it, near.text, &vars, f) < 0) {
		str_done(&near);
		str_done(&vars);
		return -1;
	}
	str_done(&near);
	h->vars = str_take(&vars);
	return 0;
}

/* The nearest level last; labels by name, the first, which wins, last. */
static int
by_priority(const void *x, const void *y, void *groups)
{
	const struct group *a = (const struct group *)groups + *(const int64_t *)x;
	const struct group *b = (const struct group *)groups + *(const int64_t *)y;
	int order;

	if (a->level != b->level)
		return a->level < b->level ? -1 : 1;
	order = a->level == LABEL ? strcmp(b->text, a->text) : strcmp(a->text, b->text);
	return order ? order : (a->id > b->id) - (a->id < b->id);
}

/* In Ansible's letters, and no other group's. To be freed. */
static char *
name_of(struct ansible *a, const struct group *g)
{
	int is_theirs = g->level == LABEL && strncmp(g->text, "group=", 6) == 0 && g->text[6];
	struct str name = STR_INIT, text = STR_INIT;
	size_t len;
	int added;

	if (g->level != LABEL)
		str_addf(&text, "%s_", kinds[g->level]);
	str_add(&text, g->text + (is_theirs ? 6 : 0));
	writer_word(&name, text.text, is_theirs ? "-." : "");
	str_done(&text);
	len = name.len;
	map_put(&a->names, name.text, &added);
	for (int n = 2; !added; n++) {
		str_cut(&name, len);
		str_addf(&name, "_%d", n);
		map_put(&a->names, name.text, &added);
	}
	return str_take(&name);
}

static int
put_name(struct session *s, const char *key, int64_t id, struct str *out, struct fault *f)
{
	char *name;

	if (!id)
		return 0;
	if (item_name(s, id, &name, f) < 0)
		return -1;
	jtext_text(out, key, name);
	free(name);
	return 0;
}

/* What the group stands for. */
static int
settle(struct ansible *a, struct group *g, struct fault *f)
{
	struct session *s = a->run->s;
	struct str out = STR_INIT;
	struct item place = {0};
	int status = 1;

	if (g->level == LABEL)
		status = item_at(s, "label", 0, g->text, &g->id, f);
	if (status == 1)
		status = item_get(s, g->id, &place, f);
	jtext_open(&out);
	if (status >= 0)
		status = put_name(s, "cloud", g->level ? place.cloud : 0, &out, f);
	jtext_text(&out, "kind", kinds[g->level]);
	jtext_text(&out, "name", g->text);
	if (status >= 0)
		status = put_name(s, "region", g->level == 2 ? place.region : 0, &out, f);
	jtext_close(&out);
	g->item = str_take(&out);
	g->name = name_of(a, g);
	item_done(&place);
	return status;
}

/* ---- the whole ---- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct host *)a)->name, ((const struct host *)b)->name);
}

static int
settle_all(struct ansible *a, struct fault *f)
{
	for (size_t i = 0; i < a->groups.n; i++)
		vec_push(&a->order, (int64_t)i);
	if (a->order.n)
		qsort_r(a->order.v, a->order.n, sizeof(*a->order.v), by_priority, a->groups.v);
	/* What Ansible itself calls so. */
	map_put(&a->names, "all", NULL);
	map_put(&a->names, "ungrouped", NULL);
	for (size_t i = 0; i < a->order.n; i++)
		if (settle(a, &a->groups.v[a->order.v[i]], f) < 0)
			return -1;
	vec_sort(&a->hosts, by_name);
	for (size_t i = 0; i < a->hosts.n; i++)
		for (size_t n = 0; n < a->hosts.v[i].groups.n; n++) {
			struct str *list = &a->groups.v[a->hosts.v[i].groups.v[n]].hosts;

			if (list->len)
				str_addc(list, ',');
			jtext_put_string(list, a->hosts.v[i].name);
		}
	return 0;
}

static int
put_hosts(struct ansible *a, struct fault *f)
{
	struct str *out = &a->run->out;

	str_add(out, "{\n\"_meta\":{\"hostvars\":{");
	for (size_t i = 0; i < a->hosts.n; i++) {
		str_add(out, i ? ",\n" : "\n");
		jtext_put_string(out, a->hosts.v[i].name);
		str_addc(out, ':');
		str_add(out, a->hosts.v[i].vars);
		if (writer_flush(a->run, 0, f) < 0)
			return -1;
	}
	str_add(out, "}}");
	return 0;
}

/* Variables of the project are everybody's, and the furthest. */
static int
put_all_group(struct ansible *a, struct fault *f)
{
	struct session *s = a->run->s;
	struct str *out = &a->run->out, vars = STR_INIT;
	int status = roster_variables(&a->run->roster, s->project, &vars, f);

	if (status == 0 && vars.len > 2) {
		str_add(out, ",\n\"all\":{\"vars\":");
		jtext_open(out);
		jtext_key(out, "craton_item");
		jtext_open(out);
		jtext_text(out, "kind", "project");
		jtext_text(out, "name", s->project_name);
		jtext_close(out);
		str_addf(out, ",%s}", vars.text + 1);
	}
	str_done(&vars);
	return status;
}

static int
put_group(struct ansible *a, const struct group *g, size_t priority, struct fault *f)
{
	struct str *out = &a->run->out, vars = STR_INIT;

	if (g->id && roster_variables(&a->run->roster, g->id, &vars, f) < 0) {
		str_done(&vars);
		return -1;
	}
	str_add(out, ",\n");
	jtext_put_string(out, g->name);
	str_addf(out,
	    ":{\"hosts\":[%s],\"vars\":{\"ansible_group_priority\":%zu,\"craton_item\":%s",
	    g->hosts.text, priority + 1, g->item);
	if (vars.len > 2) {
		str_addc(out, ',');
		str_addn(out, vars.text + 1, vars.len - 2);
	}
	str_add(out, "}}");
	str_done(&vars);
	return writer_flush(a->run, 0, f);
}

static void
ansible_done(struct ansible *a)
{
	for (size_t i = 0; i < a->groups.n; i++) {
		free(a->groups.v[i].text);
		free(a->groups.v[i].name);
		free(a->groups.v[i].item);
		str_done(&a->groups.v[i].hosts);
	}
	for (size_t i = 0; i < a->hosts.n; i++) {
		free(a->hosts.v[i].name);
		free(a->hosts.v[i].vars);
		vec_done(&a->hosts.v[i].groups);
	}
	vec_done(&a->groups);
	vec_done(&a->order);
	vec_done(&a->hosts);
	map_done(&a->index);
	map_done(&a->names);
	str_done(&a->text);
}

static int
write_list(struct writer_run *run, const struct ids *ids, struct fault *f)
{
	struct ansible a = {.run = run};
	int status = roster_each(&run->roster, ids, take, &a, f);

	if (status == 0)
		status = settle_all(&a, f);
	if (status == 0)
		status = put_hosts(&a, f);
	if (status == 0)
		status = put_all_group(&a, f);
	for (size_t i = 0; status == 0 && i < a.order.n; i++)
		status = put_group(&a, &a.groups.v[a.order.v[i]], i, f);
	str_add(&run->out, "\n}\n");
	ansible_done(&a);
	return status;
}

/* ---- --host NAME ---- */

static int
put_if_named(void *ctx, struct roster_item *it, struct fault *f)
{
	struct writer_run *run = ctx;
	struct resolution r;
	struct str resolved = STR_INIT;
	int status;

	if (strcmp(it->name, run->host) != 0 || run->out.len)
		return 0;
	status = resolve_item(run->s, &it->item, NULL, 0, &r, f);
	if (status == 0) {
		resolution_to_json(&r, &resolved);
		status = put_vars(run, it, resolved.text, &run->out, f);
	}
	resolution_done(&r);
	str_done(&resolved);
	return status;
}

/* Items that may be called so: the name, or what stands before one of its dots. */
static int
find_called(struct writer_run *run, struct ids *out, struct fault *f)
{
	static const char sql[] = "SELECT id FROM item WHERE name = $1 AND project = $2 AND "
				  "retired = 0 AND kind <> 'label'";
	char *name = mem_dup(run->host), *dot;
	int status;

	do {
		status = db_get_ids(run->s->db, out, f, sql, "si", name, run->s->project);
		dot = strrchr(name, '.');
		if (dot)
			*dot = '\0';
	} while (status == 0 && dot);
	free(name);
	ids_tidy(out);
	return status;
}

static int
write_host(struct writer_run *run, struct fault *f)
{
	struct ids ids = {0};
	int status = find_called(run, &ids, f);

	if (status == 0)
		status = roster_each(&run->roster, &ids, put_if_named, run, f);
	str_add(&run->out, run->out.len ? "\n" : "{}\n");
	vec_done(&ids);
	return status;
}

static int
write_all(struct writer_run *run, const struct ids *ids, struct fault *f)
{
	return run->host ? write_host(run, f) : write_list(run, ids, f);
}

const struct writer writer_ansible = {
    .name = "ansible",
    .about = "Ansible's dynamic inventory",
    .reads = ROSTER_NAME | ROSTER_LABELS | ROSTER_VARIABLES,
    .write = write_all,
};
