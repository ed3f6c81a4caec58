/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An Ansible inventory in memory: groups with hosts, children and variables, and hosts with
 * variables. Its readers (JSON, INI, OpenStack-Ansible's own file) fill it, ansible_emit makes
 * records of it:
 *
 *	group       label group=NAME, a label item with the group's variables; part-of the
 *	            labels of the groups that it is a child of
 *	host        host, key NAME, with the labels of all groups it is in, children's too
 *	all         only if it has variables; then a label like the others
 *	ungrouped   nothing
 *	ansible_host that is an address   ip_address
 *
 * Where several groups give a host the same variable, Ansible and Craton may prefer another
 * one: then the value that wins in Ansible is put on the host itself, and it is said how often.
 *
 * What Craton exports is read back: craton_item, an object among the variables of a group or a
 * host, has the fields of the item that it stands for: a label, a cell, a region, a cloud.
 */
#ifndef FLEET_ANSIBLE_H
#define FLEET_ANSIBLE_H

#include "fleet/formats/fields.h"

#include "base/map.h"
#include "base/vec.h"

struct ansible_places VEC_BODY(size_t);

struct ansible_group {
	char *name;
	struct jtext vars; /* canonical object, or {NULL} */
	char *text;        /* that vars points into */
	struct ansible_places parents;
	struct jtext item; /* craton_item, or {NULL} */
	char *label;       /* the label that it is; NULL: a place */
	char *place;       /* the cell, region, cloud or project that it is: its kind */
	char *name_there;  /* and its name */
	int level;         /* 0 label, 1 cell, 2 region, 3 cloud, 4 project */
	int64_t priority, depth;
	int is_seen; /* while walking */
};

struct ansible_host {
	char *name;
	struct jtext vars;
	char *text;
	struct ansible_places groups;
	unsigned long line;
};

struct ansible {
	struct format_run *run;
	struct draft draft;
	VEC(struct ansible_group) groups;
	VEC(struct ansible_host) hosts;
	struct map group_index, host_index;
	const struct field *rules; /* what host variables become */
	/* The kind of a host, "host" if it says nothing; may be NULL. */
	const char *(*kind_of)(const struct ansible_host *h);
	/* What no single variable says of a host; may be NULL. */
	void (*more)(struct ansible *a, const struct ansible_host *h);
	unsigned long moved; /* variables put on hosts themselves */
};

struct ansible *ansible_new(struct format_run *run);
void ansible_free(struct ansible *a);

/* For format's end, with the struct as the run's state. */
void ansible_end(struct format_run *run);

/* The place of a group or a host in its array, made if it is new. */
size_t ansible_group(struct ansible *a, const char *name);
size_t ansible_host(struct ansible *a, const char *name, unsigned long line);

void ansible_put_in(struct ansible *a, size_t host, size_t group);
void ansible_put_below(struct ansible *a, size_t child, size_t parent);

/* Variables: those of an object, or one. Later ones replace. */
void ansible_group_vars(struct ansible *a, size_t group, struct jtext object);
void ansible_host_vars(struct ansible *a, size_t host, struct jtext object);
void ansible_host_var(struct ansible *a, size_t host, const char *key, struct jtext value);
void ansible_group_var(struct ansible *a, size_t group, const char *key, struct jtext value);

/* All records: groups, the widest places first, then hosts, then what is of another kind. */
int ansible_emit(struct ansible *a, struct fault *f);

/* What any host's variables become; and the rule for ansible_host, for other tables. */
extern const struct field ansible_rules[];
void ansible_put_address(struct draft *d, const struct field *rule, struct jtext value);

/* ---- for ansible.c, ansible_emit.c and ansible_order.c ---- */

/* The groups that a host is in, by Ansible's order: what comes later wins. */
void ansible_groups_of(struct ansible *a, const struct ansible_host *h, struct ansible_places *out);

/* Settles what each group is, its depth and priority, when all are known. */
void ansible_settle(struct ansible *a);

/*
 * Adds to vars, a canonical object, what wins in Ansible and would not in Craton; returns how
 * many variables that are.
 */
unsigned long ansible_win(
    struct ansible *a, const struct ansible_places *groups, struct jtext own, struct str *vars);

#endif
