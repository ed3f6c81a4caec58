/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that an audit wants of a host, in one session. Each probe has its own time limit: when
 * it is over, the session is ended and the rest of its probes get another one, so that one
 * that hangs takes no answer from the others.
 */
#include "base/num.h"
#include "base/when.h"
#include "exec/remote/script.h"
#include "exec/remote/ssh.h"
#include "flow/gather/probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TIMEOUT ((int64_t)30 * 1000)
#define NOISE ((int64_t)256 << 10) /* bytes of start-up files and of ssh itself */
#define SLOW 1000                  /* ms for a login shell: more deserves a word */

struct talk {
	struct script script;
	int64_t since; /* boot clock: it was started, then: it is logged in */
	int64_t shell; /* until the first fence, ms; -1: not yet */
	int logged_in;
};

/* ---- starting ---- */

static char *
host_of(struct jtext with, const struct str *values)
{
	char *host = jtext_plain_dup(jtext_member(with, "host"));

	return host ? host
		    : jtext_plain_dup(
			  uses_attribute((struct jtext){values->text, values->len}, "name"));
}

static int
connect_of(struct jtext with, int64_t timeout, int64_t *out, struct fault *f)
{
	char *text = jtext_plain_dup(jtext_member(with, "connect"));
	int status = 0;

	*out = timeout < SSH_CONNECT ? timeout : SSH_CONNECT;
	if (text && num_duration(text, out, f) < 0)
		status = fault_within(f, "with.connect");
	free(text);
	return status;
}

/* A probe whose words lack a value is answered at once; the others go on. 1: some do. */
static int
add_commands(struct job *j, struct talk *t, struct str *values, struct fault *f)
{
	int some = 0, status = 0;

	for (size_t i = 0; i < j->questions.n && status == 0; i++) {
		const struct gather *what = job_probe(j, i);
		struct words argv = {0};

		str_reset(values);
		status = probe_values(job_session(j), what, j->questions.v[i].item, values, f);
		if (status == 0)
			status = probe_argv(what, values, &argv, f);
		if (status == 0)
			script_add(&t->script, &argv, job_timeout(j, i));
		else
			vec_add(&t->script.turns);
		some |= status == 0;
		if (status < 0 && f->kind == FAULT_BAD) {
			job_miss(j, i, VERDICT_ERROR, f->text);
			status = 0;
		}
		words_done(&argv);
	}
	return status < 0 ? -1 : some;
}

static int
start_session(struct job *j, struct talk *t, const struct str *values, struct fault *f)
{
	const struct gather *what = job_probe(j, 0);
	struct str with = STR_INIT;
	struct words argv = {0};
	int64_t connect, timeout = job_timeout(j, 0);
	int status = probe_with(what, values, &with, f);

	if (status == 0)
		status = connect_of(JTEXT(with.text), timeout, &connect, f);
	if (status == 0) {
		char *host = host_of(JTEXT(with.text), values);
		struct child_spec spec = {.env = job_environment(j),
		    .input = t->script.text.text,
		    .input_len = t->script.text.len,
		    .limits = {.deadline = when_boot() + connect + timeout,
			.cap = NOISE + (int64_t)j->questions.n * READING_MOST}};

		ssh_argv(host, connect, job_connections(j), &argv);
		vec_push(&argv, NULL);
		spec.argv = argv.v;
		t->since = when_boot();
		job_start(j, &spec);
		free(host);
	}
	words_done(&argv);
	str_done(&with);
	return status;
}

static int
start(struct job *j, struct fault *f)
{
	struct talk *t = mem_zero(1, sizeof(*t));
	struct str values = STR_INIT;
	int status;

	j->own = t;
	t->shell = -1;
	if (script_init(&t->script) < 0)
		return fault_errno(f, "random numbers");
	status = add_commands(j, t, &values, f);
	str_add(&t->script.text, "exit 0\n");
	if (status > 0)
		status = start_session(j, t, &values, f);
	str_done(&values);
	return status;
}

/* ---- following ---- */

/* The deadline is that of the command at hand. */
static void
said(struct job *j)
{
	struct talk *t = j->own;
	struct str streams[] = {j->child->outputs[0].text, j->child->outputs[1].text};
	size_t begun = t->script.begun;
	int64_t now = when_boot();

	if (!t->logged_in && t->shell < 0 && ssh_logged_in(&streams[SCRIPT_ERR])) {
		t->logged_in = 1;
		t->since = now;
	}
	script_read(&t->script, streams);
	if (t->script.begun == begun)
		return;
	if (t->shell < 0)
		t->shell = now - t->since;
	child_deadline(j->child, now + job_timeout(j, t->script.begun - 1));
}

/* ---- the answers ---- */

static void
ended_turn(struct job *j, size_t i, const struct str streams[SCRIPT_STREAMS])
{
	struct talk *t = j->own;
	const struct script_turn *turn = &t->script.turns.v[i];
	struct jtext out = script_output(&t->script, i, SCRIPT_OUT, &streams[SCRIPT_OUT]);
	struct jtext err = script_output(&t->script, i, SCRIPT_ERR, &streams[SCRIPT_ERR]);
	struct str talk = {.text = strndupa(err.text, err.len < 1024 ? err.len : 1024)};
	struct outcome o = {.status = turn->status};
	struct reading r;

	talk.len = strlen(talk.text);
	if (turn->status)
		reading_failure(&r, VERDICT_ERROR, &o, &talk);
	else
		reading_value(&r, job_probe(j, i), out);
	job_answer_take(j, i, &r);
}

/* The command at hand when the session ended: why. */
static void
cut_turn(struct job *j, size_t i, const struct str *err)
{
	const struct outcome *o = &j->child->outcome;
	const struct talk *t = j->own;
	struct jtext since = script_output(&t->script, i, SCRIPT_ERR, err);
	struct str why = STR_INIT;
	struct reading r;

	if (outcome_kind(o) == OUTCOME_TIMEOUT) {
		job_miss(j, i, VERDICT_TIMEOUT, "timed out");
	} else if (o->flags & OUTCOME_TRUNCATED) {
		job_miss(j, i, VERDICT_ERROR, "more output than a probe may print");
	} else if (!o->flags && o->status == 255) {
		ssh_why_lost(since.text, since.len, &why);
		job_miss(j, i, VERDICT_UNREACHABLE, why.text);
	} else {
		reading_failure(&r, VERDICT_ERROR, o, err);
		job_answer_take(j, i, &r);
	}
	str_done(&why);
}

/* It never came to a shell that reads what it is given. */
static void
no_shell(struct job *j, const struct str *err)
{
	const struct talk *t = j->own;
	const struct outcome *o = &j->child->outcome;
	struct str why = STR_INIT;
	enum verdict verdict = VERDICT_ERROR;
	char text[OUTCOME_TEXT];

	if (outcome_kind(o) == OUTCOME_TIMEOUT) {
		verdict = VERDICT_TIMEOUT;
		str_add(
		    &why, t->logged_in
			      ? "logged in, but no shell answered in time: see its start-up files"
			      : "timed out before it let us in");
	} else if (!o->flags && o->status == 255) {
		verdict = VERDICT_UNREACHABLE;
		ssh_why(err->len ? err->text : "", err->len, &why);
	} else {
		str_addf(&why, "%s, and no POSIX shell answered", outcome_text(o, text));
	}
	for (size_t i = 0; i < j->questions.n; i++)
		job_miss(j, i, verdict, why.text);
	str_done(&why);
}

static void
remark(struct job *j)
{
	const struct talk *t = j->own;
	int64_t item = j->questions.v[0].item;
	char text[48];

	if (t->shell >= SLOW) {
		snprintf(text, sizeof(text), "%.1f s", (double)t->shell / 1000);
		job_remark(j, item, "a shell start-up file that is slow", text);
	}
	if (t->script.before) {
		snprintf(text, sizeof(text), "%zu bytes", t->script.before);
		job_remark(j, item, "a shell start-up file that prints", text);
	}
}

static void
ended(struct job *j)
{
	struct talk *t = j->own;
	const struct str streams[] = {j->child->outputs[0].text, j->child->outputs[1].text};

	script_read(&t->script, streams);
	if (!t->script.begun) {
		no_shell(j, &streams[SCRIPT_ERR]);
		return;
	}
	remark(j);
	for (size_t i = 0; i < j->questions.n; i++) {
		const struct script_turn *turn = &t->script.turns.v[i];

		if (turn->ended)
			ended_turn(j, i, streams);
		else if (i < t->script.begun)
			cut_turn(j, i, &streams[SCRIPT_ERR]);
		else
			job_again(j, i);
	}
}

static void
done(struct job *j)
{
	struct talk *t = j->own;

	script_done(&t->script);
	free(t);
}

static const char *const parameters[] = {"connect", "host", NULL};

const struct probe_way probe_ssh = {
    "ssh", PROBE_ITEM, 1, parameters, TIMEOUT, NULL, start, said, ended, done};
