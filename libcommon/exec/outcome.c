/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/outcome.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

const char *const outcome_words[OUTCOME_KINDS + 1] = {
    [OUTCOME_DONE] = "done",
    [OUTCOME_TEMPORARY] = "temporary",
    [OUTCOME_PERMANENT] = "permanent",
    [OUTCOME_FAILED] = "failed",
    [OUTCOME_SIGNAL] = "signal",
    [OUTCOME_TIMEOUT] = "timeout",
    [OUTCOME_STOP] = "stopped",
};

static enum outcome_kind
kind_of_errno(int error)
{
	switch (error) {
	case EAGAIN:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
	case ETXTBSY: return OUTCOME_TEMPORARY;
	default: return OUTCOME_FAILED;
	}
}

static enum outcome_kind
kind_of_status(int status)
{
	switch (status) {
	case 0: return OUTCOME_DONE;
	case 75:
	case 111: return OUTCOME_TEMPORARY;
	case 100: return OUTCOME_PERMANENT;
	default: return OUTCOME_FAILED;
	}
}

/* What we did to it comes before how it took that. */
enum outcome_kind
outcome_kind(const struct outcome *o)
{
	if (o->flags & OUTCOME_NEVER_RAN)
		return kind_of_errno(o->status);
	if (o->flags & OUTCOME_STOPPED)
		return OUTCOME_STOP;
	if (o->flags & OUTCOME_TIMED_OUT)
		return OUTCOME_TIMEOUT;
	if (o->flags & OUTCOME_SIGNALLED)
		return OUTCOME_SIGNAL;
	return kind_of_status(o->status);
}

const char *
outcome_text(const struct outcome *o, char buf[OUTCOME_TEXT])
{
	int n = o->status;

	if (o->flags & OUTCOME_NEVER_RAN)
		snprintf(buf, OUTCOME_TEXT, "could not start: %s", strerror(n));
	else if (o->flags & OUTCOME_STOPPED)
		snprintf(buf, OUTCOME_TEXT, "stopped");
	else if (o->flags & OUTCOME_STALLED)
		snprintf(buf, OUTCOME_TEXT, "timed out: no output for too long");
	else if (o->flags & OUTCOME_TIMED_OUT)
		snprintf(buf, OUTCOME_TEXT, "timed out");
	else if (o->flags & OUTCOME_SIGNALLED)
		snprintf(
		    buf, OUTCOME_TEXT, "killed by signal %d (%s)", n - 128, strsignal(n - 128));
	else
		snprintf(buf, OUTCOME_TEXT, "exit status %d", n);
	return buf;
}

struct outcome
outcome_from_wait(int wstatus, unsigned flags)
{
	if (WIFSIGNALED(wstatus))
		return (struct outcome){128 + WTERMSIG(wstatus), flags | OUTCOME_SIGNALLED};
	return (struct outcome){WEXITSTATUS(wstatus), flags};
}
