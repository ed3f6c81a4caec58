/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ClusterShell's groups.d/NAME.yaml: a source for each key of a label, with a group for each
 * value (@cabinet:c12); labels without a value are the groups of the source "label", places
 * those of "cloud", "region" and "cell". Nodes are folded. What no node set can name is said.
 */
#include "fleet/writers/writer.h"
#include "io/hostlist.h"

#include <stdlib.h>
#include <string.h>

struct group {
	char *source, *name;
	struct words nodes;
};

struct clustershell {
	struct writer_run *run;
	VEC(struct group) groups;
	struct map index; /* "SOURCE\nNAME" */
	struct str key;
	unsigned long left_out;
};

/* A name that a node set reads as one node. */
static int
is_node(const char *name)
{
	return *name && !name[strcspn(name, " \t\r\n,[]@&!^%*?{}'\"#")];
}

/* Groups of ClusterShell are named by words, in sources named by words. */
static int
is_word(const char *name)
{
	return is_node(name) && !strpbrk(name, ":");
}

static void
put_in(struct clustershell *c, const char *source, const char *name, const char *node)
{
	union map_value *at;
	int added;

	if (!is_word(source) || !is_word(name)) {
		c->left_out++;
		return;
	}
	str_reset(&c->key);
	str_addf(&c->key, "%s\n%s", source, name);
	at = map_put(&c->index, c->key.text, &added);
	if (added) {
		at->i = (int64_t)c->groups.n;
		vec_push(&c->groups, ((struct group){mem_dup(source), mem_dup(name), {0}}));
	}
	words_add(&c->groups.v[at->i].nodes, node);
}

static void
put_label(struct clustershell *c, const char *text, const char *node)
{
	struct writer_label label = writer_label(text);

	put_in(c, label.key ? label.key : "label", label.value, node);
	free(label.key);
}

static int
take(void *ctx, struct roster_item *it, struct fault *f)
{
	struct clustershell *c = ctx;

	(void)f;
	if (!is_node(it->name)) {
		c->left_out++;
		return 0;
	}
	if (it->cloud)
		put_in(c, "cloud", it->cloud, it->name);
	if (it->region)
		put_in(c, "region", it->region, it->name);
	if (it->cell)
		put_in(c, "cell", it->cell, it->name);
	for (size_t i = 0; i < it->labels.n; i++)
		put_label(c, it->labels.v[i], it->name);
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int order = strcmp(x->source, y->source);

	return order ? order : strcmp(x->name, y->name);
}

/* Quoted: YAML would read many of them as something else. JSON's strings are YAML's. */
static int
put_groups(struct clustershell *c, struct fault *f)
{
	struct str *out = &c->run->out, nodes = STR_INIT;
	int status = 0;

	vec_sort(&c->groups, by_name);
	for (size_t i = 0; status == 0 && i < c->groups.n; i++) {
		const struct group *g = &c->groups.v[i];

		if (!i || strcmp(g->source, g[-1].source) != 0) {
			jtext_put_string(out, g->source);
			str_add(out, ":\n");
		}
		str_add(out, "    ");
		jtext_put_string(out, g->name);
		str_add(out, ": ");
		str_reset(&nodes);
		hostlist_fold(&g->nodes, &nodes);
		jtext_put_string(out, nodes.text);
		str_addc(out, '\n');
		status = writer_flush(c->run, 0, f);
	}
	str_done(&nodes);
	return status;
}

static int
write_all(struct writer_run *run, const struct ids *ids, struct fault *f)
{
	struct clustershell c = {.run = run};
	int status = roster_each(&run->roster, ids, take, &c, f);

	if (status == 0)
		status = put_groups(&c, f);
	if (c.left_out)
		writer_note(
		    run, "%lu names or labels left out: ClusterShell cannot name them", c.left_out);
	for (size_t i = 0; i < c.groups.n; i++) {
		free(c.groups.v[i].source);
		free(c.groups.v[i].name);
		words_done(&c.groups.v[i].nodes);
	}
	vec_done(&c.groups);
	map_done(&c.index);
	str_done(&c.key);
	return status;
}

const struct writer writer_clustershell = {
    .name = "clustershell",
    .about = "node groups for ClusterShell",
    .reads = ROSTER_NAME | ROSTER_LABELS,
    .write = write_all,
};
