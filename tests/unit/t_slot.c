/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/record.h"
#include "exec/slot.h"
#include "tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/t_slot.XXXXXX", path[64];

static struct slot
read_slot(const struct record *r, uint32_t n)
{
	struct slot s;

	if (slot_read(r->slots, n, &s) < 0)
		perror("slot_read");
	return s;
}

static void
test_halves(const struct record *r)
{
	const struct slot_start start = {
	    .pid = 4711, .guard = 4710, .epoch = 3, .ticks = 1ull << 40};
	const struct outcome end = {137, OUTCOME_SIGNALLED | OUTCOME_TIMED_OUT};
	struct slot s;

	is_int(read_slot(r, 7).state, SLOT_EMPTY, "a slot that nobody wrote is empty");
	is_int(read_slot(r, 1u << 30).state, SLOT_EMPTY, "and so is one past the end of the file");
	slot_write_start(r->slots, 7, &start);
	s = read_slot(r, 7);
	ok(s.state == SLOT_STARTED && s.start.pid == 4711 && s.start.guard == 4710 &&
		s.start.epoch == 3 && s.start.ticks == 1ull << 40,
	    "START names process, guard and engine");
	slot_write_end(r->slots, 7, &end);
	s = read_slot(r, 7);
	ok(s.state == SLOT_ENDED && s.start.pid == 4711, "END leaves START as it was");
	ok(s.end.status == 137 && s.end.flags == end.flags, "END has status and flags");
	is_int(read_slot(r, 6).state, SLOT_EMPTY, "the slot before is untouched");
	is_int(read_slot(r, 8).state, SLOT_EMPTY, "and the slot after");
	slot_write_void(r->slots, 9);
	is_int(read_slot(r, 9).state, SLOT_VOID, "a slot can be made void");
}

/* The raw bytes of a slot, read or written. */
static void
raw(const struct record *r, uint32_t n, void *bytes, int write)
{
	off_t at = (off_t)n * SLOT_SIZE;
	ssize_t done =
	    write ? pwrite(r->slots, bytes, SLOT_SIZE, at) : pread(r->slots, bytes, SLOT_SIZE, at);

	if (done != SLOT_SIZE)
		perror("record");
}

/* Every single bit of a good slot, turned over, must take its half away and nothing else. */
static void
test_flipped_bits(const struct record *r)
{
	unsigned char good[SLOT_SIZE], bad[SLOT_SIZE];
	int wrong = 0;

	raw(r, 7, good, 0);
	for (int bit = 0; bit < SLOT_SIZE * 8; bit++) {
		struct slot s;

		memcpy(bad, good, SLOT_SIZE);
		bad[bit / 8] ^= (unsigned char)(1 << bit % 8);
		raw(r, 7, bad, 1);
		s = read_slot(r, 7);
		if (bit < SLOT_SIZE * 4)
			wrong += s.state != SLOT_ENDED || s.start.pid != 0;
		else
			wrong += s.state != SLOT_STARTED || s.start.pid != 4711;
	}
	raw(r, 7, good, 1);
	is_int(wrong, 0, "a half with any one bit wrong counts as empty, the other stands");
	raw(r, 20, good, 1);
	is_int(read_slot(r, 20).state, SLOT_EMPTY, "a slot copied to another place is empty there");
}

static void
test_room(struct record *r)
{
	struct fault f;
	struct stat st;

	is_int(record_reserve(r, 3000, &f), 0, "slots are reserved");
	fstat(r->slots, &st);
	ok(st.st_blocks * 512 >= 3000 * SLOT_SIZE, "and have their room on the disk");
	is_int(read_slot(r, 7).state, SLOT_ENDED, "without touching those that are there");
}

static void
test_locks(struct record *r)
{
	struct record other;
	int one, again, two;
	struct fault f;

	is_int(record_open(&other, path, &f), -1, "a second engine is refused");
	is_int(f.kind, FAULT_BUSY, "as busy");
	is_int(record_lock(r, 5, &one, &f), 1, "a slot's lock is free at first");
	is_int(record_lock(r, 5, &again, &f), 0, "then it is held, even against ourselves");
	is_int(record_lock(r, 6, &two, &f), 1, "its neighbour's is free");
	close(two);
	is_int(record_lock(r, 5, &again, &f), 0, "closing another one does not drop it");
	close(one);
	is_int(record_lock(r, 5, &again, &f), 1, "closing its own does");
	close(again);
	is_int(record_remove(r, &f), 0, "the files of a run that is over can be removed");
	record_close(r);
	is_int(access(path, F_OK), -1, "and are gone");
}

static void
test_refusals(void)
{
	struct record r;
	struct fault f;

	is_int(record_open(&r, "/nowhere/run", &f), -1, "a folder that is not there is a fault");
	is_text(f.text, "/nowhere/run.lock: No such file or directory", "that names the file");
}

int
main(void)
{
	struct record r;
	struct fault f;

	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/run", folder);
	is_int(record_open(&r, path, &f), 0, "a record opens");
	record_reserve(&r, 32, &f);
	test_halves(&r);
	test_flipped_bits(&r);
	test_room(&r);
	test_locks(&r);
	test_refusals();
	rmdir(folder);
	return tap_end();
}
