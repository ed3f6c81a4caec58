/* SPDX-License-Identifier: Apache-2.0 */
#include "notify.h"

#include "base/report.h"
#include "base/when.h"
#include "exec/plugin.h"
#include "exec/spawn.h"
#include "flow/policy/policy.h"
#include "io/jtext.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIMIT "60" /* seconds: whoever is not told by then will not be */

void
notify_open(struct notify *n, struct session *s)
{
	struct policy policy;
	struct fault f;
	char *path;

	*n = (struct notify){0};
	if (policy_open(&policy, db_path(s->db), NULL, NULL, &f) < 0)
		report_warn("nobody is notified: %s", f.text);
	for (size_t i = 0; i < policy.notify.n; i++) {
		if (plugin_find("notify", policy.notify.v[i], &path, &f) < 0)
			report_warn("notify: %s", f.text);
		else
			vec_push(&n->paths, path);
	}
	policy_done(&policy);
}

void
notify_close(struct notify *n)
{
	words_done(&n->paths);
}

static int
is_wanted(const char *word)
{
	static const char *const words[] = {"run.start", "run.end", "run.hold", "run.trip",
	    "run.glass", "item.kick", "item.undone", "halt.set", NULL};
	size_t i = 0;

	while (words[i] && strcmp(words[i], word) != 0)
		i++;
	return words[i] != NULL;
}

/*
 * On its own: timeout(1) is what ends one that hangs, also when this process is long gone. Its
 * zombie is reaped with all others, or by whoever is first when this process ends.
 */
static void
start(const char *timeout, const char *path, const char *word, const char *record)
{
	const char *const line[] = {"timeout", "-k", "5", LIMIT, path, word};
	int in = spawn_input(record, strlen(record)),
	    none = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct words argv = {0};
	struct spawn s = {.path = timeout,
	    .env = environ,
	    .way = SPAWN_GROUP,
	    .fds = {{in, 0}, {none, 1}, {none, 2}},
	    .nfds = 3};
	pid_t pid;
	int error;

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++)
		words_add(&argv, line[i]);
	vec_push(&argv, NULL);
	s.argv = argv.v;
	error = in < 0 || none < 0 ? errno : spawn(&s, &pid);
	if (error)
		report_warn("notify: %s: %s", path, strerror(error));
	if (in >= 0)
		close(in);
	if (none >= 0)
		close(none);
	words_done(&argv);
}

static void
start_all(const struct notify *n, const struct event *e)
{
	struct str record = STR_INIT;
	char *timeout;

	event_json(e, &record);
	str_addc(&record, '\n');
	timeout = spawn_find("timeout", environ);
	if (!timeout)
		report_warn("notify: timeout(1) is not there");
	for (size_t i = 0; timeout && i < n->paths.n; i++)
		start(timeout, n->paths.v[i], e->word, record.text);
	free(timeout);
	str_done(&record);
}

void
notify_event(const struct notify *n, const struct event *e)
{
	/* What has no seq did not happen: it is of a dry run. */
	if (n->paths.n && e->seq && is_wanted(e->word))
		start_all(n, e);
}

void
notify_word(struct session *s, const char *word)
{
	struct str body = STR_INIT;
	struct notify n;

	notify_open(&n, s);
	jtext_open(&body);
	jtext_text(&body, "actor", s->actor);
	jtext_text(&body, "reason", s->reason);
	jtext_close(&body);
	if (n.paths.n)
		start_all(&n, &(struct event){.at = when_now(), .word = word, .body = body.text});
	str_done(&body);
	notify_close(&n);
}
