/* SPDX-License-Identifier: Apache-2.0 */
/* The five ways of printing that -o chooses from, the same in all tools. */
#ifndef IO_OUTPUT_H
#define IO_OUTPUT_H

#include "base/fault.h"
#include "base/str.h"
#include "io/args.h"
#include "io/table.h"

enum output_format { OUTPUT_TABLE, OUTPUT_JSONL, OUTPUT_JSON, OUTPUT_TSV, OUTPUT_NAMES };

/* "jsonl" to OUTPUT_JSONL; NULL gives the fallback; FAULT_USAGE with the near miss. */
int output_format(
    const char *word, enum output_format fallback, enum output_format *out, struct fault *f);

/* -o and --json, as verbs take them; formats is for --help. */
struct output_options {
	const char *word;
	int json;
};

#define OUTPUT_OPTIONS(o, formats)                                                                 \
	{'o', "output", "FORMAT", ARGS_TEXT, &(o)->word, formats},                                 \
	{                                                                                          \
		0, "json", NULL, ARGS_FLAG, &(o)->json, "short for -o jsonl"                       \
	}

#define OUTPUT_ALL "table, jsonl, json, tsv or names"
#define OUTPUT_SHEETS "table, jsonl or json"

/* What they ask for together; a table without them. */
int output_choose(const struct output_options *o, enum output_format *out, struct fault *f);

/* The same for a verb that shows things whole: FAULT_USAGE for tsv and names. */
int output_choose_sheet(
    const char *verb, const struct output_options *o, enum output_format *out, struct fault *f);

/*
 * Records in jsonl, or as one array in json: begin, a record each time, end. A record is one
 * JSON object's text. jsonl and names are flushed a line at a time if stdout is not a file,
 * so that the next tool can act on it. What is lost is told by file_end_output.
 */
struct output {
	enum output_format format;
	unsigned long n;
	int flush;
};

void output_begin(struct output *o, enum output_format format);
void output_record(struct output *o, const char *json, size_t len);
void output_name(struct output *o, const char *name, int zero); /* zero: NUL ends it */
void output_end(struct output *o);

/* Prints a table, or the same as tab-separated lines for OUTPUT_TSV; then frees it. */
void output_table(struct table *t, enum output_format format);

/* Prints a text for people; control characters in it, but newlines, are shown, not sent. */
void output_text(const struct str *text);

#endif
