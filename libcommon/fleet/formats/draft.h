/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record being written by a translator: its fields in any order, then draft_emit. One draft
 * serves for many records, one after the other.
 */
#ifndef FLEET_DRAFT_H
#define FLEET_DRAFT_H

#include "base/str.h"
#include "fleet/formats/format.h"

struct draft {
	struct str fields;            /* the object but for its closing brace */
	struct str labels, relations; /* the arrays but for their closing brackets */
	struct str variables;         /* an object, canonical; "" for none */
	struct str text, spare;
};

void draft_done(struct draft *d);

/* Begins a record; what was written before is forgotten. */
void draft_start(struct draft *d, const char *kind);

/* The same with its kind left to draft_text, or with none: for what is found by its key. */
void draft_start_open(struct draft *d);

/* A field that records have of themselves (name, key, note, ...). NULL or "" writes nothing. */
void draft_text(struct draft *d, const char *field, const char *plain);
void draft_bool(struct draft *d, const char *field, int truth);

/*
 * An attribute as the format has it. Where the name means something else in a record ("kind",
 * "parent", ...), PREFIX_name is written. An empty value writes nothing.
 */
void draft_attribute(struct draft *d, const char *prefix, const char *name, struct jtext value);

/* A place or other reference in the same source: "cell":"key:netbox/site-2". */
void draft_refer(struct draft *d, const char *field, const char *source, const char *key);
void draft_relate(struct draft *d, const char *type, const char *source, const char *key);

/* A relation to whatever a record may name: a ref, a name, key:SOURCE/KEY. */
void draft_relate_to(struct draft *d, const char *type, const char *to);

/* The label "key=value", or "value" alone with key NULL. */
void draft_label(struct draft *d, const char *key, const char *value);

/* A variable; a later one of the same key replaces it. */
void draft_variable(struct draft *d, const char *key, struct jtext value);

/* All members of an object that are not null. */
void draft_variables(struct draft *d, struct jtext object);

/* Whether there is nothing in a value: null, "", [], {}, or no value. */
int draft_is_empty(struct jtext value);

/* For translators whose state is a draft and nothing else: format's start and end. */
void draft_run_start(struct format_run *run);
void draft_run_end(struct format_run *run);

/* Gives the record to the run's sink. 0 or -1. */
int draft_emit(struct draft *d, struct format_run *run, unsigned long line, struct fault *f);

#endif
