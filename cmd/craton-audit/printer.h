/* SPDX-License-Identifier: Apache-2.0 */
/* Findings on stdout, the same way from every verb that shows some. */
#ifndef PRINTER_H
#define PRINTER_H

#include "base/map.h"
#include "flow/audit/finding.h"
#include "io/args.h"
#include "io/output.h"
#include "io/table.h"

struct printer_options {
	const char *format; /* -o */
	int json, zero;
};

#define PRINTER_OPTIONS(o)                                                                         \
	{'o', "output", "FORMAT", ARGS_TEXT, &(o)->format, "table, jsonl, json, tsv or names"},    \
	    {0, "json", NULL, ARGS_FLAG, &(o)->json, "short for -o jsonl"},                        \
	{                                                                                          \
		'0', "null", NULL, ARGS_FLAG, &(o)->zero, "names end with NUL, for xargs -0"       \
	}

struct printer {
	struct session *s;
	struct output out;
	struct table table;
	struct map named; /* items whose name has been printed */
	struct str text;
	int zero, is_run;
	int failed; /* fault has the first reason */
	struct fault fault;
};

/* fallback: without -o. */
int printer_open(struct printer *p, struct session *s, const struct printer_options *o,
    enum output_format fallback, struct fault *f);

/* ctx is the printer: what audit_run and finding_each call. Always 0; see printer_close. */
int printer_finding(const struct finding *x, void *ctx);

/* A record that is no finding: only in jsonl and json. */
void printer_record(struct printer *p, const struct str *json);

/* Ends the output, if it was opened. -1 if something could not be printed. Once, always. */
int printer_close(struct printer *p, struct fault *f);

#endif
