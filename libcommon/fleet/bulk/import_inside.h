/* SPDX-License-Identifier: Apache-2.0 */
/* An import under way: for the files import*.c only. */
#ifndef FLEET_BULK_IMPORT_INSIDE_H
#define FLEET_BULK_IMPORT_INSIDE_H

#include "fleet/bulk/import.h"
#include "fleet/bulk/spool.h"
#include "fleet/record.h"
#include "fleet/sources/speech.h"

/* What the first pass could not put: it is tried again when all others are in. */
struct import_late {
	int64_t n, at;  /* which record of the spool, and where it is */
	int64_t parked; /* the item that stepped aside; 0: none */
	char *why;      /* what was wrong with it in the last round; NULL: nothing */
};

struct import_work {
	struct session *s;
	struct import *im;
	char *input; /* its name, for messages */
	struct spool spool;
	struct change c;
	int64_t source; /* 0: by record */
	char *settings; /* of that source */
	struct speech speech;
	struct ids seen; /* items reported, in the order of the input */
	struct ids bad;  /* records of the spool that were refused, counted from 0 */
	VEC(struct import_late) late;
	char *last_ref;           /* of the record before, */
	int64_t last_id;          /* and its item */
	struct record_input look; /* what the whole input tells */
	struct map marks;         /* how often each serial and mac is in the input */
	struct map keys;          /* native keys in the input */
	int keys_read;
	struct words placeholders;
};

/* ---- import_pass.c: the records, in two passes ---- */

int import_pass(struct import_work *w, int mode, struct fault *f);

/* One record. FAULT_BAD: it is bad, and is undone. */
int import_put(struct import_work *w, struct jtext object, int mode, struct fault *f);

/* Reports and counts a bad record of the spool. */
void import_say_bad(struct import_work *w, int64_t n, unsigned long line, const struct fault *why);

/* ---- import_late.c: records that had to wait for others ---- */

/* Puts those of w->late; what is bad then is reported. */
int import_put_late(struct import_work *w, struct fault *f);

/* ---- import_look.c: who is who, by what the whole input tells ---- */

/* Before the first record; and, before those that are late, the keys. */
int import_look(struct import_work *w, struct fault *f);
int import_look_keys(struct import_work *w, struct fault *f);

/* ---- import_full.c: what the source no longer reports ---- */

/* before: the items that it spoke of. */
int import_retire(struct import_work *w, const struct ids *before, struct fault *f);

#endif
