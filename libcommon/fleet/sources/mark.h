/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks: what a machine is recognised by in the words of several sources. A serial is the
 * attribute or variable serial or serial_number, or the variable facts' dmi.product.
 * serial_number, without blanks at its ends, in upper case; a mac is mac_address or mac, or
 * facts' networking.mac, twelve hexadecimal digits in lower case. Written "serial:SN1" and
 * "mac:001122aabbcc". Values that makers and tools put where they know none, the placeholders,
 * are no marks.
 */
#ifndef FLEET_SOURCES_MARK_H
#define FLEET_SOURCES_MARK_H

#include "fleet/session.h"
#include "io/jtext.h"

#define MARK_SERIAL "serial:"
#define MARK_MAC "mac:"

/* Appends the marks of a layer, serials before macs, each once. Either object may be {NULL}. */
void mark_of(struct jtext attributes, struct jtext variables, struct words *out);

/* Puts the marks of a layer of a device in place of those that it had. */
int mark_write(struct session *s, int64_t item, int64_t source, const struct words *old,
    const struct words *new, struct fault *f);

/*
 * Marks of all layers, where the file is older than marks: 1, 0 if nothing was due, -1. In a
 * transaction of its own, for a session that writes.
 */
int mark_fill(struct session *s, struct fault *f);

/* The placeholders of the project's sources, for mark_is_placeholder. */
int mark_placeholders(struct session *s, struct words *out, struct fault *f);

/* Whether what stands after the colon fits one of these patterns. */
int mark_is_placeholder(const char *mark, const struct words *patterns);

/* The living devices that have a mark, in any source's words. 0 or -1. */
int mark_find(struct session *s, const char *mark, struct ids *out, struct fault *f);

#endif
