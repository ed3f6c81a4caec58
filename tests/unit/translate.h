/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of translators: a text through a format, and what came out of it. */
#ifndef TRANSLATE_H
#define TRANSLATE_H

#include "base/mem.h"
#include "base/vec.h"
#include "fleet/formats/format.h"
#include "io/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct translated {
	struct str records; /* a line each */
	struct str bad, notes;
	unsigned long nbad;
	int status;
	struct fault fault;
	struct words map;   /* FIELD=MEANING */
	const char *refuse; /* the sink calls records that hold this text bad */
};

static int
take_record(void *ctx, struct jtext record, unsigned long line, struct fault *f)
{
	struct translated *t = ctx;

	(void)line;
	if (t->refuse && memmem(record.text, record.len, t->refuse, strlen(t->refuse)))
		return fault_set(f, FAULT_BAD, "refused");
	str_addn(&t->records, record.text, record.len);
	str_addc(&t->records, '\n');
	return 0;
}

static void
take_bad(void *ctx, const struct fault *why)
{
	struct translated *t = ctx;

	str_addf(&t->bad, "%s\n", why->text);
}

static void
take_note(void *ctx, const char *text)
{
	struct translated *t = ctx;

	str_addf(&t->notes, "%s\n", text);
}

static void
translate_n(struct translated *t, const char *format, const char *text, size_t len)
{
	const struct format_sink sink = {take_record, take_bad, take_note, t};
	struct format_run run = {.format = format ? format_find(format, &t->fault) : NULL,
	    .map = t->map.n ? &t->map : NULL,
	    .source = "src",
	    .sink = &sink};
	struct jsonl in = {.name = "in", .fd = memfd_create("in", 0)};

	if (write(in.fd, text, len) != (ssize_t)len || lseek(in.fd, 0, SEEK_SET) != 0)
		abort();
	str_reset(&t->records);
	str_reset(&t->bad);
	str_reset(&t->notes);
	t->status = format_translate(&run, &in, &t->fault);
	t->nbad = run.bad;
	jsonl_close(&in);
}

/* The names of records, faults and notes are then in t; end with translated_done. */
__attribute__((unused)) static void
translate(struct translated *t, const char *format, const char *text)
{
	translate_n(t, format, text, strlen(text));
}

__attribute__((unused)) static void
translated_done(struct translated *t)
{
	str_done(&t->records);
	str_done(&t->bad);
	str_done(&t->notes);
	words_done(&t->map);
}

/* Whether a text occurs; and how often. */
__attribute__((unused)) static int
times(const struct str *in, const char *what)
{
	int n = 0;

	for (const char *at = in->text; (at = strstr(at, what)); at += strlen(what))
		n++;
	return n;
}

/*
 * Compares what becomes of a file with tests/golden/NAME.records.jsonl. With GOLDEN=write that
 * is written anew, to be read in the diff.
 */
__attribute__((unused)) static int
golden_of(struct translated *t, const char *format, const char *from, const char *name)
{
	char *to = mem_printf("tests/golden/%s.records.jsonl", name);
	const char *write_anew = getenv("GOLDEN");
	struct str input = STR_INIT, wanted = STR_INIT;
	int same = 0;

	if (file_read(from, 0, &input, &t->fault) < 0)
		goto out;
	translate_n(t, format, input.text, input.len);
	if (write_anew && strcmp(write_anew, "write") == 0)
		file_replace(to, t->records.text, t->records.len, &t->fault);
	if (file_read(to, 0, &wanted, &t->fault) == 0)
		same = wanted.len == t->records.len &&
		       memcmp(wanted.text, t->records.text, wanted.len) == 0;
out:
	free(to);
	str_done(&input);
	str_done(&wanted);
	return same;
}

/* The same for tests/golden/NAME.jsonl. */
__attribute__((unused)) static int
golden(struct translated *t, const char *format, const char *name)
{
	char *from = mem_printf("tests/golden/%s.jsonl", name);
	int same = golden_of(t, format, from, name);

	free(from);
	return same;
}

#endif
