/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plug-ins: executables in any language, KIND/NAME in the folders of a search path: those of
 * CRATON_PLUGINS (colons between), then craton/plugins under XDG_CONFIG_HOME (or ~/.config),
 * /etc/craton/plugins, and of the prefix share/craton/plugins and libexec/craton/plugins, where
 * local, ssh and ansible are.
 *
 * One is given its arguments as argv and as one JSON object on stdin, and CRATON_KEY and
 * CRATON_ATTEMPT in its environment; it answers with JSON lines on stdout, the result last,
 * and an exit status that outcome.h reads. No shell is between. craton-plugin(5) is the
 * protocol as its authors read it; deadlines and the output cap are child.h's limits.
 */
#ifndef EXEC_PLUGIN_H
#define EXEC_PLUGIN_H

#include "base/vec.h"
#include "exec/child.h"

/*
 * The path of a plug-in, to be freed: plugin_find("action", "nova-live-migrate", ...).
 * FAULT_BAD with the near miss: there is none of that name, or it may not be executed.
 */
int plugin_find(const char *kind, const char *name, char **path, struct fault *f);

/* All that a call hands over; a plain program of a run: step is called the same way. */
struct plugin_call {
	struct words argv, env; /* both ended by NULL */
	char *input;            /* NULL: none */
};

/*
 * program is a path or a name for PATH; args may be NULL; json is the object for stdin, or
 * NULL. key names the step (run/item/step) in all its attempts, attempt counts them from 1.
 */
void plugin_call_init(struct plugin_call *c, const char *program, const struct words *args,
    const char *json, const char *key, int attempt);
void plugin_call_done(struct plugin_call *c);

/* Sets argv, env and input of a spec, borrowed from the call; the rest stays. */
void plugin_call_spec(const struct plugin_call *c, struct child_spec *spec);

/*
 * The other end of it, in a plug-in: the JSON of its stdin in canonical form, at most 1 MiB.
 * FAULT_BAD: "stdin: column 3: ...".
 */
int plugin_request(struct str *json, struct fault *f);

/* What PATH --describe prints: one JSON object of this shape. */
struct plugin_about {
	char *name, *purpose; /* name required */
	int idempotent;       /* false if it is not said */
	char *parameters;     /* the JSON text of an object: name to purpose; NULL: none */
};

/* Runs it, 10 s at most, in a loop of its own (child_run). FAULT_BAD: it does not describe. */
int plugin_describe(const char *path, struct plugin_about *about, struct fault *f);
void plugin_about_done(struct plugin_about *about);

/*
 * FAULT_BAD with the near miss: an object of parameters, or NULL, has one that the plug-in does
 * not. One that names none may have any.
 */
int plugin_check_with(const char *kind, const char *name, const struct plugin_about *about,
    const char *with, struct fault *f);

/*
 * The last line of an output that is one JSON object, as text of its own; NULL if there is
 * none. {step.key} in later steps reads it: any program may print one.
 */
char *plugin_result(const char *output, size_t len);

/* What a plug-in said, line by line, as the protocol wants it. */
struct plugin_reply {
	char *result;   /* canonical JSON object, its kind included */
	char *progress; /* the last one, likewise; NULL: none */
};

/*
 * FAULT_BAD names the line: "line 3: no JSON object", "line 2: after the result", "no result".
 * Done also after a failure.
 */
int plugin_reply_read(struct plugin_reply *reply, const char *output, size_t len, struct fault *f);
void plugin_reply_done(struct plugin_reply *reply);

#endif
