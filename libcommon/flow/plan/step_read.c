/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/step.h"

#include "fleet/expr/expr.h"

#include <stddef.h>
#include <string.h>

#define NAME_LONGEST 64

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
	const struct yaml_node *run, *with, *verify, *undo, *retry, *outcomes, *for_each;
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
    STEP_FIELD("irreversible", irreversible, BOOL),
    STEP_FIELD("rerun", rerun, BOOL),
    FIELD(struct step_text, for_each, NODE),
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
	if (template_reserved(name) || !strcmp(name, "proof") || !strcmp(name, "finally") ||
	    !strcmp(name, "before") || !strcmp(name, "after"))
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
	return template_parse_json(JTEXT(s->with), &s->with_values, f) < 0 ? step_located(n, f) : 0;
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
	return text->run ? argv_read(text->run, &s->run.argv, f) : 0;
}

/* ---- for_each ---- */

struct for_each_text {
	char *in;
	int64_t at_once;
};

static const struct yaml_field for_each_fields[] = {
    FIELD(struct for_each_text, in, TEXT, .required = 1),
    FIELD(struct for_each_text, at_once, INT, .min = 1, .max = STEP_ELEMENTS_MOST),
    {0},
};

/* One variable, or one member of what a step printed, and nothing around it. */
static int
is_one_value(const struct template *t)
{
	return t->n == 1 && (t->v[0].kind == TEMPLATE_VARIABLE || t->v[0].kind == TEMPLATE_OUTPUT);
}

static int
read_for_each(const struct yaml_node *n, struct step *s, struct fault *f)
{
	struct for_each_text text = {.at_once = 1};
	int rc = 0;

	if (n->type == YAML_MAP)
		rc = yaml_read(n, for_each_fields, &text, f);
	else
		text.in = mem_dup(n->text ? n->text : "");
	s->at_once = text.at_once;
	if (rc == 0 && template_parse(&s->each, text.in, f) < 0)
		rc = step_located(n, f);
	if (rc == 0 && !is_one_value(&s->each))
		rc = yaml_fault(n, f,
		    "an array is wanted: a variable, as in \"{var.disks}\", or what a step "
		    "printed, as in \"{list.disks}\"");
	free(text.in);
	return rc;
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
	    step_want_time(node, "timeout", out->run.timeout, f) < 0 ||
	    (text.verify && command_read(text.verify, defaults, &out->verify, f) < 0) ||
	    (text.undo && undo_read(text.undo, defaults, out, f) < 0) ||
	    (text.for_each && read_for_each(text.for_each, out, f) < 0) ||
	    check_when(yaml_get(node, "when"), out->when, f) < 0 ||
	    retry_read(text.retry, out->idempotent || out->verify.argv.n, &out->retry, f) < 0)
		return -1;
	if (!out->retry.from || !text.for_each)
		return 0;
	return yaml_fault(yaml_get(text.retry, "from"), f,
	    "a step with for_each is tried again element by element, and goes back nowhere");
}
