/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The views that a user's query sees, as craton-db(5) documents them: temporary, for one
 * connection and one project. Each text holds one %lld, the project.
 */
#ifndef STORE_GUARD_VIEWS_H
#define STORE_GUARD_VIEWS_H

extern const char *const guard_views[];      /* CREATE statements; ends with NULL */
extern const char *const guard_view_names[]; /* in the same order; ends with NULL */

#endif
