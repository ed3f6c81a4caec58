/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes through a translator: every record that comes out is canonical text and has a
 * kind that an item can have, what is skipped is counted, and nothing stops it.
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

static int
check_record(void *ctx, struct jtext record, unsigned long line, struct fault *f)
{
	struct str again = STR_INIT;
	char *kind = jtext_plain_dup(jtext_member(record, "kind"));

	(void)ctx;
	assert(line > 0);
	assert(kind && item_kind_ok(kind));
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
	++*(unsigned long *)ctx;
}

static void
take_note(void *ctx, const char *text)
{
	(void)ctx;
	assert(*text);
}

static int
translate_bytes(const struct format *format, const uint8_t *data, size_t size)
{
	unsigned long counted = 0, bad;
	const struct format_sink sink = {check_record, count_bad, take_note, &counted};
	struct jsonl in = {.name = "in", .fd = memfd_create("in", 0)};
	struct fault f;

	assert(write(in.fd, data, size) == (ssize_t)size && lseek(in.fd, 0, SEEK_SET) == 0);
	assert(format_translate(format, &in, "src", &sink, &bad, &f) == 0);
	assert(bad == counted);
	jsonl_close(&in);
	return 0;
}

#endif
