/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foreign formats: each is a pure translator from its own records to Craton's
 * (craton-records(5)). It knows no database; it gives each record to a sink.
 *
 * A record that comes out has a kind, and a "key" where the format has a native key. It names
 * other things of its own source as key:SOURCE/KEY. Order: what a record is placed in (cloud,
 * region, cell, parent) comes out before it; the targets of its relations may come after, so
 * the importer resolves relations when all items exist.
 *
 * Nothing is dropped silently: a field that a translator does not know becomes an attribute
 * or, where the format is one of loose fields, a variable of the same name; a kind of record
 * that it does not know becomes an item with all its fields. Left out are empty values (null,
 * "", [], {}) and what a translator's header names.
 */
#ifndef FLEET_FORMAT_H
#define FLEET_FORMAT_H

#include "base/fault.h"
#include "base/map.h"
#include "io/jsonl.h"
#include "io/jtext.h"

/* Where translated records go, and what there is to say about the others. */
struct format_sink {
	/*
	 * One record, a canonical object, good during the call, and the input line it comes
	 * from. FAULT_BAD: it is reported with that line and skipped; else -1 stops it all.
	 */
	int (*record)(void *ctx, struct jtext record, unsigned long line, struct fault *f);
	/* A line that was skipped. The text begins with the input's name and the line. */
	void (*bad)(void *ctx, const struct fault *why);
	/* What a person should know about the whole: "3 records of a.b: no mapping, ...". */
	void (*note)(void *ctx, const char *text);
	void *ctx;
};

/* A translation under way. */
struct format_run {
	const struct format *format;
	const struct words *map; /* FIELD=MEANING of the user's, see column.h; may be NULL */
	const char *source;      /* what the records' keys are referred to by */
	const char *input;       /* its name, for messages */
	const struct format_sink *sink;
	unsigned long bad; /* records skipped */
	struct map left;   /* what was left out, see format_left_out */
	void *state;       /* the translator's own */
};

struct format {
	const char *name;  /* for --format */
	const char *about; /* for --help */
	/* Whether this is surely the format, by its first good record; NULL: it never is. */
	int (*detect)(struct jtext first);
	/* Makes and frees run->state; NULL where there is none. */
	void (*start)(struct format_run *run);
	void (*end)(struct format_run *run);
	/* One record of the input, a canonical object. FAULT_BAD: this one is skipped. */
	int (*record)(
	    struct format_run *run, struct jtext record, unsigned long line, struct fault *f);
	/*
	 * Instead of record, where the input is not JSON: all of it, UTF-8 without NUL, ended by
	 * one; it may be changed. What cannot be read at all is reported by format_bad.
	 */
	int (*text)(struct format_run *run, char *text, size_t len, struct fault *f);
	int takes_map; /* whether it heeds run->map */
	/* All records have been given; NULL where nothing was held back. */
	int (*finish)(struct format_run *run, struct fault *f);
};

/* Ends with NULL. */
extern const struct format *const formats[];

/* By name; NULL with FAULT_USAGE and the near miss. */
const struct format *format_find(const char *name, struct fault *f);

/*
 * Translates all of an input: JSON lines, an object or an array of objects each; or, when the
 * first line is a bracket alone, one such value over all lines; or text, for formats that are
 * not JSON. The caller sets run's format, map, source and sink. format NULL: detected by the
 * first good record; FAULT_USAGE if that is no format's for sure. run->bad is how many records
 * were skipped. Returns 0, or -1 when it had to stop.
 */
int format_translate(struct format_run *run, struct jsonl *in, struct fault *f);

/* ---- for translators ---- */

/* Gives a record to the sink; one that is refused as bad is reported and counted. 0 or -1. */
int format_emit(struct format_run *run, struct jtext record, unsigned long line, struct fault *f);

/* Reports and counts what is skipped. */
void format_bad(struct format_run *run, unsigned long line, const struct fault *why);

/* The same where the fault begins with its place already. */
void format_bad_placed(struct format_run *run, const struct fault *why);

/* What a person should know about the whole. */
void format_note(struct format_run *run, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * A field that no record has room for, and neither is on the manual page; of: "a relation".
 * Each is told once, with how often it was there, when all has been read.
 */
void format_left_out(struct format_run *run, const char *of, const char *field);

/* The same for the members of an object that are not empty, but for the known (NULL ends them). */
void format_left_others(
    struct format_run *run, const char *of, struct jtext object, const char *const *known);

/* For format.c: tells them, and forgets. */
void format_tell_left(struct format_run *run);

extern const struct format format_jsonl, format_csv, format_yaml, format_mongo, format_netbox,
    format_netbox_rest, format_facter, format_openstack_ansible, format_ansible, format_ansible_ini,
    format_openstack_config, format_nova, format_oneops, format_servicenow, format_genders;

#endif
