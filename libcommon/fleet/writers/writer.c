/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/writers/writer.h"

#include "base/mem.h"
#include "base/near.h"
#include "base/report.h"
#include "base/str.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Output is given on in pieces of about this. */
#define PIECE ((size_t)256 << 10)

const struct writer *const writers[] = {&writer_csv, &writer_ansible, &writer_file_sd,
    &writer_clustershell, &writer_genders, &writer_ssh, NULL};

const struct writer *
writer_find(const char *name, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	struct str all = STR_INIT;
	char hint[NEAR_HINT];

	for (const struct writer *const *at = writers; *at; at++) {
		if (strcmp((*at)->name, name) == 0) {
			str_done(&all);
			return *at;
		}
		near_offer(&near, (*at)->name);
		str_addf(&all, ", %s", (*at)->name);
	}
	fault_set(
	    f, FAULT_USAGE, "\"%s\": not one of jsonl%s%s", name, all.text, near_hint(&near, hint));
	str_done(&all);
	return NULL;
}

int
writer_run(const struct writer *w, struct writer_run *run, const struct ids *ids, struct fault *f)
{
	int status = -1;

	if (roster_open(&run->roster, run->s, w->reads, f) == 0 && w->write(run, ids, f) == 0)
		status = writer_flush(run, 1, f);
	if (status == 0 && run->roster.renamed)
		writer_note(run, "%lu items are called by their place too: others have the name",
		    run->roster.renamed);
	roster_close(&run->roster);
	str_done(&run->out);
	return status;
}

int
writer_flush(struct writer_run *run, int all, struct fault *f)
{
	int status = 0;

	if (run->out.len && (all || run->out.len >= PIECE)) {
		status = run->write(run->ctx, run->out.text, run->out.len, f);
		str_reset(&run->out);
	}
	return status;
}

void
writer_note(struct writer_run *run, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		report_no_memory();
	va_end(ap);
	run->note(run->ctx, text);
	free(text);
}

struct writer_label
writer_label(const char *text)
{
	const char *equals = strchr(text, '=');

	if (!equals)
		return (struct writer_label){NULL, text};
	return (struct writer_label){mem_dupn(text, (size_t)(equals - text)), equals + 1};
}

void
writer_word(struct str *out, const char *text, const char *more)
{
	if (!*text || isdigit((unsigned char)*text))
		str_addc(out, '_');
	for (const char *p = text; *p; p++) {
		int known = isascii((unsigned char)*p) && isalnum((unsigned char)*p);

		str_addn(out, known || *p == '_' || strchr(more, *p) ? p : "_", 1);
	}
}
