/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include "base/show.h"
#include "io/file.h"

#include <string.h>

void
lines_begin(struct lines *l, enum output_format format)
{
	output_begin(&l->output, format == OUTPUT_TABLE ? OUTPUT_NAMES : format);
	l->output.flush = 0; /* by the commit, not by the line */
}

static int
ends_run(const char *word)
{
	static const char *const words[] = {"run.end", "run.hold", "run.pause", "run.trip", NULL};
	size_t i = 0;

	while (words[i] && strcmp(words[i], word) != 0)
		i++;
	return words[i] != NULL;
}

static void
put_text(const struct event *e)
{
	struct str text = STR_INIT, shown = STR_INIT;

	event_text(e, &text);
	show_text(&shown, text.text);
	table_line(event_tone(e), shown.text, stdout);
	str_done(&text);
	str_done(&shown);
}

static void
put_record(struct output *o, const struct event *e)
{
	struct str record = STR_INIT;

	event_json(e, &record);
	output_record(o, record.text, record.len);
	str_done(&record);
}

void
lines_put(const struct event *e, void *ctx)
{
	struct lines *l = ctx;

	if (!e) {
		file_flush_output();
		return;
	}
	l->has_ended = ends_run(e->word);
	if (l->output.format != OUTPUT_NAMES)
		put_record(&l->output, e);
	else if (!l->is_silent && !(l->is_brief && event_is_detail(e)))
		put_text(e);
}

int
lines_end(struct lines *l, struct fault *f)
{
	output_end(&l->output);
	return file_end_output(f);
}
