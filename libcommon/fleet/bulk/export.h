/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The full export: all that all sources say of a project's items, as lines that an import into
 * a new file makes the same inventory of. First a line for each source,
 *
 *	{"kind":"source","name":"netbox","rank":100}
 *
 * then one for each item and source: a record (craton-records(5)) of that layer alone, with
 * "source", "key" where the source has one, and with places and relations as refs:
 *
 *	{"kind":"host","name":"db1","ref":"host:dfw/db1","source":"netbox","key":"device-7",
 *	 "cell":"cell:dfw/c1",...,"labels":[...],"variables":{...},"relations":[...]}
 *
 * Lines of one item follow each other, with the same ref. What an item is in comes before it.
 * The order depends on the content and on which item is older, so that exporting what was
 * imported from an export gives the same bytes.
 *
 * Not in it: the change log; items that no source reports any more; keys of sources that say
 * nothing of the item any more.
 */
#ifndef FLEET_EXPORT_H
#define FLEET_EXPORT_H

#include "fleet/session.h"

/*
 * Gives each line, without its newline, in one state of the file. line returns -1 to stop.
 * 0 or -1.
 */
int export_all(struct session *s, int (*line)(void *ctx, struct jtext record, struct fault *f),
    void *ctx, struct fault *f);

/* The lines of all sources and of these items, in the order given. */
int export_items(struct session *s, const struct ids *items,
    int (*line)(void *ctx, struct jtext record, struct fault *f), void *ctx, struct fault *f);

#endif
