/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/formats/format.h"

#include "base/near.h"
#include "base/report.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One value over many lines is held whole: its canonical text and the tree of brackets. */
#define DOCUMENT_LONGEST ((size_t)256 << 20)

const struct format *const formats[] = {&format_jsonl, &format_netbox, &format_facter, NULL};

const struct format *
format_find(const char *name, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	struct str all = STR_INIT;
	char hint[NEAR_HINT];

	for (const struct format *const *at = formats; *at; at++) {
		if (strcmp((*at)->name, name) == 0) {
			str_done(&all);
			return *at;
		}
		near_offer(&near, (*at)->name);
		str_addf(&all, "%s%s", at > formats ? ", " : "", (*at)->name);
	}
	fault_set(
	    f, FAULT_USAGE, "\"%s\": not one of %s%s", name, all.text, near_hint(&near, hint));
	str_done(&all);
	return NULL;
}

/* ---- what translators say ---- */

/* A fault that names its place already. */
static void
report_placed(struct format_run *run, const struct fault *why)
{
	run->bad++;
	run->sink->bad(run->sink->ctx, why);
}

void
format_bad(struct format_run *run, unsigned long line, const struct fault *why)
{
	struct fault placed = *why;

	fault_within(&placed, "%s:%lu", run->input, line);
	report_placed(run, &placed);
}

void
format_note(struct format_run *run, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		report_no_memory();
	va_end(ap);
	run->sink->note(run->sink->ctx, text);
	free(text);
}

int
format_emit(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	if (run->sink->record(run->sink->ctx, record, line, f) >= 0)
		return 0;
	if (f->kind != FAULT_BAD)
		return -1;
	format_bad(run, line, f);
	return 0;
}

/* ---- the input ---- */

static const struct format *
detect(struct jtext first, struct fault *f)
{
	struct str names = STR_INIT;

	for (const struct format *const *at = formats; *at; at++)
		if ((*at)->detect(first))
			return *at;
	for (const struct format *const *at = formats; *at; at++)
		str_addf(&names, "%s%s", names.len ? ", " : "", (*at)->name);
	fault_set(f, FAULT_USAGE,
	    "the first record does not tell the format; name it by --format: %s", names.text);
	str_done(&names);
	return NULL;
}

static int
give_record(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	if (jtext_type(record) != JTEXT_OBJECT)
		return fault_set(f, FAULT_BAD, "not a JSON object");
	if (!run->format) {
		run->format = detect(record, f);
		if (!run->format)
			return fault_within(f, "%s:%lu", run->input, line);
		if (run->format->start)
			run->format->start(run);
	}
	return run->format->record(run, record, line, f);
}

/* Bad records are reported here; what comes back as -1 stops the translation. */
static int
give_reported(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	if (give_record(run, record, line, f) >= 0)
		return 0;
	if (f->kind != FAULT_BAD)
		return -1;
	format_bad(run, line, f);
	return 0;
}

/* A value of the input: a record, or an array of them. */
static int
give_value(struct format_run *run, const struct str *text, unsigned long line,
    struct str *canonical, struct fault *f)
{
	struct jtext value, key, each;
	size_t at = 0;
	int result = 0;

	str_reset(canonical);
	if (jtext_canonical(text->text, text->len, canonical, f) < 0) {
		if (f->kind != FAULT_BAD)
			return -1;
		format_bad(run, line, f);
		return 0;
	}
	value = (struct jtext){canonical->text, canonical->len};
	if (jtext_type(value) != JTEXT_ARRAY)
		return give_reported(run, value, line, f);
	while (result == 0 && jtext_each(value, &at, &key, &each))
		result = give_reported(run, each, line, f);
	return result;
}

/* 1 with the next line in text, 0 at the end, -1; lines too long to be read are reported. */
static int
next_line(struct format_run *run, struct jsonl *in, struct str *text, struct fault *f)
{
	char *line;
	size_t len;
	int more;

	while ((more = jsonl_line(in, &line, &len, f)) < 0 && f->kind == FAULT_BAD)
		report_placed(run, f);
	if (more == 1)
		str_addn(text, line, len);
	return more;
}

/* Whether a line is a bracket alone: what tools that lay out their JSON begin with. */
static int
opens_document(const struct str *line)
{
	const char *text = line->text + strspn(line->text, " \t\r");

	return (*text == '{' || *text == '[') && !text[1 + strspn(text + 1, " \t\r")];
}

static int
read_document(struct format_run *run, struct jsonl *in, struct str *text, struct fault *f)
{
	int more;

	do
		str_addc(text, '\n');
	while ((more = next_line(run, in, text, f)) == 1 && text->len <= DOCUMENT_LONGEST);
	if (more == 1)
		return fault_set(f, FAULT_SYSTEM, "%s: a JSON value longer than %zu bytes",
		    run->input, DOCUMENT_LONGEST);
	return more;
}

static int
give_all(struct format_run *run, struct jsonl *in, struct fault *f)
{
	struct str text = STR_INIT, canonical = STR_INIT;
	int more = next_line(run, in, &text, f), first = 1, result = 0;

	while (more == 1 && result == 0) {
		unsigned long line = in->line;

		if (first && opens_document(&text))
			result = read_document(run, in, &text, f);
		first = 0;
		if (result == 0)
			result = give_value(run, &text, line, &canonical, f);
		str_reset(&text);
		if (result == 0)
			more = next_line(run, in, &text, f);
	}
	str_done(&text);
	str_done(&canonical);
	return result < 0 ? result : more;
}

int
format_translate(const struct format *format, struct jsonl *in, const char *source,
    const struct format_sink *sink, unsigned long *bad, struct fault *f)
{
	struct format_run run = {
	    .format = format, .source = source, .input = in->name, .sink = sink};
	int result;

	if (format && format->start)
		format->start(&run);
	result = give_all(&run, in, f);
	if (result == 0 && run.format && run.format->finish)
		result = run.format->finish(&run, f);
	if (run.format && run.format->end)
		run.format->end(&run);
	*bad = run.bad;
	return result;
}
