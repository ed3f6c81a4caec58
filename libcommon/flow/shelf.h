/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where definitions are kept: files NAME.yaml in a few folders, the user's before the
 * machine's before the shipped ones. The first folder that has a name wins.
 */
#ifndef FLOW_SHELF_H
#define FLOW_SHELF_H

#include "base/fault.h"
#include "base/vec.h"

struct shelf {
	const char *variable; /* of the environment, a colon-separated list: "CRATON_AUDITS" */
	const char *folder;   /* "audits", below ~/.config/craton, /etc/craton and share/craton */
	const char *what;     /* "audit", for messages */
};

/*
 * The path of the definition that a user calls so: a path if it has a slash, ends in .yaml or
 * is "-", else a name. To be freed. NULL: FAULT_BAD with the near miss.
 */
char *shelf_find(const struct shelf *shelf, const char *called, struct fault *f);

/* The paths of all definitions, by name, each name once. */
void shelf_list(const struct shelf *shelf, struct words *out);

/* The folders, best first; those that are not there included. */
void shelf_folders(const struct shelf *shelf, struct words *out);

/* ~/.config/craton/NAME, or below XDG_CONFIG_HOME; to be freed. NULL: the user has no home. */
char *shelf_of_user(const char *name);

#endif
