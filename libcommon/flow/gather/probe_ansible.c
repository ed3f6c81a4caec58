/* SPDX-License-Identifier: Apache-2.0 */
/* A module or a playbook over many items at once; what Ansible says of each is its answer. */
#include "base/map.h"
#include "base/when.h"
#include "exec/remote/ansible.h"
#include "flow/gather/probe.h"

#include <stdlib.h>
#include <string.h>

#define TIMEOUT ((int64_t)10 * 60 * 1000) /* of the whole of it */
#define NOISE ((int64_t)1 << 20)

struct play {
	struct ansible ansible;
	struct words names, addresses; /* by question; a name "" is none that can be asked */
	struct map places;             /* of names in questions */
	struct job *job;
	int ends;
};

/* ---- starting ---- */

/* The host that Ansible knows the item by. A miss: it has no such name. */
static int
add_host(struct job *j, struct play *p, size_t i, struct str *with, struct fault *f)
{
	const struct gather *what = job_probe(j, i);
	struct str values = STR_INIT;
	char *name = NULL, *address = NULL;
	int added = 1, status;

	str_reset(with);
	status = probe_values(job_session(j), what, j->questions.v[i].item, &values, f);
	if (status == 0)
		status = probe_with(what, &values, with, f);
	if (status == 0) {
		name = jtext_plain_dup(
		    uses_attribute((struct jtext){values.text, values.len}, "name"));
		address = jtext_plain_dup(jtext_member(JTEXT(with->text), "host"));
	}
	if (status < 0 && f->kind == FAULT_BAD) {
		job_miss(j, i, VERDICT_ERROR, f->text);
		status = 0;
	} else if (status == 0 && !ansible_is_host(name)) {
		job_miss(j, i, VERDICT_ERROR, "its name is a pattern for Ansible, not a host's");
		free(name);
		name = NULL;
	} else if (status == 0) {
		map_put(&p->places, name, &added)->i = (int64_t)i;
	}
	if (!added)
		job_miss(j, i, VERDICT_ERROR, "another item of this name is asked in the same run");
	vec_push(&p->names, added && name ? mem_dup(name) : mem_dup(""));
	vec_push(&p->addresses, address);
	free(name);
	str_done(&values);
	return status;
}

static int
start_play(struct job *j, struct play *p, struct jtext with, struct fault *f)
{
	const char *path = job_definition(j)->path;
	char *folder = path ? mem_dupn(path, (size_t)(strrchr(path, '/') - path)) : NULL;
	struct child_spec spec = {.limits = {.deadline = when_boot() + job_timeout(j, 0),
				      .cap = NOISE + (int64_t)j->questions.n * READING_MOST}};
	VEC(struct ansible_host) hosts = {0};
	int status = 0;

	for (size_t i = 0; i < p->names.n; i++)
		if (*p->names.v[i])
			vec_push(&hosts, ((struct ansible_host){p->names.v[i], p->addresses.v[i]}));
	if (hosts.n)
		status =
		    ansible_init(&p->ansible, with, hosts.v, hosts.n, job_fanout(j), folder, f);
	if (hosts.n && status == 0) {
		spec.argv = p->ansible.argv.v;
		spec.env = p->ansible.env.v;
		job_start(j, &spec);
	}
	vec_done(&hosts);
	free(folder);
	return status;
}

static int
start(struct job *j, struct fault *f)
{
	struct play *p = mem_zero(1, sizeof(*p));
	struct str with = STR_INIT;
	int status = 0;

	p->job = j;
	j->own = p;
	for (size_t i = 0; i < j->questions.n && status == 0; i++)
		status = add_host(j, p, i, &with, f);
	if (status == 0)
		status = start_play(j, p, JTEXT(with.text), f);
	str_done(&with);
	return status;
}

/* ---- the answers ---- */

static void
add_reason(const char *what, struct jtext result, struct str *out)
{
	char *msg = jtext_plain_dup(jtext_member(result, "msg"));

	str_addf(out, "%s%s%.300s", what, msg && *msg ? ": " : "", msg ? msg : "");
	free(msg);
}

static void
answer_host(const char *host, enum ansible_status status, struct jtext result, void *ctx)
{
	static const struct {
		enum verdict verdict;
		const char *says;
	} bad[] = {[ANSIBLE_FAILED] = {VERDICT_ERROR, "the module failed"},
	    [ANSIBLE_UNREACHABLE] = {VERDICT_UNREACHABLE, "Ansible did not reach it"},
	    [ANSIBLE_SKIPPED] = {VERDICT_ERROR, "Ansible skipped it"}};
	struct play *p = ctx;
	const union map_value *place = map_get(&p->places, host);
	struct str why = STR_INIT;
	struct reading r;

	if (!place) /* a host of the inventory that is none of ours */
		return;
	if (status == ANSIBLE_OK && result.len > (size_t)READING_MOST) {
		job_miss(
		    p->job, (size_t)place->i, VERDICT_ERROR, "more output than a probe may print");
	} else if (status == ANSIBLE_OK && result.text) {
		r = (struct reading){
		    .verdict = VERDICT_PASS, .value = mem_dupn(result.text, result.len)};
		job_answer_take(p->job, (size_t)place->i, &r);
	} else {
		add_reason(bad[status].says, result, &why);
		job_miss(p->job, (size_t)place->i, bad[status].verdict, why.text);
	}
	str_done(&why);
}

/* Up to the line that says what is wrong: what follows it explains. */
static struct str
up_to_error(const struct str *err)
{
	static const char error[] = "ERROR! ";
	struct str view = *err;
	const char *at = err->len ? memmem(err->text, err->len, error, sizeof(error) - 1) : NULL;

	if (at)
		view.len = (size_t)(strchrnul(at, '\n') - err->text);
	return view;
}

/* A host that is in none of its results is not a success. */
static void
answer_absent(struct job *j, size_t i)
{
	const struct play *p = j->own;
	struct str err = up_to_error(&j->child->outputs[1].text);
	struct reading r;

	if (p->ends)
		reading_miss(&r, VERDICT_ERROR,
		    "Ansible says nothing of it: in no play, or not in its inventory");
	else
		reading_failure(&r, VERDICT_ERROR, &j->child->outcome, &err);
	job_answer_take(j, i, &r);
}

static void
ended(struct job *j)
{
	struct play *p = j->own;
	const struct str *out = &j->child->outputs[0].text;

	p->ends = ansible_read(out->len ? out->text : "", out->len, answer_host, p);
	for (size_t i = 0; i < j->questions.n; i++)
		answer_absent(j, i);
}

static void
done(struct job *j)
{
	struct play *p = j->own;

	ansible_done(&p->ansible);
	words_done(&p->names);
	words_done(&p->addresses);
	map_done(&p->places);
	free(p);
}

const struct probe_way probe_ansible = {"ansible", PROBE_MANY, -1, ansible_parameters, TIMEOUT,
    ansible_check, start, NULL, ended, done};
