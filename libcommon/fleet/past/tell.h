/* SPDX-License-Identifier: Apache-2.0 */
/* What changed, for people: a line for the item and the source, a line for each value. */
#ifndef FLEET_TELL_H
#define FLEET_TELL_H

#include "fleet/log/history.h"

/* Appends a row of the change log. */
int tell_row(struct session *s, const struct history_row *row, struct str *out, struct fault *f);

#endif
