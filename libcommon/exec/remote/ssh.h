/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reaching a host by the user's own ssh(1) and its configuration. What is laid over that: it
 * never asks, host keys are never waved through, a connection that died is noticed, and
 * connections are kept for who comes next.
 *
 * A kept connection is a process of ssh's own (ControlMaster, ControlPersist), in a session
 * of its own. It must be started without CRATON_KEY in its environment, so that it is nobody's
 * leftover and no sweep ends it.
 */
#ifndef EXEC_REMOTE_SSH_H
#define EXEC_REMOTE_SSH_H

#include "base/fault.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdint.h>

#define SSH_CONNECT ((int64_t)10 * 1000) /* ms, for connection and key exchange */

/*
 * Where sockets of kept connections are, made if it is not there: craton-ssh in XDG_RUNTIME_DIR,
 * else /tmp/craton-ssh-UID, which must be ours alone. To be freed. NULL: none are kept, with
 * the reason.
 */
char *ssh_folder(struct fault *f);

/*
 * The command line that gives a POSIX shell at the other end, which reads a script. connect in
 * ms; folder NULL: connections are kept or not as the user's configuration says.
 */
void ssh_argv(const char *host, int64_t connect, const char *folder, struct words *out);

/* How far ssh(1) says that it has come, by what it printed on stderr. */
int ssh_logged_in(const struct str *err);

/*
 * Appends why ssh failed, in words, with its own: "its host key has changed: ...". After a
 * shell was there, err being what came since, only the connection can have been lost.
 */
void ssh_why(const char *err, size_t len, struct str *out);
void ssh_why_lost(const char *err, size_t len, struct str *out);

#endif
