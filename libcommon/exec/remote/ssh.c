/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/remote/ssh.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- kept connections ---- */

#define PERSIST "300" /* seconds: until the proof after a repair, mostly */

/* sun_path of unix(7) less what ssh adds: %C is 40 digits, and a name it binds first has 17. */
#define FOLDER_LONGEST (108 - 1 - 41 - 18)

static int
is_ours_alone(const char *path, struct fault *f)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return fault_errno(f, "%s", path);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 077)
		return fault_set(f, FAULT_BAD, "%s: not a folder that is ours alone", path);
	return 0;
}

char *
ssh_folder(struct fault *f)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char *path = runtime && *runtime == '/'
			 ? mem_printf("%s/craton-ssh", runtime)
			 : mem_printf("/tmp/craton-ssh-%u", (unsigned)geteuid());
	int status = 0;

	if (strlen(path) > FOLDER_LONGEST)
		status = fault_set(f, FAULT_BAD, "%s: too long for a socket's folder", path);
	else if (mkdir(path, 0700) < 0 && errno != EEXIST)
		status = fault_errno(f, "%s", path);
	if (status == 0)
		status = is_ours_alone(path, f);
	if (status == 0)
		return path;
	free(path);
	return NULL;
}

/* ---- the command line ---- */

/*
 * The first value that ssh finds wins, so these stand above the user's configuration. VERBOSE
 * says when we are in. A dead peer is noticed after 15 s. Forwardings and a RemoteCommand of
 * the user's are for his own sessions.
 */
static const char *const always[] = {"BatchMode=yes", "StrictHostKeyChecking=yes",
    "LogLevel=VERBOSE", "ServerAliveInterval=5", "ServerAliveCountMax=3", "RequestTTY=no",
    "RemoteCommand=none", "ClearAllForwardings=yes"};

static void
add_option(struct words *out, const char *option)
{
	words_add(out, "-o");
	words_add(out, option);
}

void
ssh_argv(const char *host, int64_t connect, const char *folder, struct words *out)
{
	words_add(out, "ssh");
	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		add_option(out, always[i]);
	words_add(out, "-o");
	vec_push(out, mem_printf("ConnectTimeout=%" PRId64, (connect + 999) / 1000));
	if (folder) {
		add_option(out, "ControlMaster=auto");
		add_option(out, "ControlPersist=" PERSIST);
		words_add(out, "-o");
		vec_push(out, mem_printf("ControlPath=%s/%%C", folder));
	}
	words_add(out, "--");
	words_add(out, host);
	words_add(out, "exec sh");
}

/* ---- what it says ---- */

int
ssh_logged_in(const struct str *err)
{
	static const char said[] = "Authenticated to ";

	return err->len && memmem(err->text, err->len, said, sizeof(said) - 1) != NULL;
}

/* In order: what comes first says more than what it led to. */
static const struct {
	const char *says, *means;
} troubles[] = {
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", "its host key has changed"},
    {"host key is known for", "its host key is not known"},
    {"Host key verification failed", "its host key is not trusted"},
    {"Permission denied", "it does not let us in"},
    {"Too many authentication failures", "it does not let us in"},
    {"Could not resolve hostname", "no address for it"},
    {"Connection refused", "nothing listens there"},
    {"during banner exchange", "it took the connection and did not answer"},
    {"No route to host", "no way to it"},
    {"Network is unreachable", "no way to it"},
    {"not responding", "the connection was lost"},
    {"closed by remote host", "the connection was lost"},
    {"Broken pipe", "the connection was lost"},
    {"Connection reset", "the connection was lost"},
    {"Connection closed", "it closed the connection"},
    {"timed out", "no connection in time"},
};

/* Lines of VERBOSE that say nothing about what went wrong. */
static int
is_chatter(const char *line)
{
	static const char *const starts[] = {"Authenticated to ",
	    "Transferred: ", "Bytes per second", "Warning: Permanently added",
	    "Authenticated using", "Server accepts key", NULL};

	for (const char *const *start = starts; *start; start++)
		if (!strncmp(line, *start, strlen(*start)))
			return 1;
	return !*line;
}

static char *
last_line(const char *err, size_t len)
{
	char *text = mem_dupn(err, len), *save = NULL, *last = NULL;

	for (char *line = strtok_r(text, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save))
		if (!is_chatter(line))
			last = line;
	last = mem_dup(last);
	free(text);
	return last;
}

static void
add_why(const char *means, const char *err, size_t len, struct str *out)
{
	char *last = last_line(err, len);

	str_add(out, means);
	if (last)
		str_addf(out, ": %.200s", last);
	free(last);
}

void
ssh_why(const char *err, size_t len, struct str *out)
{
	const char *means = "ssh failed";

	for (size_t i = sizeof(troubles) / sizeof(*troubles); i-- > 0;)
		if (memmem(err, len, troubles[i].says, strlen(troubles[i].says)))
			means = troubles[i].means;
	add_why(means, err, len, out);
}

void
ssh_why_lost(const char *err, size_t len, struct str *out)
{
	add_why("the connection was lost", err, len, out);
}
