/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/step.h"

#include "fleet/expr/expr.h"

#include <stddef.h>
#include <string.h>

#define NAME_LONGEST 64
#define MOST_RETRIES 1000
#define RETRY_WAIT ((int64_t)10 * 1000)
#define RETRY_MAX ((int64_t)10 * 60 * 1000)
#define RETRY_FACTOR 2.0

/* craton(7): temporary is EX_TEMPFAIL of sysexits.h, and 111 as in daemontools and qmail, as 100
 * is. */
static const struct {
	unsigned char status, result;
} common_outcomes[] = {
    {0, RESULT_DONE},
    {75, RESULT_TEMPORARY},
    {111, RESULT_TEMPORARY},
    {100, RESULT_PERMANENT},
};

#define FIELD(type, member, wanted, ...)                                                           \
	{                                                                                          \
		.key = #member, .want = YAML_WANT_##wanted, .offset = offsetof(type, member),      \
		__VA_ARGS__                                                                        \
	}

/* Puts the node's place before what a parser of its text says. */
static int
located(const struct yaml_node *n, struct fault *f)
{
	return yaml_fault(n, f, "%s", strdupa(f->text));
}

/* The node if it is there, else NULL; a time of 0 would end what has not begun. */
static int
want_some_time(const struct yaml_node *map, const char *key, int64_t ms, struct fault *f)
{
	const struct yaml_node *n = yaml_get(map, key);

	return n && ms == 0 ? yaml_fault(n, f, "0 is no time; leave the key out") : 0;
}

/* ---- commands ---- */

static int
read_word_of_argv(const struct yaml_node *n, int is_program, struct templates *out, struct fault *f)
{
	struct template *t;

	if (!n->text || n->type == YAML_NULL)
		return yaml_fault(n, f, "a text is wanted%s",
		    n->type == YAML_MAP ? "; values are to be quoted, as in \"{item}\"" : "");
	t = vec_add(out);
	if (template_parse(t, n->text, f) < 0)
		return located(n, f);
	if (is_program && (t->n != 1 || t->v[0].kind != TEMPLATE_LITERAL))
		return yaml_fault(n, f, "the program must be written out, not taken from a value");
	return 0;
}

static int
read_argv(const struct yaml_node *n, struct templates *out, struct fault *f)
{
	if (n->type != YAML_LIST || !n->n)
		return yaml_fault(n, f,
		    "a list of words is wanted, as in [reboot, \"{item}\"]; there is no shell");
	for (size_t i = 0; i < n->n; i++)
		if (read_word_of_argv(n->items[i], i == 0, out, f) < 0)
			return -1;
	return 0;
}

struct command_text {
	const struct yaml_node *run;
	int64_t timeout, grace;
};

static const struct yaml_field command_fields[] = {
    FIELD(struct command_text, run, NODE, .required = 1),
    FIELD(struct command_text, timeout, DURATION),
    FIELD(struct command_text, grace, DURATION),
    {0},
};

int
command_read(const struct yaml_node *node, const struct step_defaults *defaults,
    struct command *out, struct fault *f)
{
	struct command_text text = {node, defaults->timeout, defaults->grace};

	if (node->type == YAML_MAP && (yaml_read(node, command_fields, &text, f) < 0 ||
					  want_some_time(node, "timeout", text.timeout, f) < 0))
		return -1;
	out->timeout = text.timeout;
	out->grace = text.grace;
	return read_argv(text.run, &out->argv, f);
}

/* ---- retry ---- */

static const char *const jitter_words[] = {"none", "full", NULL};

struct retry_text {
	struct retry retry;
	const struct yaml_node *on;
};

static const struct yaml_field retry_fields[] = {
    {.key = "times",
	.want = YAML_WANT_INT,
	.offset = offsetof(struct retry_text, retry.times),
	.required = 1,
	.min = 1,
	.max = MOST_RETRIES},
    {.key = "wait", .want = YAML_WANT_DURATION, .offset = offsetof(struct retry_text, retry.wait)},
    {.key = "factor",
	.want = YAML_WANT_DOUBLE,
	.offset = offsetof(struct retry_text, retry.factor)},
    {.key = "max", .want = YAML_WANT_DURATION, .offset = offsetof(struct retry_text, retry.max)},
    {.key = "jitter",
	.want = YAML_WANT_WORD,
	.offset = offsetof(struct retry_text, retry.full_jitter),
	.words = jitter_words},
    {.key = "for", .want = YAML_WANT_DURATION, .offset = offsetof(struct retry_text, retry.within)},
    {.key = "on", .want = YAML_WANT_NODE, .offset = offsetof(struct retry_text, on)},
    {0},
};

/* In the order of enum result from failed on; the others are never tried again. */
#define RETRIABLE                                                                                  \
	(1u << RESULT_FAILED | 1u << RESULT_TEMPORARY | 1u << RESULT_TIMEOUT |                     \
	    1u << RESULT_STALL | 1u << RESULT_KILLED)

static int
read_on(const struct yaml_node *n, unsigned *out, struct fault *f)
{
	if (n->type != YAML_LIST || !n->n)
		return yaml_fault(n, f, "a list of outcomes is wanted, as in [temporary, timeout]");
	*out = 0;
	for (size_t i = 0; i < n->n; i++) {
		const char *word = n->items[i]->text ? n->items[i]->text : "";
		unsigned o = RESULT_FAILED;

		while (o <= RESULT_UNKNOWN && strcmp(result_word(o), word) != 0)
			o++;
		if (o > RESULT_UNKNOWN || !(RETRIABLE & 1u << o))
			return yaml_fault(n->items[i], f,
			    "\"%.80s\" is none of failed, temporary, timeout, stall, killed", word);
		*out |= 1u << o;
	}
	return 0;
}

/*
 * What ended without a status may have done its work or half of it: such a step is tried again
 * only if that is harmless, if verify can tell, or if retry.on says so.
 */
static unsigned
retried_by_default(const struct step *s)
{
	unsigned on = 1u << RESULT_FAILED | 1u << RESULT_TEMPORARY;

	return s->idempotent || s->verify.argv.n ? RETRIABLE : on;
}

static int
read_retry(const struct yaml_node *n, struct step *s, struct fault *f)
{
	struct retry_text text = {
	    .retry = {
		.wait = RETRY_WAIT, .max = RETRY_MAX, .factor = RETRY_FACTOR, .full_jitter = 1}};

	if (!n)
		return 0;
	if (yaml_get(n, "from"))
		return yaml_fault(
		    yaml_get(n, "from"), f, "going back to an earlier step is not in this version");
	if (yaml_read(n, retry_fields, &text, f) < 0 ||
	    want_some_time(n, "for", text.retry.within, f) < 0)
		return -1;
	if (!(text.retry.factor >= 1 && text.retry.factor <= 100))
		return yaml_fault(yaml_get(n, "factor"), f, "a factor is from 1 to 100");
	text.retry.on = retried_by_default(s);
	if (text.on && read_on(text.on, &text.retry.on, f) < 0)
		return -1;
	s->retry = text.retry;
	return 0;
}

/* ---- outcomes ---- */

struct outcomes_text {
	const struct yaml_node *done, *failed, *temporary, *permanent;
};

static const struct yaml_field outcomes_fields[] = {
    FIELD(struct outcomes_text, done, NODE),
    FIELD(struct outcomes_text, failed, NODE),
    FIELD(struct outcomes_text, temporary, NODE),
    FIELD(struct outcomes_text, permanent, NODE),
    {0},
};

static int
put_outcomes(
    const struct yaml_node *n, enum result r, char seen[256], struct step *s, struct fault *f)
{
	if (!n)
		return 0;
	if (n->type != YAML_LIST)
		return yaml_fault(n, f, "a list of exit statuses is wanted, as in [2, 3]");
	for (size_t i = 0; i < n->n; i++) {
		const struct yaml_node *status = n->items[i];

		if (status->type != YAML_INT || status->integer < 0 || status->integer > 255)
			return yaml_fault(status, f, "an exit status from 0 to 255 is wanted");
		if (status->integer == 0 && r != RESULT_DONE)
			return yaml_fault(status, f, "0 is done, always");
		if (seen[status->integer]++)
			return yaml_fault(status, f, "%s is given twice", status->text);
		s->outcomes[status->integer] = (unsigned char)r;
	}
	return 0;
}

static int
read_outcomes(const struct yaml_node *n, struct step *s, struct fault *f)
{
	struct outcomes_text text = {0};
	char seen[256] = {0};

	memset(s->outcomes, RESULT_FAILED, sizeof(s->outcomes));
	for (size_t i = 0; i < sizeof(common_outcomes) / sizeof(*common_outcomes); i++)
		s->outcomes[common_outcomes[i].status] = common_outcomes[i].result;
	if (!n)
		return 0;
	if (yaml_read(n, outcomes_fields, &text, f) < 0 ||
	    put_outcomes(text.done, RESULT_DONE, seen, s, f) < 0 ||
	    put_outcomes(text.failed, RESULT_FAILED, seen, s, f) < 0 ||
	    put_outcomes(text.temporary, RESULT_TEMPORARY, seen, s, f) < 0 ||
	    put_outcomes(text.permanent, RESULT_PERMANENT, seen, s, f) < 0)
		return -1;
	return 0;
}

/* ---- the step ---- */

struct step_text {
	struct step step;
	const struct yaml_node *run, *with, *verify, *undo, *retry, *outcomes;
};

#define STEP_FIELD(name, member, wanted, ...)                                                      \
	{                                                                                          \
		.key = name, .want = YAML_WANT_##wanted,                                           \
		.offset = offsetof(struct step_text, step.member), __VA_ARGS__                     \
	}

static const struct yaml_field step_fields[] = {
    STEP_FIELD("name", name, WORD), /* in the list form; read before */
    FIELD(struct step_text, run, NODE),
    STEP_FIELD("action", action, WORD),
    FIELD(struct step_text, with, NODE),
    STEP_FIELD("idempotent", idempotent, BOOL),
    STEP_FIELD("timeout", run.timeout, DURATION),
    STEP_FIELD("grace", run.grace, DURATION),
    STEP_FIELD("stall", stall, DURATION),
    FIELD(struct step_text, retry, NODE),
    FIELD(struct step_text, verify, NODE),
    FIELD(struct step_text, undo, NODE),
    STEP_FIELD("else", otherwise, WORD, .words = step_else_words),
    STEP_FIELD("needs", needs, TEXTS),
    STEP_FIELD("when", when, TEXT),
    FIELD(struct step_text, outcomes, NODE),
    {0},
};

static int
check_name(const struct yaml_node *node, const char *name, struct fault *f)
{
	if (*name < 'a' || *name > 'z' ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-")])
		return yaml_fault(node, f,
		    "\"%.80s\" is no name: a small letter, then small letters, digits, - and _",
		    name);
	if (strlen(name) > NAME_LONGEST)
		return yaml_fault(node, f, "a step's name has at most %d letters", NAME_LONGEST);
	if (template_reserved(name) || !strcmp(name, "proof") || !strcmp(name, "finally"))
		return yaml_fault(
		    node, f, "\"%s\" means something else here; choose another name", name);
	return 0;
}

static int
read_with(const struct yaml_node *n, struct step *s, struct fault *f)
{
	struct str json = STR_INIT;

	if (n->type != YAML_MAP)
		return yaml_fault(n, f, "a mapping of parameters is wanted");
	yaml_to_json(n, &json);
	s->with = str_take(&json);
	return template_parse_json(JTEXT(s->with), &s->with_values, f) < 0 ? located(n, f) : 0;
}

/* Nothing is done, so nothing is done twice. */
static int
read_none(const struct yaml_node *with, struct step *s, struct fault *f)
{
	static const struct yaml_field fields[] = {{.key = "status", .want = YAML_WANT_NODE}, {0}};
	const struct yaml_node *ignored;

	s->idempotent = 1;
	return with ? yaml_read(with, fields, &ignored, f) : 0;
}

static int
read_what(
    const struct yaml_node *node, const struct step_text *text, struct step *s, struct fault *f)
{
	if (!text->run == !s->action)
		return yaml_fault(node, f, "a step has either run or action");
	if (text->with && !s->action)
		return yaml_fault(text->with, f, "parameters are for an action, not for run");
	if (step_is_none(s) && read_none(text->with, s, f) < 0)
		return -1;
	if (text->with)
		return read_with(text->with, s, f);
	return text->run ? read_argv(text->run, &s->run.argv, f) : 0;
}

static int
check_when(const struct yaml_node *n, const char *when, struct fault *f)
{
	struct expr *e;
	char *what;

	if (!when)
		return 0;
	what = mem_printf("%s:%u: %s", n->file->name, n->line, n->path);
	e = expr_new(what, when, f);
	free(what);
	expr_free(e);
	return e ? 0 : -1;
}

int
step_read(const struct yaml_node *node, const char *name, const char *before,
    const struct step_defaults *defaults, struct step *out, struct fault *f)
{
	struct step_text text = {
	    .step = {.stall = defaults->stall,
		.run = {.timeout = defaults->timeout, .grace = defaults->grace}}};
	int rc;

	rc = check_name(node, name, f) < 0 ? -1 : yaml_read(node, step_fields, &text, f);
	*out = text.step;
	free(out->name);
	out->name = mem_dup(name);
	if (rc < 0)
		return -1;
	if (before && !yaml_get(node, "needs"))
		words_add(&out->needs, before);
	if (read_what(node, &text, out, f) < 0 || read_outcomes(text.outcomes, out, f) < 0 ||
	    want_some_time(node, "timeout", out->run.timeout, f) < 0 ||
	    (text.verify && command_read(text.verify, defaults, &out->verify, f) < 0) ||
	    (text.undo && command_read(text.undo, defaults, &out->undo, f) < 0) ||
	    check_when(yaml_get(node, "when"), out->when, f) < 0)
		return -1;
	return read_retry(text.retry, out, f);
}
