/* SPDX-License-Identifier: Apache-2.0 */
/* What people say to a running engine: rows, the halt file, signals. */
#ifndef FLOW_ENGINE_CONTROL_H
#define FLOW_ENGINE_CONTROL_H

#include "flow/engine/engine.h"

/* Why a run is held that the halt file stopped: table run's why. */
#define CONTROL_HALT_FILE "halted by the halt file"

/* What the why of a run begins with that stopped because the breaker of its workflow is open. */
#define CONTROL_BREAKER "the breaker is open"

/* Begins to listen; what was said before is taken at once. */
int control_open(struct engine *e, struct fault *f);
void control_close(struct engine *e);

/*
 * Whether everything on this database is halted, by a row or by the file DB.halt (one that
 * cannot be looked at counts: fail closed). why: who said so. 1, 0, -1.
 */
int control_halted(struct session *s, struct str *why, struct fault *f);

/* What those files are called: beside the database by the name it is called by, and where a link
 * leads. */
void control_halt_files(const char *db, struct words *out);

/* The one of them that is there, to be freed, or NULL. */
char *control_halt_there(const char *db);

/* The files alone, which costs one system call: looked at before every start. */
int control_halt_file(const struct engine *e);

#endif
