/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is configured of a source: a canonical JSON object, so that the change log can hold it
 * whole. Absent members have their defaults.
 *
 *	command     ["curl","-fsS",..]     what sync runs; with plugin, that one's arguments
 *	every       ms                     sync it this often; absent: only when it is named
 *	format      "netbox"               of what it prints; absent: detected
 *	keys        ["item.*","os*"]       what it may say; absent: everything
 *	kinds       ["host"]               of what kinds it may speak; absent: of all
 *	partial     true                   what it prints is not all that it has: nothing retires
 *	placeholders ["VMware-*"]          serials and macs that mean nothing
 *	plugin      "netbox"               source/NAME in the plug-in path
 *	ranks       {"item.note":5}        patterns of keys for which it has another rank
 *	shrink      10                     percent of its items that a full import may retire
 *	stale_after ms                     silent for longer, it loses; absent: never
 *	timeout     ms                     of its program
 *
 * A key is a variable's name, or item. and an attribute's, as everywhere on the command line.
 */
#ifndef FLEET_SOURCES_SETTINGS_H
#define FLEET_SOURCES_SETTINGS_H

#include "base/vec.h"
#include "io/jtext.h"

#define SETTINGS_SHRINK 10                     /* percent */
#define SETTINGS_TIMEOUT ((int64_t)600 * 1000) /* ms */

int64_t settings_int(const char *settings, const char *name, int64_t fallback);
int settings_true(const char *settings, const char *name);

/* A text, to be freed; NULL if absent. */
char *settings_text(const char *settings, const char *name);

/* Appends the texts of a list; nothing where it is absent. */
void settings_words(const char *settings, const char *name, struct words *out);

/* Puts one member, JSON text, or with NULL takes it away; the old text is freed. */
void settings_put(char **settings, const char *name, const char *json);

/* Whether an object that came from outside is one of settings. FAULT_BAD names what is not. */
int settings_check(struct jtext settings, struct fault *f);

/*
 * Whether a pattern (* ? [a-z]) is that of a key. Those that begin with "item." are of
 * attributes, all others of variables: * alone is every variable and no attribute.
 */
int settings_match(struct jtext pattern, const char *key);

#endif
