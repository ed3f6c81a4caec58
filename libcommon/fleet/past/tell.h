/* SPDX-License-Identifier: Apache-2.0 */
/* What changed, for people: a line for the item and the source, a line for each value. */
#ifndef FLEET_TELL_H
#define FLEET_TELL_H

#include "fleet/log/history.h"

/* A row of the change log, printed. */
int tell_row(struct session *s, const struct history_row *row, struct fault *f);

#endif
