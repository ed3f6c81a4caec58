/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "base/mem.h"
#include "base/when.h"
#include "exec/crash.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "cr-sim1"

static size_t
size_of(int64_t cabinets)
{
	return sizeof(struct sim_head) +
	       (size_t)cabinets * CABINET_MACHINES * sizeof(struct sim_host) +
	       (size_t)cabinets * CABINET_VMS * sizeof(struct sim_vm);
}

/* ---- opening ---- */

static int
open_file(struct world *w, const char *name, int flags, struct fault *f)
{
	char *path = mem_printf("%s/%s", w->folder, name);
	int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0666);

	if (fd < 0)
		fault_errno(f, "%s", path);
	free(path);
	return fd;
}

static int
map(struct world *w, struct fault *f)
{
	void *at = mmap(NULL, w->size, PROT_READ | PROT_WRITE, MAP_SHARED, w->fd, 0);

	if (at == MAP_FAILED)
		return fault_errno(f, "%s/world", w->folder);
	w->head = at;
	return 0;
}

static void
find_arrays(struct world *w)
{
	w->hosts = (struct sim_host *)(w->head + 1);
	w->vms = (struct sim_vm *)(w->hosts + world_hosts(w));
}

static int
open_both(struct world *w, int flags, struct fault *f)
{
	w->log = -1;
	w->fd = open_file(w, "world", flags, f);
	if (w->fd >= 0)
		w->log = open_file(w, "log", O_APPEND | flags, f);
	return w->log < 0 ? -1 : 0;
}

static int
check_head(struct world *w, struct fault *f)
{
	if (memcmp(w->head->magic, MAGIC, sizeof(w->head->magic)) != 0 || w->head->cabinets < 1 ||
	    size_of(w->head->cabinets) != w->size)
		return fault_set(f, FAULT_SYSTEM, "%s/world: no simulated cloud", w->folder);
	find_arrays(w);
	return 0;
}

int
world_open(struct world *w, struct fault *f)
{
	const char *folder = getenv("CRATON_SIM");
	struct stat st;
	int status = -1;

	*w = (struct world){.fd = -1, .log = -1};
	if (!folder || !*folder)
		return fault_set(f, FAULT_SYSTEM,
		    "there is no simulated cloud: CRATON_SIM names none (craton-sim new makes "
		    "one)");
	w->folder = mem_dup(folder);
	if (open_both(w, 0, f) == 0) {
		if (fstat(w->fd, &st) == 0)
			w->size = (size_t)st.st_size;
		if (w->size < sizeof(struct sim_head))
			fault_set(f, FAULT_SYSTEM, "%s/world: no simulated cloud", folder);
		else if (map(w, f) == 0)
			status = check_head(w, f);
	}
	if (status < 0)
		world_close(w);
	return status;
}

int
world_make(struct world *w, const char *folder, int64_t cabinets, struct fault *f)
{
	int status;

	*w = (struct world){
	    .fd = -1, .log = -1, .folder = mem_dup(folder), .size = size_of(cabinets)};
	status = file_make_dir(folder, f);
	if (status == 0)
		status = open_both(w, O_CREAT | O_EXCL, f);
	if (status == 0 && ftruncate(w->fd, (off_t)w->size) < 0)
		status = fault_errno(f, "%s/world", folder);
	if (status == 0)
		status = map(w, f);
	if (status < 0) {
		world_close(w);
		return -1;
	}
	w->head->cabinets = cabinets;
	w->head->born = when_boot();
	find_arrays(w);
	return 0;
}

void
world_made(struct world *w)
{
	memcpy(w->head->magic, MAGIC, sizeof(w->head->magic));
}

void
world_close(struct world *w)
{
	if (w->head)
		munmap(w->head, w->size);
	if (w->fd >= 0)
		close(w->fd);
	if (w->log >= 0)
		close(w->log);
	free(w->folder);
	str_done(&w->line);
	*w = (struct world){.fd = -1, .log = -1};
}

/* ---- changes ---- */

/* The line is in the log once and whole, whoever was killed while writing it. */
static int
write_line(struct world *w, const struct sim_journal *j, struct fault *f)
{
	struct stat st;

	if (fstat(w->log, &st) < 0)
		return fault_errno(f, "%s/log", w->folder);
	if (st.st_size == j->base + j->len)
		return 0;
	if (st.st_size != j->base && ftruncate(w->log, j->base) < 0)
		return fault_errno(f, "%s/log", w->folder);
	if (write(w->log, j->line, (size_t)j->len) != j->len)
		return fault_errno(f, "%s/log", w->folder);
	return 0;
}

/* May be done again from its beginning: what is put are values, not differences. */
static int
carry_out(struct world *w, struct fault *f)
{
	struct sim_journal *j = &w->head->journal;

	if (write_line(w, j, f) < 0)
		return -1;
	crash_point("sim.logged");
	for (int64_t i = 0; i < j->n; i++) {
		*(int64_t *)(void *)((char *)w->head + j->at[i]) = j->value[i];
		crash_point("sim.put");
	}
	__atomic_store_n(&j->valid, 0, __ATOMIC_SEQ_CST);
	return 0;
}

int
world_lock(struct world *w, struct fault *f)
{
	while (flock(w->fd, LOCK_EX) < 0)
		if (errno != EINTR)
			return fault_errno(f, "%s/world", w->folder);
	if (w->head->journal.valid && carry_out(w, f) < 0) {
		world_unlock(w);
		return -1;
	}
	return 0;
}

void
world_unlock(struct world *w)
{
	flock(w->fd, LOCK_UN);
}

int64_t
world_now(const struct world *w)
{
	return when_boot() - w->head->born;
}

struct str *
world_line(struct world *w, const char *what)
{
	w->head->journal.n = 0;
	world_put(w, &w->head->seq, w->head->seq + 1);
	str_reset(&w->line);
	jtext_open(&w->line);
	jtext_int(&w->line, "seq", w->head->seq + 1);
	jtext_int(&w->line, "at", world_now(w));
	jtext_text(&w->line, "what", what);
	return &w->line;
}

void
world_put(struct world *w, int64_t *field, int64_t value)
{
	struct sim_journal *j = &w->head->journal;

	if (j->n == (int64_t)(sizeof(j->at) / sizeof(*j->at)))
		abort(); /* no change has so many */
	j->at[j->n] = (char *)field - (char *)w->head;
	j->value[j->n++] = value;
}

int
world_commit(struct world *w, struct fault *f)
{
	struct sim_journal *j = &w->head->journal;
	struct stat st;

	jtext_close(&w->line);
	str_addc(&w->line, '\n');
	if (w->line.len > sizeof(j->line))
		return fault_set(
		    f, FAULT_BAD, "a line of the log with more than %zu bytes", sizeof(j->line));
	if (fstat(w->log, &st) < 0)
		return fault_errno(f, "%s/log", w->folder);
	j->base = st.st_size;
	j->len = (int64_t)w->line.len;
	memcpy(j->line, w->line.text, w->line.len);
	crash_point("sim.ready");
	__atomic_store_n(&j->valid, 1, __ATOMIC_SEQ_CST);
	crash_point("sim.valid");
	return carry_out(w, f);
}

/* ---- names ---- */

int
world_host(const struct world *w, const char *name, int64_t *host, struct fault *f)
{
	/* Names are REGION-cNNNN-NN: the cabinet's number finds the place. */
	const char *at = strstr(name, "-c");
	int64_t cabinet = at ? strtol(at + 2, NULL, 10) - 1 : -1;

	for (int64_t i = 0; cabinet >= 0 && cabinet < w->head->cabinets && i < CABINET_MACHINES;
	     i++) {
		*host = cabinet * CABINET_MACHINES + i;
		if (!strcmp(w->hosts[*host].name, name))
			return 0;
	}
	*host = -1;
	return fault_set(f, FAULT_BAD, "%.80s: no such host in %s", name, w->folder);
}

const char *
world_serial(const struct world *w, int64_t host, char out[WORLD_SERIAL])
{
	snprintf(out, WORLD_SERIAL, "SIM%" PRId64 "X%06" PRId64, w->head->seed % 1000, host + 1);
	return out;
}
