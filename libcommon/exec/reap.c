/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/reap.h"

#include <sys/wait.h>

static struct reap **
bucket_of(struct reaper *r, pid_t pid)
{
	return &r->buckets[(unsigned)pid % REAP_BUCKETS];
}

void
reap_add(struct reaper *r, struct reap *one, pid_t pid)
{
	struct reap **bucket = bucket_of(r, pid);

	one->pid = pid;
	one->next = *bucket;
	*bucket = one;
}

void
reap_remove(struct reaper *r, struct reap *one)
{
	struct reap **at = bucket_of(r, one->pid);

	while (*at && *at != one)
		at = &(*at)->next;
	if (*at)
		*at = one->next;
}

static struct reap *
take(struct reaper *r, pid_t pid)
{
	struct reap **at = bucket_of(r, pid), *one;

	while (*at && (*at)->pid != pid)
		at = &(*at)->next;
	one = *at;
	if (one)
		*at = one->next;
	return one;
}

struct ended {
	pid_t pid;
	int wstatus;
};

void
reaper_run(struct reaper *r)
{
	VEC(struct ended) ours = {0};
	struct ended e;

	while ((e.pid = waitpid(-1, &e.wstatus, WNOHANG)) > 0) {
		struct reap **at = bucket_of(r, e.pid), *one = *at;

		while (one && one->pid != e.pid)
			one = one->next;
		if (one)
			vec_push(&ours, e);
		else if (r->orphan)
			r->orphan(e.pid, e.wstatus, r->orphan_arg);
	}
	for (size_t i = 0; i < ours.n; i++) {
		struct reap *one = take(r, ours.v[i].pid); /* an earlier call may have removed it */

		if (one)
			one->fn(ours.v[i].wstatus, one->arg);
	}
	vec_done(&ours);
}
