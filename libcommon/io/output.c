/* SPDX-License-Identifier: Apache-2.0 */
#include "io/output.h"

#include "base/near.h"
#include "io/file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *word;
	enum output_format format;
} formats[] = {
    {"table", OUTPUT_TABLE},
    {"jsonl", OUTPUT_JSONL},
    {"json", OUTPUT_JSON},
    {"tsv", OUTPUT_TSV},
    {"names", OUTPUT_NAMES},
};

#define NFORMATS (sizeof(formats) / sizeof(*formats))

int
output_format(
    const char *word, enum output_format fallback, enum output_format *out, struct fault *f)
{
	struct near near = NEAR_INIT(word);
	char hint[NEAR_HINT];

	*out = fallback;
	if (!word)
		return 0;
	for (size_t i = 0; i < NFORMATS; i++) {
		if (!strcmp(formats[i].word, word)) {
			*out = formats[i].format;
			return 0;
		}
		near_offer(&near, formats[i].word);
	}
	near_hint(&near, hint);
	return fault_set(
	    f, FAULT_USAGE, "\"%s\": not a format: table, jsonl, json, tsv or names%s", word, hint);
}

int
output_choose(const struct output_options *o, enum output_format *out, struct fault *f)
{
	return output_format(o->word, o->json ? OUTPUT_JSONL : OUTPUT_TABLE, out, f);
}

int
output_choose_sheet(
    const char *verb, const struct output_options *o, enum output_format *out, struct fault *f)
{
	if (output_choose(o, out, f) < 0)
		return -1;
	if (*out == OUTPUT_TSV || *out == OUTPUT_NAMES)
		return fault_set(f, FAULT_USAGE, "%s: -o " OUTPUT_SHEETS " is wanted", verb);
	return 0;
}

void
output_begin(struct output *o, enum output_format format)
{
	struct stat st;

	*o = (struct output){.format = format};
	o->flush = fstat(STDOUT_FILENO, &st) < 0 || !S_ISREG(st.st_mode);
	if (format == OUTPUT_JSON)
		putchar('[');
}

static void
end_line(struct output *o)
{
	o->n++;
	if (o->flush)
		file_flush_output();
}

void
output_record(struct output *o, const char *json, size_t len)
{
	if (o->format == OUTPUT_JSON)
		fputs(o->n ? ",\n" : "\n", stdout);
	fwrite(json, 1, len, stdout);
	if (o->format == OUTPUT_JSON) {
		o->n++;
		return;
	}
	putchar('\n');
	end_line(o);
}

void
output_name(struct output *o, const char *name, int zero)
{
	fputs(name, stdout);
	putchar(zero ? '\0' : '\n');
	end_line(o);
}

void
output_end(struct output *o)
{
	if (o->format == OUTPUT_JSON)
		fputs(o->n ? "\n]\n" : "]\n", stdout);
}

void
output_table(struct table *t, enum output_format format)
{
	if (format == OUTPUT_TSV)
		table_print_tsv(t, stdout);
	else
		table_print(t, stdout);
	table_done(t);
}

void
output_text(const struct str *text)
{
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = (unsigned char)text->text[i];

		if (c != '\n' && (c < ' ' || c == 0x7f))
			printf("\\x%02x", c);
		else
			putchar(c);
	}
}
