/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every verb works in: one database, one project, one actor. Opened by the rules of
 * craton(7): --db, CRATON_DB, /var/lib/craton/craton.db if it is there or can be made, else
 * XDG state; --project, CRATON_PROJECT, else "default".
 */
#ifndef FLEET_SESSION_H
#define FLEET_SESSION_H

#include "base/fault.h"
#include "base/map.h"
#include "io/args.h"
#include "store/db.h"

struct precedence;

struct session {
	struct db *db;
	int64_t project;  /* the id of the item of kind project; 0: none yet, nothing in it */
	int64_t operator; /* the source that people are: the project's first; 0: no project yet */
	char *project_name;
	char *actor;         /* the real user: through sudo and su the one who logged in */
	const char *reason;  /* -m; borrowed */
	struct map names;    /* of scopes already looked up, see ref_text */
	struct rules *rules; /* of labels, see fleet/label/rule.h; NULL: not read yet */
	struct precedence *precedence; /* of sources, once asked: see sources/precedence.h */
};

/* The options of every verb. Zeroed, then filled by args_parse, then given to session_open. */
struct session_options {
	const char *db, *project, *reason;
	int quiet, verbose;
	int memory; /* no file: a database for the session alone, for examples and tests */
};

#define SESSION_OPTIONS(o)                                                                         \
	{0, "db", "FILE", ARGS_TEXT, &(o)->db, "the database (CRATON_DB)"},                        \
	    {0, "project", "NAME", ARGS_TEXT, &(o)->project, "the project (CRATON_PROJECT)"},      \
	    {'q', "quiet", NULL, ARGS_FLAG, &(o)->quiet, "say nothing when nothing is wrong"},     \
	{                                                                                          \
		'v', "verbose", NULL, ARGS_FLAG, &(o)->verbose,                                    \
		    "say which database and project it is"                                         \
	}

#define SESSION_REASON(o)                                                                          \
	{                                                                                          \
		'm', "reason", "TEXT", ARGS_TEXT, &(o)->reason, "why, for the change log"          \
	}

/* With DB_WRITE the project is made if it is not there, and one that was named is noted. */
int session_open(
    struct session *s, const struct session_options *o, enum db_mode mode, struct fault *f);
void session_close(struct session *s);

/* The real user's name, to be freed: what s->actor is in a session that writes. */
char *session_actor(void);

#endif
