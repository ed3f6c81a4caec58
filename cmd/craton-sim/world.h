/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulated cloud as a folder: world, a file of fixed records that every process maps, and
 * log, a line of JSON for each change. It shares nothing with the database whose runs it
 * judges: what both rested on would hide its own faults.
 *
 * A change is what is put between world_line and world_commit, together with its line. It is
 * written into the file's journal first and is then carried out; a process that is killed on
 * the way leaves that to the next one that takes the lock, so that world and log agree whenever
 * somebody has it. Power failures are another matter: nothing is synced.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "base/fault.h"
#include "io/jtext.h"

#include <stdint.h>

enum {
	CABINET_HOSTS = 20,
	CABINET_SPARES = 2,
	CABINET_MACHINES = CABINET_HOSTS + CABINET_SPARES,
	CABINET_VMS = 256, /* places for VMs, which never leave their cabinet */
	CELL_CABINETS = 5,
	REGION_CABINETS = 250,
	NAME_ROOM = 24,
};

enum host_state {
	HOST_OPEN,     /* the scheduler may place VMs */
	HOST_CLOSED,   /* quiesced: it may not */
	HOST_BARE,     /* a machine with nothing on it */
	HOST_BUILDING, /* until then */
	HOST_FRESH,    /* built, and not open yet */
	HOST_WIPING,   /* until then */
};

/* A number that is -1 names nobody. Hosts are known by their place in the array. */
struct sim_host {
	char name[NAME_ROOM];
	int64_t vcpus, memory;           /* GiB */
	int64_t used_vcpus, used_memory; /* by VMs on it, and by those on their way to it */
	int64_t state, until, fate;      /* the fate of what ends then */
	int64_t built_for;               /* whom it is being built for, or was */
	int64_t target;                  /* what was built for it */
	int64_t build_key, wipe_key;     /* hashes of the keys of the last ones */
	int64_t generation;              /* 0: old; each wipe makes it newer */
	int64_t closes, builds, checks;  /* tries so far */
	int64_t mended; /* 1: people have seen to it, nothing fails here any more */
};

struct sim_vm {
	int64_t number;        /* 0: the place is free */
	int64_t vcpus, memory; /* GiB */
	int64_t host, to;      /* to: where it is being moved; -1: nowhere */
	int64_t until, fate, tries;
};

struct sim_journal {
	int64_t valid, n, base, len; /* base: the log's size before the line */
	int64_t at[16], value[16];   /* byte offsets in the file, new values */
	char line[512];
};

struct sim_head {
	char magic[8];
	int64_t seed, speed, trouble; /* trouble: per cent of the usual rates of failure */
	int64_t cabinets;
	int64_t born;     /* on the boot clock; times here are milliseconds since then */
	int64_t seq, vms; /* the last ones given */
	int64_t founders; /* VMs that were there from the beginning */
	struct sim_journal journal;
};

struct world {
	char *folder;
	int fd, log;
	size_t size;
	struct sim_head *head;
	struct sim_host *hosts; /* by cabinet: CABINET_HOSTS, then CABINET_SPARES */
	struct sim_vm *vms;     /* CABINET_VMS a cabinet */
	struct str line;        /* of the change that is being put together */
};

/* The folder that CRATON_SIM names. */
int world_open(struct world *w, struct fault *f);

/* A new one, to be filled in; it can be opened once it is said to be made. */
int world_make(struct world *w, const char *folder, int64_t cabinets, struct fault *f);
void world_made(struct world *w);
void world_close(struct world *w);

/* One process at a time; what a killed one left undone is done first. */
int world_lock(struct world *w, struct fault *f);
void world_unlock(struct world *w);

/* Milliseconds since the world began. */
int64_t world_now(const struct world *w);

/* A change: its line with seq, at and what, to which members are added; its puts; the commit. */
struct str *world_line(struct world *w, const char *what);
void world_put(struct world *w, int64_t *field, int64_t value);
int world_commit(struct world *w, struct fault *f);

/* The place of a host with that name; FAULT_BAD: there is none. */
int world_host(const struct world *w, const char *name, int64_t *host, struct fault *f);

static inline int64_t
world_hosts(const struct world *w)
{
	return w->head->cabinets * CABINET_MACHINES;
}

static inline int64_t
world_cabinet(int64_t host)
{
	return host / CABINET_MACHINES;
}

/* The places of a cabinet's VMs. */
static inline struct sim_vm *
world_vms(const struct world *w, int64_t cabinet)
{
	return w->vms + cabinet * CABINET_VMS;
}

/* The serial number of a host's machine, into the buffer: made up from the seed. */
#define WORLD_SERIAL 40
const char *world_serial(const struct world *w, int64_t host, char out[WORLD_SERIAL]);

#endif
