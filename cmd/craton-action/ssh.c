/* SPDX-License-Identifier: Apache-2.0 */
#include "action.h"

#include "base/num.h"
#include "base/report.h"
#include "exec/env.h"
#include "exec/plugin.h"
#include "exec/proc.h"
#include "exec/remote/script.h"
#include "exec/remote/ssh.h"

#include <stdlib.h>
#include <unistd.h>

#define OUTPUT ((int64_t)1 << 20)
#define GRACE 5000
#define SHOWN ((size_t)64 << 10) /* of an output that is no result of its own */

enum { TEMPORARY = 75 };

/* The other end may use them to tell that it has done this already. */
static void
set_keys(struct script *s)
{
	static const char *const names[] = {PROC_KEY, "CRATON_ATTEMPT"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (getenv(names[i]))
			script_set(s, names[i], getenv(names[i]));
}

static int
make_script(const struct action *a, struct script *s, struct fault *f)
{
	struct words run = {0};
	int status = action_words(a, &run, f);

	if (status == 0 && script_init(s) < 0)
		status = fault_errno(f, "random numbers");
	if (status == 0) {
		set_keys(s);
		script_add(s, &run, 0);
		str_add(&s->text, "exit 0\n");
	}
	words_done(&run);
	return status;
}

static int
run_ssh(const struct action *a, const struct script *s, struct child **c, struct fault *f)
{
	char *host = jtext_plain_dup(jtext_member(a->with, "host"));
	char *limit = jtext_plain_dup(jtext_member(a->with, "connect"));
	char *folder = ssh_folder(&(struct fault){0});
	struct words argv = {0}, env = {0};
	struct child_spec spec = {.input = s->text.text,
	    .input_len = s->text.len,
	    .out = CHILD_TO_MEMORY,
	    .err = CHILD_TO_MEMORY,
	    .limits = {.grace = GRACE, .cap = OUTPUT}};
	int64_t connect = SSH_CONNECT;
	int status = limit ? num_duration(limit, &connect, f) : 0;

	if (!host)
		host = jtext_plain_dup(a->item);
	if (status == 0) {
		ssh_argv(host, connect, folder, &argv);
		vec_push(&argv, NULL);
		env_init(&env);
		env_put(&env, PROC_KEY, NULL); /* else a connection that is kept would be ours */
		spec.argv = argv.v;
		spec.env = env.v;
		status = action_run(&spec, c, f);
	}
	words_done(&argv);
	words_done(&env);
	free(host);
	free(limit);
	free(folder);
	return status;
}

/* Its own last JSON object, or the text that it printed. */
static void
print_result(struct jtext out)
{
	char *object = plugin_result(out.text, out.len);
	struct str json = STR_INIT;
	struct fault ignored;

	if (!object || jtext_canonical(object, strlen(object), &json, &ignored) < 0) {
		char *text = mem_dupn(out.text, out.len < SHOWN ? out.len : SHOWN);

		jtext_open(&json);
		jtext_text(&json, "output", text);
		jtext_close(&json);
		free(text);
	}
	action_result((struct jtext){json.text, json.len});
	str_done(&json);
	free(object);
}

/* Nothing has run: trying again is safe. */
static int
not_begun(const struct child *c, const struct str *err)
{
	char text[OUTCOME_TEXT];
	struct str why = STR_INIT;

	if (!c->outcome.flags && c->outcome.status == 255)
		ssh_why(err->len ? err->text : "", err->len, &why);
	else
		str_addf(&why, "%s, and no POSIX shell answered", outcome_text(&c->outcome, text));
	report_warn("%s", why.text);
	str_done(&why);
	return TEMPORARY;
}

static int
tell(struct script *s, const struct child *c, struct str *out)
{
	const struct str streams[] = {c->outputs[0].text, c->outputs[1].text};
	struct jtext err, printed;
	struct str why = STR_INIT;

	script_read(s, streams);
	if (!s->begun)
		return not_begun(c, &streams[SCRIPT_ERR]);
	err = script_output(s, 0, SCRIPT_ERR, &streams[SCRIPT_ERR]);
	if (!s->turns.v[0].ended) {
		ssh_why_lost(err.text, err.len, &why);
		action_lost(
		    c->outcome.flags & OUTCOME_TRUNCATED ? "it printed more than 1 MiB" : why.text);
	}
	if (write(STDERR_FILENO, err.text, err.len) < 0)
		return 1;
	printed = script_output(s, 0, SCRIPT_OUT, &streams[SCRIPT_OUT]);
	str_add(out, "");
	str_addn(out, printed.text, printed.len);
	return s->turns.v[0].status;
}

int
action_ssh_output(const struct action *a, struct str *out, struct fault *f)
{
	struct script s = {0};
	struct child *c = NULL;
	int status = make_script(a, &s, f);

	if (status == 0)
		status = run_ssh(a, &s, &c, f);
	if (status == 0)
		status = tell(&s, c, out);
	child_free(c);
	script_done(&s);
	return status;
}

int
action_ssh(const struct action *a, struct fault *f)
{
	struct str out = STR_INIT;
	int status = action_ssh_output(a, &out, f);

	if (status >= 0 && out.text) /* else nothing has run */
		print_result((struct jtext){out.text, out.len});
	str_done(&out);
	return status;
}
