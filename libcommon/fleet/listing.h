/* SPDX-License-Identifier: Apache-2.0 */
/* Items on stdout, the same way from every verb that lists some. */
#ifndef FLEET_LISTING_H
#define FLEET_LISTING_H

#include "base/vec.h"
#include "fleet/session.h"
#include "fleet/view.h"
#include "io/args.h"
#include "io/output.h"

struct listing_options {
	const char *format; /* -o */
	int json, zero, fold;
	int resolved, relations;
};

#define LISTING_OPTIONS(o)                                                                         \
	{'o', "output", "FORMAT", ARGS_TEXT, &(o)->format, "table, jsonl, json, tsv or names"},    \
	    {0, "json", NULL, ARGS_FLAG, &(o)->json, "short for -o jsonl"},                        \
	    {'0', "null", NULL, ARGS_FLAG, &(o)->zero, "names end with NUL, for xargs -0"},        \
	    {0, "fold", NULL, ARGS_FLAG, &(o)->fold, "names folded: compute-[001-100],db1"},       \
	    {0, "resolved", NULL, ARGS_FLAG, &(o)->resolved, "records with resolved variables"},   \
	{                                                                                          \
		0, "relations", NULL, ARGS_FLAG, &(o)->relations, "records with relations"         \
	}

/* The format that -o, --json, -0 and --fold ask for together; FAULT_USAGE. */
int listing_format(const struct listing_options *o, enum output_format *format, struct fault *f);

/* Prints the items in the order given, in one state of the file. 0 or -1; what was printed stays
 * printed. */
int listing_print(
    struct session *s, const struct ids *ids, const struct listing_options *o, struct fault *f);

#endif
