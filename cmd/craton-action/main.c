/* SPDX-License-Identifier: Apache-2.0 */
#include "action.h"

#include "base/report.h"
#include "exec/plugin.h"
#include "io/file.h"

#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERMANENT = 100 };

static const struct {
	const char *name, *about;
	int (*run)(const struct action *a, struct fault *f);
} actions[] = {
    {"local",
	"{\"name\":\"local\",\"purpose\":\"run a command on this machine\",\"idempotent\":false,"
	"\"parameters\":{\"run\":\"the command, a list of words\"}}",
	action_local},
    {"ssh",
	"{\"name\":\"ssh\",\"purpose\":\"run a command on the item\",\"idempotent\":false,"
	"\"parameters\":{\"connect\":\"time limit of the connection, 10s\","
	"\"host\":\"what to connect to, the item's name\","
	"\"run\":\"the command, a list of words\"}}",
	action_ssh},
    {"ansible",
	"{\"name\":\"ansible\",\"purpose\":\"play a playbook or a module on the item\","
	"\"idempotent\":false,\"parameters\":{\"args\":\"the module's arguments\","
	"\"become\":\"true: as root\",\"check\":\"true: change nothing\","
	"\"host\":\"the item's address\",\"inventory\":\"an inventory of Ansible's\","
	"\"module\":\"a module\",\"playbook\":\"a playbook\",\"vars\":\"extra variables\"}}",
	action_ansible},
    {"identity",
	"{\"name\":\"identity\",\"purpose\":\"compare what a machine says it is with the "
	"inventory\","
	"\"idempotent\":true,\"parameters\":{\"connect\":\"time limit of the connection, 10s\","
	"\"host\":\"what to connect to, the item's name\",\"is\":\"what it has to say\","
	"\"run\":\"the command that asks it, a list of words\","
	"\"via\":\"item: run there, over ssh; here: on this machine\"}}",
	action_identity},
};

static int
read_input(struct action *a, struct str *json, struct fault *f)
{
	struct jtext o;

	if (plugin_request(json, f) < 0)
		return -1;
	o = (struct jtext){json->text, json->len};
	*a = (struct action){
	    jtext_member(o, "item"), jtext_member(o, "ref"), jtext_member(o, "with")};
	if (!a->item.text || !a->ref.text || !a->with.text)
		return fault_set(
		    f, FAULT_BAD, "stdin: an object with item, ref and with is wanted");
	return 0;
}

int
action_words(const struct action *a, struct words *out, struct fault *f)
{
	struct jtext run = jtext_member(a->with, "run"), key, word;
	size_t at = 0;

	if (run.text && jtext_type(run) == JTEXT_ARRAY)
		while (jtext_each(run, &at, &key, &word))
			vec_push(out, jtext_plain_dup(word));
	if (!out->n)
		return fault_set(f, FAULT_BAD, "with.run: a list of words is wanted");
	return 0;
}

void
action_lost(const char *why)
{
	report_warn("%s; how it got on is not known", why);
	fflush(NULL);
	signal(SIGHUP, SIG_DFL);
	raise(SIGHUP);
	_Exit(1); /* where it is blocked */
}

void
action_result(struct jtext members)
{
	struct str line = STR_INIT;
	struct jtext kind = JTEXT("\"result\"");

	jtext_with(members, "kind", kind, &line);
	printf("%s\n", line.text);
	str_done(&line);
}

/* ---- running ---- */

struct running {
	struct loop loop;
	struct child *child;
	struct loop_watch term;
};

static void
on_end(struct child *child)
{
	struct running *r = child->arg;

	loop_stop(&r->loop);
}

static void
on_term(void *arg)
{
	struct running *r = arg;

	child_stop(r->child);
}

int
action_run(struct child_spec *spec, struct child **c, struct fault *f)
{
	struct running r = {.term = {.fn = on_term, .arg = &r}};
	int status;

	*c = NULL;
	if (loop_open(&r.loop, f) < 0)
		return -1;
	status = loop_signal(&r.loop, &r.term, SIGTERM, f);
	if (status == 0) {
		r.child = child_start(&r.loop, spec, on_end, &r);
		status = loop_run(&r.loop, f);
		if (status < 0)
			child_free(r.child);
		else
			r.child->loop = NULL; /* it outlives it */
	}
	loop_unwatch(&r.term);
	loop_close(&r.loop);
	*c = status < 0 ? NULL : r.child;
	return status;
}

int
main(int argc, char **argv)
{
	const char *name = argc > 0 ? basename(argv[0]) : "";
	struct str json = STR_INIT;
	struct action a;
	struct fault f;
	size_t i = 0;
	int status;

	while (i < sizeof(actions) / sizeof(*actions) && strcmp(actions[i].name, name) != 0)
		i++;
	report_tool(name);
	if (i == sizeof(actions) / sizeof(*actions)) {
		report_warn("called by a name that is no action's");
		return PERMANENT;
	}
	if (argc == 2 && !strcmp(argv[1], "--describe")) {
		puts(actions[i].about);
		return file_end_output(&f) < 0 ? report_fault(&f) : 0;
	}
	status = read_input(&a, &json, &f);
	if (status == 0)
		status = actions[i].run(&a, &f);
	if (status >= 0 && file_end_output(&f) < 0)
		status = -1;
	str_done(&json);
	if (status < 0)
		report_fault(&f);
	return status < 0 ? PERMANENT : status;
}
