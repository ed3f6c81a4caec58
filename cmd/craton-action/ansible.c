/* SPDX-License-Identifier: Apache-2.0 */
#include "action.h"

#include "base/num.h"
#include "base/report.h"
#include "exec/remote/ansible.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT ((int64_t)16 << 20)
#define GRACE 10000

enum { TEMPORARY = 75, PERMANENT = 100 };

struct heard {
	const char *host;
	int status; /* the exit status that follows from it; -1: nothing was said */
};

/* A play that failed on the host says so in its counts. */
static int
failures(struct jtext result)
{
	char *text = jtext_plain_dup(jtext_member(result, "failed"));
	int64_t n = 0;

	if (text && num_int(text, 0, INT64_MAX, &n, &(struct fault){0}) < 0)
		n = !strcmp(text, "true"); /* a module's is a truth */
	free(text);
	return n > 0;
}

static void
hear(const char *host, enum ansible_status status, struct jtext result, void *ctx)
{
	struct heard *h = ctx;

	if (strcmp(host, h->host) != 0)
		return;
	if (status == ANSIBLE_UNREACHABLE) {
		char *msg = jtext_plain_dup(jtext_member(result, "msg"));

		report_warn("Ansible did not reach it: %s", msg ? msg : "it gives no reason");
		free(msg);
		h->status = TEMPORARY;
		return;
	}
	h->status = status != ANSIBLE_OK || failures(result);
	action_result(result);
}

static int
tell(const struct child *c, struct heard *h)
{
	const struct str *out = &c->outputs[0].text, *err = &c->outputs[1].text;
	int ends = ansible_read(out->len ? out->text : "", out->len, hear, h);
	char text[OUTCOME_TEXT];

	if (err->len && write(STDERR_FILENO, err->text, err->len) < 0)
		return 1;
	if (h->status >= 0)
		return h->status;
	if (!ends && outcome_kind(&c->outcome) >= OUTCOME_SIGNAL)
		action_lost(outcome_text(&c->outcome, text));
	report_warn(ends ? "%s is in no play, or not in Ansible's inventory"
			 : "Ansible could not play it for %s",
	    h->host);
	return PERMANENT;
}

int
action_ansible(const struct action *a, struct fault *f)
{
	char *name = jtext_plain_dup(a->item);
	char *address = jtext_plain_dup(jtext_member(a->with, "host"));
	struct ansible_host host = {name, address};
	struct ansible ansible = {0};
	struct child *c = NULL;
	struct child_spec spec = {.out = CHILD_TO_MEMORY,
	    .err = CHILD_TO_MEMORY,
	    .limits = {.grace = GRACE, .cap = OUTPUT}};
	struct heard heard = {name, -1};
	int status = 0;

	if (!ansible_is_host(name))
		status = fault_set(
		    f, FAULT_BAD, "\"%.80s\": a pattern for Ansible, not a host's name", name);
	if (status == 0)
		status = ansible_init(&ansible, a->with, &host, 1, 1, NULL, f);
	if (status == 0) {
		spec.argv = ansible.argv.v;
		spec.env = ansible.env.v;
		status = action_run(&spec, &c, f);
	}
	if (status == 0)
		status = tell(c, &heard);
	ansible_done(&ansible);
	child_free(c);
	free(name);
	free(address);
	return status;
}
