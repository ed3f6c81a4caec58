/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/call.h"

#include "exec/env.h"
#include "flow/engine/engine.h"
#include "flow/engine/none.h"
#include "flow/engine/task_inside.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUN_DIGITS 8 /* of the plan's hash, in keys */

/*
 * RUN/ITEM/STEP, the same for all tries, since the other end of an action may use it to tell
 * that it has done this already; RUN is the run's number and the beginning of its plan's hash,
 * because two databases both have a run 1. Undo and verify are other acts, with keys of
 * their own, and so is the same step once the item went back to an earlier one: ~1, ~2.
 */
static char *
key_of(const struct task *t, enum purpose purpose)
{
	const struct run *run = &t->work->engine->run;

	struct str key = STR_INIT;

	str_addf(&key, "%" PRId64 "-%.*s/", run->id, RUN_DIGITS, run->plan);
	if (t->work->ref)
		str_addf(&key, "%s/", t->work->ref);
	str_add(&key, task_name(t));
	if (t->pass)
		str_addf(&key, "~%" PRId64, t->pass);
	if (purpose != PURPOSE_ACT)
		str_addf(&key, "/%s", purpose_words[purpose]);
	return str_take(&key);
}

const struct command *
call_command(const struct task *t, enum purpose purpose)
{
	static const struct command by_check = {.timeout = STEP_TIMEOUT, .grace = STEP_GRACE};
	const struct workflow *w = &t->work->engine->workflow;
	const struct step *s = task_step(t);

	if (purpose == PURPOSE_PROOF)
		return w->proof_kind == PROOF_RUN ? &w->proof : &by_check;
	if (!s)
		return t->step == STEP_RUN_BEFORE  ? &w->before
		       : t->step == STEP_RUN_AFTER ? &w->after
						   : &w->finally;
	if (purpose == PURPOSE_VERIFY)
		return &s->verify;
	return purpose == PURPOSE_UNDO ? &s->undo : &s->run;
}

/* craton-audit prove CHECK REF, which knows how findings come about. */
static void
prove_argv(const struct work *w, struct words *argv)
{
	words_add(argv, w->engine->prover);
	words_add(argv, "prove");
	words_add(argv, w->check);
	words_add(argv, w->ref);
}

/* A plug-in is told its item by name and ref, and its parameters. */
static int
action_input(
    const struct task *t, const struct template_values *values, struct str *out, struct fault *f)
{
	const char *with = task_step(t)->with;
	struct jtext name = uses_attribute(values->uses, "name");

	jtext_open(out);
	if (name.text)
		jtext_rawn(out, "item", name.text, name.len);
	jtext_text(out, "ref", t->work->ref);
	jtext_key(out, "with");
	if (with && template_expand_json(JTEXT(with), values, out, f) < 0)
		return -1;
	if (!with)
		str_add(out, "{}");
	jtext_close(out);
	return 0;
}

static int
make_words(struct task *t, enum purpose purpose, const struct template_values *values,
    struct words *argv, struct str *input, struct fault *f)
{
	const struct step *s = task_step(t);
	const struct command *command = call_command(t, purpose);

	if (task_is_none(t, purpose))
		return none_words(s, t->tries + 1, values, argv, f);
	if (purpose == PURPOSE_ACT && s && s->action) {
		words_add(argv, t->work->engine->actions[t->step]);
		words_add(argv, t->work->ref);
		return action_input(t, values, input, f);
	}
	if (command->argv.n)
		return templates_expand(&command->argv, values, argv, f);
	prove_argv(t->work, argv);
	return 0;
}

int
call_make(struct task *t, enum purpose purpose, struct plugin_call *call, struct fault *f)
{
	const struct session *session = t->work->engine->session;
	struct words argv = {0}, rest;
	struct str input = STR_INIT;
	struct template_values values;
	char *key = key_of(t, purpose);
	int rc;

	work_values(t, &values);
	values.key = key;
	rc = make_words(t, purpose, &values, &argv, &input, f);
	if (rc == 0) {
		rest = (struct words){.v = argv.v + 1, .n = argv.n - 1};
		plugin_call_init(call, argv.v[0], &rest, input.text, key, (int)task_attempt(t) + 1);
		env_put(&call->env, "CRATON_DB", db_path(session->db));
		env_put(&call->env, "CRATON_PROJECT", session->project_name);
	}
	words_done(&argv);
	str_done(&input);
	free(key);
	return rc;
}

void
call_text(const struct plugin_call *call, struct str *out)
{
	for (size_t i = 0; i < call->argv.n; i++) {
		const char *word = call->argv.v[i];
		int is_plain = *word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
							   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
							   "0123456789%+,-./:=@_~")];

		str_add(out, i ? " " : "");
		if (is_plain)
			str_add(out, word);
		else
			jtext_put_string(out, word);
	}
}

/* ---- output files ---- */

static char *
output_path(const struct engine *e, int64_t slot, const char *suffix)
{
	return mem_printf("%s/%" PRId64 ".%s", e->folder, slot, suffix);
}

static const char *const suffixes[] = {"out", "err"};

static int
open_file(const struct engine *e, int64_t slot, const char *suffix)
{
	char *path = output_path(e, slot, suffix);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

	free(path);
	return fd;
}

static int
open_memory(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd >= 0)
		fcntl(fd, F_SETFL, O_APPEND);
	return fd;
}

int
call_open_output(const struct engine *e, int64_t slot, int guarded, int files[2])
{
	for (int i = 0; i < 2; i++) {
		if (files[i] < 0)
			files[i] =
			    guarded ? open_file(e, slot, suffixes[i]) : open_memory(suffixes[i]);
		if (files[i] < 0)
			return -1;
	}
	return 0;
}

void
call_close_output(int files[2])
{
	for (int i = 0; i < 2; i++) {
		if (files[i] >= 0)
			close(files[i]);
		files[i] = -1;
	}
}

/* What there is from an offset on, or its end; returns how much that is. */
static int64_t
read_end(int fd, int64_t from, size_t most, struct str *out)
{
	struct stat st;
	off_t at;
	ssize_t n;

	if (fstat(fd, &st) < 0 || st.st_size <= from)
		return 0;
	at = st.st_size - from > (off_t)most ? st.st_size - (off_t)most : from;
	n = pread(fd, str_space(out, most), most, at);
	str_grown(out, n > 0 ? (size_t)n : 0);
	return st.st_size - from;
}

static int
open_output(const struct engine *e, int64_t slot, const char *suffix)
{
	char *path = output_path(e, slot, suffix);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	free(path);
	return fd;
}

int64_t
call_read(const struct task *t, int64_t from, size_t most, struct str *out)
{
	int is_ours = t->files[0] >= 0; /* kept in memory */
	int fd = is_ours ? t->files[0] : open_output(t->work->engine, t->slot, suffixes[0]);
	int64_t n = fd < 0 ? 0 : read_end(fd, from, most, out);

	if (fd >= 0 && !is_ours)
		close(fd);
	return n;
}

int64_t
call_tail(const struct engine *e, int64_t slot, const char *suffix, size_t most, struct str *out)
{
	int fd = open_output(e, slot, suffix);
	int64_t n = fd < 0 ? 0 : read_end(fd, 0, most, out);

	if (fd >= 0)
		close(fd);
	return n;
}

/* Without room for it the output is lost, not the result: it is evidence. */
static void
write_out(const struct engine *e, int64_t slot, const char *suffix, int memory, off_t size)
{
	int fd = open_file(e, slot, suffix);
	off_t at = 0;

	if (fd >= 0) /* sendfile(2) refuses a file that is opened to append */
		fcntl(fd, F_SETFL, 0);
	while (fd >= 0 && at < size && sendfile(fd, memory, &at, (size_t)(size - at)) > 0)
		;
	if (fd >= 0)
		close(fd);
}

static int
keep_memory(const struct engine *e, int64_t slot, int files[2])
{
	int kept = 0;

	for (int i = 0; i < 2; i++) {
		struct stat st;

		if (fstat(files[i], &st) < 0 || st.st_size == 0)
			continue;
		write_out(e, slot, suffixes[i], files[i], st.st_size);
		kept |= 1 << i;
	}
	return kept;
}

static int
keep_files(const struct engine *e, int64_t slot)
{
	int kept = 0;

	for (int i = 0; i < 2; i++) {
		char *path = output_path(e, slot, suffixes[i]);
		struct stat st;

		if (stat(path, &st) == 0 && st.st_size > 0)
			kept |= 1 << i;
		else
			unlink(path);
		free(path);
	}
	return kept;
}

int
call_keep_output(const struct engine *e, int64_t slot, int guarded, int files[2])
{
	int kept = guarded ? keep_files(e, slot) : keep_memory(e, slot, files);

	call_close_output(files);
	return kept;
}
