/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/gather/probe.h"

#include "base/near.h"
#include "base/when.h"
#include "exec/plugin.h"

#include <inttypes.h>
#include <string.h>

#define TIMEOUT ((int64_t)30 * 1000)

/* ---- local: a command on this machine ---- */

static int
start_local(struct job *j, struct fault *f)
{
	const struct gather *what = job_probe(j, 0);
	struct str values = STR_INIT;
	struct words argv = {0};
	struct child_spec spec = {0};
	int status = probe_values(job_session(j), what, j->questions.v[0].item, &values, f);

	if (status == 0)
		status = probe_argv(what, &values, &argv, f);
	if (status == 0) {
		vec_push(&argv, NULL);
		spec.argv = argv.v;
		spec.limits.deadline = when_boot() + job_timeout(j, 0);
		job_start(j, &spec);
	}
	words_done(&argv);
	str_done(&values);
	return status;
}

static void
ended_local(struct job *j)
{
	struct reading r;

	reading_of(&r, job_probe(j, 0), j->child);
	job_answer_take(j, 0, &r);
}

/* ---- a plug-in ---- */

/* {"item":"db1","ref":"host:dfw/db1","with":{...}} */
static int
plugin_input(const struct gather *what, const struct str *values, struct str *out, struct fault *f)
{
	struct jtext uses = {values->text, values->len};
	struct jtext name = uses_attribute(uses, "name"), ref = uses_attribute(uses, "ref");

	jtext_open(out);
	jtext_rawn(out, "item", name.text, name.len);
	jtext_rawn(out, "ref", ref.text, ref.len);
	jtext_key(out, "with");
	if (probe_with(what, values, out, f) < 0)
		return -1;
	jtext_close(out);
	str_addc(out, '\n');
	return 0;
}

/* Its words behind the ref, and the object on stdin. */
static int
call_plugin(struct job *j, const char *path, const struct str *values, struct fault *f)
{
	const struct gather *what = job_probe(j, 0);
	struct str input = STR_INIT;
	struct words args = {0};
	struct plugin_call call;
	struct child_spec spec = {0};
	int status;

	vec_push(&args,
	    jtext_plain_dup(uses_attribute((struct jtext){values->text, values->len}, "ref")));
	status = probe_argv(what, values, &args, f);
	if (status == 0)
		status = plugin_input(what, values, &input, f);
	if (status == 0) {
		char *key = mem_printf("audit/%" PRId64 "/%s", j->questions.v[0].item, what->into);

		plugin_call_init(&call, path, &args, input.text, key, 1);
		plugin_call_spec(&call, &spec);
		spec.limits.deadline = when_boot() + job_timeout(j, 0);
		job_start(j, &spec);
		plugin_call_done(&call);
		free(key);
	}
	words_done(&args);
	str_done(&input);
	return status;
}

static int
start_plugin(struct job *j, struct fault *f)
{
	const struct gather *what = job_probe(j, 0);
	struct str values = STR_INIT;
	char *path;
	int status = plugin_find("probe", what->probe, &path, f);

	if (status == 0)
		status = probe_values(job_session(j), what, j->questions.v[0].item, &values, f);
	if (status == 0)
		status = call_plugin(j, path, &values, f);
	str_done(&values);
	free(path);
	return status;
}

/* "status":"stale", with its reason; what it may say is what only the other end can know. */
static void
read_status(struct reading *r, struct jtext result)
{
	static const enum verdict may[] = {
	    VERDICT_ERROR, VERDICT_UNREACHABLE, VERDICT_TIMEOUT, VERDICT_STALE};
	struct jtext status = jtext_member(result, "status");
	char *reason = jtext_plain_dup(jtext_member(result, "reason"));

	reading_miss(r, VERDICT_ERROR, "its result has neither a value nor a status");
	for (size_t i = 0; i < sizeof(may) / sizeof(*may); i++)
		if (status.text && jtext_is(status, verdict_words[may[i]])) {
			free(r->why);
			reading_miss(r, may[i], reason ? reason : "the plug-in gives no reason");
		}
	free(reason);
}

static void
read_reply(struct reading *r, const struct child *child)
{
	const struct str *out = &child->outputs[0].text;
	struct plugin_reply reply;
	struct fault f;

	if (plugin_reply_read(&reply, out->len ? out->text : "", out->len, &f) < 0) {
		reading_miss(r, VERDICT_ERROR, f.text);
	} else {
		struct jtext value = jtext_member(JTEXT(reply.result), "value");

		if (value.text)
			*r = (struct reading){
			    .verdict = VERDICT_PASS, .value = mem_dupn(value.text, value.len)};
		else
			read_status(r, JTEXT(reply.result));
	}
	plugin_reply_done(&reply);
}

static void
ended_plugin(struct job *j)
{
	const struct outcome *o = &j->child->outcome;
	struct reading r;

	if (outcome_kind(o) != OUTCOME_DONE)
		reading_failure(&r,
		    !o->flags && o->status == 255 ? VERDICT_UNREACHABLE : VERDICT_ERROR, o,
		    &j->child->outputs[1].text);
	else if (o->flags & OUTCOME_TRUNCATED)
		reading_miss(&r, VERDICT_ERROR, "more output than a probe may print");
	else
		read_reply(&r, j->child);
	job_answer_take(j, 0, &r);
}

/* ---- the table ---- */

static const char *const no_parameters[] = {NULL};

static const struct probe_way local = {
    "local", PROBE_QUESTION, 1, no_parameters, TIMEOUT, NULL, start_local, NULL, ended_local, NULL};
static const struct probe_way plugin = {
    NULL, PROBE_QUESTION, 0, NULL, TIMEOUT, NULL, start_plugin, NULL, ended_plugin, NULL};

static const struct probe_way *const ways[] = {&local, &probe_ssh, &probe_ansible, &plugin};

const struct probe_way *
probe_way(const char *word)
{
	size_t i = 0;

	while (ways[i]->word && strcmp(ways[i]->word, word) != 0)
		i++;
	return ways[i];
}

/* ---- what is written ---- */

static int
only_of_items(const struct template_part *p, void *ctx)
{
	(void)ctx;
	return p->kind == TEMPLATE_KEY || p->kind == TEMPLATE_RESULT || p->kind == TEMPLATE_OUTPUT;
}

/* The templates of one key; what they name is wanted of each item. */
static int
want_values(struct gather *what, const struct templates *t, const char *key, struct fault *f)
{
	if (templates_each(t, only_of_items, NULL))
		return yaml_fault(
		    yaml_get(what->node, key), f, "{key}, {result} and steps are a workflow's");
	templates_each(t, uses_want, &what->uses);
	return 0;
}

static int
prepare_run(struct gather *what, const struct probe_way *way, struct fault *f)
{
	const struct yaml_node *run = yaml_get(what->node, "run");

	if (way->wants_run > 0 && !run)
		return yaml_fault(what->node, f, "run is wanted, as in [uname, -r]");
	if (way->wants_run < 0 && run)
		return yaml_fault(run, f, "%s takes none", way->word);
	if (run && definition_want_list(run, "words, as in [uname, -r],", f) < 0)
		return -1;
	for (size_t i = 0; i < what->run.n; i++)
		if (template_parse(vec_add(&what->argv), what->run.v[i], f) < 0)
			return yaml_fault(run, f, "%s", strdupa(f->text));
	return want_values(what, &what->argv, "run", f);
}

static int
is_parameter(const struct probe_way *way, const struct yaml_node *n, struct fault *f)
{
	struct near near = NEAR_INIT(n->key);
	char hint[NEAR_HINT];

	for (const char *const *word = way->with; word && *word; word++) {
		if (!strcmp(*word, n->key))
			return 0;
		near_offer(&near, *word);
	}
	if (!way->with)
		return 0;
	return yaml_fault(n, f, "%s has no such parameter%s", way->word, near_hint(&near, hint));
}

static int
is_value(const struct template_part *p, void *ctx)
{
	(void)ctx;
	return p->kind != TEMPLATE_LITERAL;
}

/* Where many items share a call, they differ in nothing but where they are. */
static int
check_shared(const struct yaml_node *n, struct fault *f)
{
	struct templates templates = {0};
	struct str json = STR_INIT;
	int status = 0;

	if (!strcmp(n->key, "host"))
		return 0;
	yaml_to_json(n, &json);
	if (template_parse_json(JTEXT(json.text), &templates, f) == 0 &&
	    templates_each(&templates, is_value, NULL))
		status = yaml_fault(n, f, "only host may hold values of an item");
	templates_done(&templates);
	str_done(&json);
	return status;
}

static int
prepare_with(struct gather *what, const struct probe_way *way, struct fault *f)
{
	const struct yaml_node *with = what->with_node;
	struct templates templates = {0};
	struct str json = STR_INIT;
	int status = 0;

	if (!with && way->check && way->check(JTEXT("{}"), f) < 0)
		return yaml_fault(what->node, f, "with: %s", strdupa(f->text));
	if (!with)
		return 0;
	if (with->type != YAML_MAP)
		return yaml_fault(with, f, "a mapping of parameters is wanted");
	for (size_t i = 0; i < with->n && status == 0; i++)
		if ((status = is_parameter(way, with->items[i], f)) == 0 && way->span == PROBE_MANY)
			status = check_shared(with->items[i], f);
	if (status < 0)
		return -1;
	yaml_to_json(with, &json);
	what->with = str_take(&json);
	if (way->check && way->check(JTEXT(what->with), f) < 0)
		return yaml_fault(with, f, "%s", strdupa(f->text));
	if (template_parse_json(JTEXT(what->with), &templates, f) < 0)
		status = yaml_fault(with, f, "%s", strdupa(f->text));
	else
		status = want_values(what, &templates, "with", f);
	templates_done(&templates);
	return status;
}

int
probe_prepare(struct gather *what, struct fault *f)
{
	const struct probe_way *way = probe_way(what->probe);
	char *path = NULL;

	if (!way->word && plugin_find("probe", what->probe, &path, f) < 0)
		return yaml_fault(yaml_get(what->node, "probe"), f, "%s", strdupa(f->text));
	free(path);
	if (!what->timeout)
		what->timeout = way->timeout;
	words_add(&what->uses.attributes, "name");
	words_add(&what->uses.attributes, "ref");
	if (prepare_run(what, way, f) < 0)
		return -1;
	return prepare_with(what, way, f);
}

/* ---- what it comes to for an item ---- */

int
probe_values(
    struct session *s, const struct gather *what, int64_t item, struct str *out, struct fault *f)
{
	struct item i;
	int found = item_get(s, item, &i, f);

	if (found <= 0)
		return found < 0 ? -1 : fault_set(f, FAULT_BAD, "the item is gone");
	found = uses_of(s, &what->uses, &i, out, f);
	item_done(&i);
	return found;
}

int
probe_argv(const struct gather *what, const struct str *values, struct words *out, struct fault *f)
{
	struct template_values v = {.uses = {values->text, values->len}};

	return templates_expand(&what->argv, &v, out, f);
}

int
probe_with(const struct gather *what, const struct str *values, struct str *out, struct fault *f)
{
	struct template_values v = {.uses = {values->text, values->len}};

	if (what->with)
		return template_expand_json(JTEXT(what->with), &v, out, f);
	str_add(out, "{}");
	return 0;
}
