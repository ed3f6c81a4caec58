/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/formats/format.h"

#include "base/near.h"
#include "base/report.h"
#include "base/str.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One value over many lines is held whole: its canonical text and the tree of brackets. */
#define DOCUMENT_LONGEST ((size_t)256 << 20)

#define CHUNK ((size_t)64 << 10)

/* In the order of asking: openstack-ansible is ansible with more in it. */
const struct format *const formats[] = {&format_jsonl, &format_csv, &format_yaml, &format_mongo,
    &format_netbox, &format_netbox_rest, &format_facter, &format_openstack_ansible, &format_ansible,
    &format_ansible_ini, &format_openstack_config, &format_nova, &format_oneops, &format_servicenow,
    &format_genders, NULL};

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

void
format_bad_placed(struct format_run *run, const struct fault *why)
{
	run->bad++;
	run->sink->bad(run->sink->ctx, why);
}

void
format_bad(struct format_run *run, unsigned long line, const struct fault *why)
{
	struct fault placed = *why;

	fault_within(&placed, "%s:%lu", run->input, line);
	format_bad_placed(run, &placed);
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
		if ((*at)->detect && (*at)->detect(first))
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
		format_bad_placed(run, f);
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

/* ---- formats that are not JSON ---- */

static int
read_whole(struct format_run *run, struct jsonl *in, struct str *text, struct fault *f)
{
	ssize_t n;

	do {
		char *to = str_space(text, CHUNK);

		n = TEMP_FAILURE_RETRY(read(in->fd, to, CHUNK));
		if (n < 0)
			return fault_errno(f, "%s", run->input);
		str_grown(text, (size_t)n);
	} while (n > 0 && text->len <= DOCUMENT_LONGEST);
	if (n > 0)
		return fault_set(
		    f, FAULT_SYSTEM, "%s: longer than %zu bytes", run->input, DOCUMENT_LONGEST);
	return 0;
}

/* The line of the first byte that is no text, or 0. */
static unsigned long
line_of_rubbish(const char *text, size_t len)
{
	unsigned long line = 1;
	size_t n;

	for (size_t at = 0; at < len; at += n) {
		n = text[at] ? utf8_length(text + at, len - at) : 0;
		if (!n)
			return line;
		line += text[at] == '\n';
	}
	return 0;
}

static int
give_text(struct format_run *run, struct jsonl *in, struct fault *f)
{
	static const char mark[] = "\xef\xbb\xbf"; /* what spreadsheets begin their UTF-8 with */
	struct str text = STR_INIT;
	unsigned long line;
	size_t skip;
	int result = read_whole(run, in, &text, f);

	if (result == 0 && (line = line_of_rubbish(text.text, text.len))) {
		fault_set(f, FAULT_BAD, "a NUL, or not UTF-8: nothing of it is read");
		format_bad(run, line, f);
	} else if (result == 0) {
		skip = text.len >= 3 && memcmp(text.text, mark, 3) == 0 ? 3 : 0;
		result = run->format->text(run, text.text + skip, text.len - skip, f);
	}
	str_done(&text);
	return result;
}

int
format_translate(struct format_run *run, struct jsonl *in, struct fault *f)
{
	int result;

	run->input = in->name;
	if (run->format && run->format->start)
		run->format->start(run);
	result = run->format && run->format->text ? give_text(run, in, f) : give_all(run, in, f);
	if (result == 0 && run->format && run->format->finish)
		result = run->format->finish(run, f);
	if (run->format && run->format->end)
		run->format->end(run);
	format_tell_left(run);
	if (result == 0 && !run->format && run->bad)
		format_note(
		    run, "no record told the format; one that is not JSON is named by --format");
	return result;
}
