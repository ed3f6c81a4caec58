/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/workflow.h"

#include "flow/policy/windows_read.h"

#include <stddef.h>
#include <string.h>

/* What the design has and this version does not do. */
static const char *const later[] = {"life", "policy", NULL};
static const char *const later_in_step[] = {"shell", "window", NULL};

struct workflow_text {
	char *name, *title;
	const struct yaml_node *batch, *defaults, *deadline, *steps, *proof, *finally;
	const struct yaml_node *before, *after, *window;
};

#define FIELD(key_text, type, member, wanted, ...)                                                 \
	{                                                                                          \
		.key = key_text, .want = YAML_WANT_##wanted, .offset = offsetof(type, member),     \
		__VA_ARGS__                                                                        \
	}

static const struct yaml_field workflow_fields[] = {
    FIELD("workflow", struct workflow_text, name, WORD, .required = 1),
    FIELD("title", struct workflow_text, title, TEXT),
    FIELD("batch", struct workflow_text, batch, NODE),
    FIELD("defaults", struct workflow_text, defaults, NODE),
    FIELD("deadline", struct workflow_text, deadline, NODE),
    FIELD("before", struct workflow_text, before, NODE),
    FIELD("steps", struct workflow_text, steps, NODE, .required = 1),
    FIELD("proof", struct workflow_text, proof, NODE),
    FIELD("finally", struct workflow_text, finally, NODE),
    FIELD("after", struct workflow_text, after, NODE),
    FIELD("window", struct workflow_text, window, NODE),
    {0},
};

static const struct yaml_field deadline_fields[] = {
    FIELD("item", struct workflow, item_limit, DURATION),
    FIELD("run", struct workflow, run_limit, DURATION),
    {0},
};

static const struct yaml_field defaults_fields[] = {
    FIELD("timeout", struct step_defaults, timeout, DURATION),
    FIELD("grace", struct step_defaults, grace, DURATION),
    FIELD("stall", struct step_defaults, stall, DURATION),
    {0},
};

int
workflow_refuse_later(const struct yaml_node *map, const char *const *keys, struct fault *f)
{
	for (; map->type == YAML_MAP && *keys; keys++)
		if (yaml_get(map, *keys))
			return yaml_fault(yaml_get(map, *keys), f,
			    "not in this version, so it would limit nothing; take it out");
	return 0;
}

/* ---- steps ---- */

/* The name of a step: its key in a mapping, its member name in a list. */
static const char *
step_name(const struct yaml_node *steps, const struct yaml_node *n, struct fault *f)
{
	const struct yaml_node *name = n->type == YAML_MAP ? yaml_get(n, "name") : NULL;

	if (steps->type == YAML_MAP && !name)
		return n->key;
	if (steps->type == YAML_MAP)
		yaml_fault(name, f, "the step is called %s already", n->key);
	else if (!name || !name->text)
		yaml_fault(n, f, "name is missing");
	return steps->type == YAML_LIST && name ? name->text : NULL;
}

static int
read_steps(const struct yaml_node *steps, const struct step_defaults *defaults, struct workflow *w,
    struct fault *f)
{
	const char *before = NULL;

	if ((steps->type != YAML_MAP && steps->type != YAML_LIST) || !steps->n)
		return yaml_fault(steps, f, "at least one step is wanted");
	if (steps->n > WORKFLOW_STEPS_MOST)
		return yaml_fault(steps, f, "more than %d steps", WORKFLOW_STEPS_MOST);
	for (size_t i = 0; i < steps->n; i++) {
		const struct yaml_node *n = steps->items[i];
		const char *name = step_name(steps, n, f);

		if (!name || workflow_refuse_later(n, later_in_step, f) < 0)
			return -1;
		if (workflow_step(w, name) >= 0)
			return yaml_fault(n, f, "another step is called %s", name);
		if (step_read(n, name, before, defaults, vec_add(&w->steps), f) < 0)
			return -1;
		before = name;
	}
	return 0;
}

static int
read_graph(const struct yaml_node *steps, struct workflow *w, struct fault *f)
{
	const char **names = mem_zero(w->steps.n, sizeof(*names));
	int rc = 0;

	graph_init(&w->graph, w->steps.n);
	for (size_t i = 0; i < w->steps.n && rc == 0; i++) {
		const struct step *s = &w->steps.v[i];

		w->goes_back |= s->retry.from != NULL;
		names[i] = s->name;
		for (size_t j = 0; j < s->needs.n && rc == 0; j++) {
			int need = workflow_step(w, s->needs.v[j]);

			if (need < 0)
				rc = workflow_no_step(
				    w, yaml_get(steps->items[i], "needs"), "", s->needs.v[j], f);
			else
				graph_need(&w->graph, i, (size_t)need);
		}
	}
	if (rc == 0 && graph_sort(&w->graph, names, f) < 0)
		rc = yaml_fault(steps, f, "%s", strdupa(f->text));
	free(names);
	return rc;
}

/* ---- the rest ---- */

static int
read_proof(const struct yaml_node *n, const struct step_defaults *defaults, struct workflow *w,
    struct fault *f)
{
	if (!n || (n->text && !strcmp(n->text, "check")))
		return 0;
	w->proof_kind = PROOF_NONE;
	if (n->text && !strcmp(n->text, "none"))
		return 0;
	if (n->text)
		return yaml_fault(n, f,
		    "\"%.80s\" is no proof; check, none or a command like [is-fine, \"{item}\"] is",
		    n->text);
	w->proof_kind = PROOF_RUN;
	return command_read(n, defaults, &w->proof, f);
}

static int
read_defaults(const struct yaml_node *n, struct step_defaults *out, struct fault *f)
{
	*out = (struct step_defaults){.timeout = STEP_TIMEOUT, .grace = STEP_GRACE};
	if (!n)
		return 0;
	if (yaml_read(n, defaults_fields, out, f) < 0)
		return -1;
	return out->timeout
		   ? 0
		   : yaml_fault(yaml_get(n, "timeout"), f, "0 would end every step at once");
}

static int
read_deadline(const struct yaml_node *n, struct workflow *w, struct fault *f)
{
	if (n && (yaml_read(n, deadline_fields, w, f) < 0 ||
		     step_want_time(n, "item", w->item_limit, f) < 0 ||
		     step_want_time(n, "run", w->run_limit, f) < 0))
		return -1;
	return 0;
}

static int
read_beside(const struct workflow_text *text, const struct step_defaults *defaults,
    struct workflow *w, struct fault *f)
{
	const struct {
		const struct yaml_node *node;
		struct command *command;
	} all[] = {
	    {text->before, &w->before}, {text->finally, &w->finally}, {text->after, &w->after}};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].node && command_read(all[i].node, defaults, all[i].command, f) < 0)
			return -1;
	return read_proof(text->proof, defaults, w, f);
}

static int
read_parts(
    const struct yaml_node *root, struct workflow_text *text, struct workflow *w, struct fault *f)
{
	struct step_defaults defaults;

	if (workflow_refuse_later(root, later, f) < 0 ||
	    yaml_read(root, workflow_fields, text, f) < 0 ||
	    read_defaults(text->defaults, &defaults, f) < 0 ||
	    read_deadline(text->deadline, w, f) < 0 || batch_read(text->batch, &w->batch, f) < 0 ||
	    read_steps(text->steps, &defaults, w, f) < 0 || read_graph(text->steps, w, f) < 0)
		return -1;
	if (text->window && windows_read(text->window, &w->windows, f) < 0)
		return -1;
	return read_beside(text, &defaults, w, f);
}

/* A mapping of steps would lose their order to the sorting of keys: a list keeps it. */
static void
add_steps(const struct yaml_node *steps, struct str *out)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct yaml_node *n = steps->items[i];

		str_add(out, i ? "," : "[");
		jtext_open(out);
		if (n->key)
			jtext_text(out, "name", n->key);
		for (size_t j = 0; j < n->n; j++) {
			jtext_key(out, n->items[j]->key);
			yaml_to_json(n->items[j], out);
		}
		jtext_close(out);
	}
	str_addc(out, ']');
}

/*
 * What YAML lets in by an escape, it may not read as it is: a plan holds the canonical JSON,
 * and has to be read again.
 */
static int
check_readable(const char *file, const struct str *json, struct fault *f)
{
	struct yaml_file y;
	int rc = yaml_parse(&y, file, json->text, json->len, f);

	if (rc < 0)
		rc = fault_set(
		    f, FAULT_BAD, "%s: holds what a plan cannot: %s", file, strdupa(f->text));
	yaml_close(&y);
	return rc;
}

static int
keep_canonical(const struct yaml_node *root, struct workflow *w, struct fault *f)
{
	struct str text = STR_INIT, canonical = STR_INIT;
	struct hash hash;
	int rc;

	jtext_open(&text);
	for (size_t i = 0; i < root->n; i++) {
		jtext_key(&text, root->items[i]->key);
		if (!strcmp(root->items[i]->key, "steps"))
			add_steps(root->items[i], &text);
		else
			yaml_to_json(root->items[i], &text);
	}
	jtext_close(&text);
	rc = jtext_canonical(text.text, text.len, &canonical, f);
	if (rc == 0)
		rc = check_readable(root->file->name, &canonical, f);
	if (rc == 0) {
		hash_init(&hash);
		hash_add(&hash, canonical.text, canonical.len);
		hash_end(&hash, w->hash);
		w->json = str_take(&canonical);
	}
	str_done(&text);
	str_done(&canonical);
	return rc;
}

static void
set_defaults(struct workflow *w)
{
	*w = (struct workflow){
	    .batch = {.canary = BATCH_CANARY,
		.in_flight = BATCH_IN_FLIGHT,
		.max_fail = {.is_percent = 1, .value = (int64_t)BATCH_MAX_FAIL_PERCENT * 1000}}};
}

int
workflow_read(struct workflow *w, const char *file, const char *text, size_t len,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f)
{
	struct workflow_text parts = {0};
	struct yaml_file y;
	int rc;

	set_defaults(w);
	rc = yaml_parse(&y, file, text, len, f);
	if (rc == 0 && !y.root)
		rc = fault_set(f, FAULT_BAD, "%s: empty; a workflow is wanted", file);
	if (rc == 0)
		rc = read_parts(y.root, &parts, w, f);
	if (rc == 0)
		rc = workflow_check_values(w, y.root, f);
	if (rc == 0)
		rc = workflow_check_returns(w, y.root, f);
	if (rc == 0)
		rc = keep_canonical(y.root, w, f);
	for (size_t i = 0; rc == 0 && warn && i < y.warnings.n; i++)
		warn(y.warnings.v[i], ctx);
	w->name = parts.name;
	w->title = parts.title;
	yaml_close(&y);
	return rc;
}
