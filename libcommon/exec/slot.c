/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/slot.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define HALF (SLOT_SIZE / 2)
#define MAGIC_START 0x54535243u /* "CRST" in a dump on a little-endian machine */
#define MAGIC_END 0x44455243u
#define MAGIC_VOID 0x4f565243u

struct half_start {
	uint32_t magic, pid, guard, epoch;
	uint64_t ticks, sum;
};

struct half_end {
	uint32_t magic, status, flags, unused;
	uint64_t unused_too, sum;
};

_Static_assert(sizeof(struct half_start) == HALF && sizeof(struct half_end) == HALF, "halves");

/* FNV-1a, 64 bits, of what stands before the sum, and of the slot's number. */
static uint64_t
sum_of(const void *half, uint32_t slot)
{
	const unsigned char *p = half;
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < HALF - sizeof(uint64_t); i++)
		/* NOLINTNEXTLINE(clang-analyzer-core.*): the halves have no padding, see above */
		h = (h ^ p[i]) * 0x100000001b3u;
	for (int shift = 0; shift < 32; shift += 8)
		h = (h ^ (slot >> shift & 0xff)) * 0x100000001b3u;
	return h;
}

int
slot_read(int record, uint32_t slot, struct slot *s)
{
	struct {
		struct half_start start;
		struct half_end end;
	} raw = {0};

	if (pread(record, &raw, sizeof(raw), (off_t)slot * SLOT_SIZE) < 0)
		return -1;
	memset(s, 0, sizeof(*s));
	if (raw.start.sum == sum_of(&raw.start, slot)) {
		if (raw.start.magic == MAGIC_VOID)
			s->state = SLOT_VOID;
		if (raw.start.magic == MAGIC_START) {
			s->state = SLOT_STARTED;
			s->start = (struct slot_start){(pid_t)raw.start.pid, (pid_t)raw.start.guard,
			    raw.start.epoch, raw.start.ticks};
		}
	}
	if (raw.end.sum == sum_of(&raw.end, slot) && raw.end.magic == MAGIC_END) {
		s->state = SLOT_ENDED;
		s->end = (struct outcome){(int)raw.end.status, raw.end.flags};
	}
	return 0;
}

/* One write within one page: death of the writer cannot tear it. */
static int
write_half(int record, uint32_t slot, const void *half, off_t offset)
{
	ssize_t n = pwrite(record, half, HALF, (off_t)slot * SLOT_SIZE + offset);

	if (n >= 0 && n < HALF)
		errno = ENOSPC;
	return n == HALF ? 0 : -1;
}

int
slot_write_start(int record, uint32_t slot, const struct slot_start *start)
{
	struct half_start h = {.magic = MAGIC_START,
	    .pid = (uint32_t)start->pid,
	    .guard = (uint32_t)start->guard,
	    .epoch = start->epoch,
	    .ticks = start->ticks};

	h.sum = sum_of(&h, slot);
	return write_half(record, slot, &h, 0);
}

int
slot_write_end(int record, uint32_t slot, const struct outcome *end)
{
	struct half_end h = {
	    .magic = MAGIC_END, .status = (uint32_t)end->status, .flags = end->flags};

	h.sum = sum_of(&h, slot);
	return write_half(record, slot, &h, HALF);
}

int
slot_write_void(int record, uint32_t slot)
{
	struct half_start h = {.magic = MAGIC_VOID};

	h.sum = sum_of(&h, slot);
	return write_half(record, slot, &h, 0);
}
