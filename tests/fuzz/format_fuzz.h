/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes through a translator: every record that comes out is canonical text and has a
 * kind that an item can have, where it is not the input that says it; what is skipped is counted,
 * and nothing stops it.
 */
#ifndef FORMAT_FUZZ_H
#define FORMAT_FUZZ_H

#include "fleet/formats/format.h"
#include "fleet/item.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct watch {
	int kinds; /* whether kinds are the translator's own, and not the input's */
	unsigned long counted;
};

static int
check_record(void *ctx, struct jtext record, unsigned long line, struct fault *f)
{
	struct str again = STR_INIT;
	char *kind = jtext_plain_dup(jtext_member(record, "kind"));

	assert(line > 0);
	assert(!((struct watch *)ctx)->kinds || (kind && item_kind_ok(kind)));
	assert(jtext_canonical(record.text, record.len, &again, f) == 0);
	assert(jtext_same(record, (struct jtext){again.text, again.len}));
	free(kind);
	str_done(&again);
	return 0;
}

static void
count_bad(void *ctx, const struct fault *why)
{
	assert(why->kind == FAULT_BAD && strncmp(why->text, "in:", 3) == 0);
	((struct watch *)ctx)->counted++;
}

static void
take_note(void *ctx, const char *text)
{
	(void)ctx;
	assert(*text);
}

static int
translate_bytes(const struct format *format, const uint8_t *data, size_t size, int kinds)
{
	struct watch watch = {.kinds = kinds};
	const struct format_sink sink = {check_record, count_bad, take_note, &watch};
	struct format_run run = {.format = format, .source = "src", .sink = &sink};
	struct jsonl in = {.name = "in", .fd = memfd_create("in", 0)};
	struct fault f;

	assert(write(in.fd, data, size) == (ssize_t)size && lseek(in.fd, 0, SEEK_SET) == 0);
	assert(format_translate(&run, &in, &f) == 0);
	assert(run.bad == watch.counted);
	jsonl_close(&in);
	return 0;
}

#endif
