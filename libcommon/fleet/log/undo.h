/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The undo text of a change: the old values of a document, and nothing else.
 *
 *	{"attributes":{..},"variables":{..}     values that were replaced or removed
 *	 "-attributes":[..],"-variables":[..]   keys that were not there
 *	 "labels":[ids],"edges":[[type,id],..]} as they were, if they changed
 *
 * Applied to the new document it gives the old one to the byte, since both are canonical.
 */
#ifndef FLEET_UNDO_H
#define FLEET_UNDO_H

#include "fleet/document.h"

/* Appends what turns the new document back into the old one. */
void undo_write(const struct document *old, const struct document *new, struct str *out);

/* Turns a document back. FAULT_SYSTEM if the text is no undo text: the log is damaged. */
int undo_apply(struct document *d, struct jtext undo, struct fault *f);

#endif
