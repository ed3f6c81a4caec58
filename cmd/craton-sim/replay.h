/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of a simulated cloud, told once more by rules of its own: it takes nothing from the
 * world's file, and nothing from what the cloud takes care of itself. What breaks a rule is
 * reported with its line.
 */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include "base/map.h"
#include "base/vec.h"
#include "io/jtext.h"

enum rule {
	RULE_LOG,        /* lines are whole, and follow one another */
	RULE_LOST,       /* no VM is lost */
	RULE_TWO_PLACES, /* nor in two places */
	RULE_CAPACITY,   /* no host holds more than it has */
	RULE_CLOSED,     /* no VM comes to a host that is closed, or none */
	RULE_TWICE,      /* no build and no wipe is done twice */
	RULE_AT_ONCE,    /* limits; hosts in work: in all */
	RULE_CABINET,    /* in one cabinet, the broken ones too */
	RULE_REGIONS,    /* regions at once */
	RULE_STARTS,     /* hosts begun within a time */
	RULE_GAP,        /* between one and the next */
	RULE_WORLD,      /* world and log agree */
	RULES
};

/* Limits to hold it against; 0: none. Times in milliseconds. */
struct limits {
	int64_t at_once, per_cabinet, regions;
	int64_t starts, within;
	int64_t gap, slack; /* what a start may be seen late */
};

enum stand { STAND_OPEN, STAND_CLOSED, STAND_BARE, STAND_BUILDING, STAND_FRESH, STAND_WIPING };
enum work { WORK_NONE, WORK_RUNNING, WORK_BROKEN };

struct replay_host {
	char *name, *build_key, *wipe_key;
	int64_t cabinet, region;                             /* places in groups */
	int64_t vcpus, memory, used_vcpus, used_memory, vms; /* with those on their way to it */
	int64_t built_for, target;
	enum stand stand;
	enum work work;
};

struct replay_vm {
	int64_t vcpus, memory, host, to; /* -1: nowhere */
};

/* A cabinet or region: hosts that hold a place in it, in work or broken. */
struct group {
	int64_t running, broken, most;
};

struct replay {
	struct limits limits;
	VEC(struct replay_host) hosts;
	VEC(struct replay_vm) vms;
	VEC(struct group) groups;
	struct map host_names, vm_names, group_names;
	struct ids starts; /* when hosts were begun, in order */
	int64_t line, seq, at;
	int64_t running, most_running, regions, most_regions;
	int64_t lines, moves, builds, wipes, boots, deletes, failed_moves, ok, kicked;
	int64_t broken[RULES], told;
};

void replay_done(struct replay *r);

/* One line of the log, an object without a newline. */
void replay_line(struct replay *r, const char *text, size_t len);

/* At the end: what only all starts together tell. */
void replay_starts(struct replay *r);

/* Counts it, and prints it unless too many were printed. */
void replay_break(struct replay *r, enum rule rule, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

int64_t replay_host(const struct replay *r, const char *name);
int64_t replay_vm(const struct replay *r, const char *name);

/* What becomes of hosts in work. replay_work.c */
void replay_begin(struct replay *r, struct replay_host *h);
void replay_note(struct replay *r, struct replay_host *h, const char *result);

#endif
