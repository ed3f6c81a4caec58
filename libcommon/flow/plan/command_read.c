/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/step.h"

#include <stddef.h>
#include <string.h>

#define MOST_RETRIES 1000
#define RETRY_WAIT ((int64_t)10 * 1000)
#define RETRY_MAX ((int64_t)10 * 60 * 1000)
#define RETRY_FACTOR 2.0

#define FIELD(type, member, wanted, ...)                                                           \
	{                                                                                          \
		.key = #member, .want = YAML_WANT_##wanted, .offset = offsetof(type, member),      \
		__VA_ARGS__                                                                        \
	}

int
step_located(const struct yaml_node *n, struct fault *f)
{
	return yaml_fault(n, f, "%s", strdupa(f->text));
}

int
step_want_time(const struct yaml_node *map, const char *key, int64_t ms, struct fault *f)
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
		return step_located(n, f);
	if (is_program && (t->n != 1 || t->v[0].kind != TEMPLATE_LITERAL))
		return yaml_fault(n, f, "the program must be written out, not taken from a value");
	return 0;
}

int
argv_read(const struct yaml_node *n, struct templates *out, struct fault *f)
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
					  step_want_time(node, "timeout", text.timeout, f) < 0))
		return -1;
	out->timeout = text.timeout;
	out->grace = text.grace;
	return argv_read(text.run, &out->argv, f);
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
    {.key = "from", .want = YAML_WANT_WORD, .offset = offsetof(struct retry_text, retry.from)},
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
 * What ended without a status may have done its work or half of it: it is tried again only if
 * that is harmless, if verify can tell, or if retry.on says so.
 */
static unsigned
retried_by_default(int is_harmless)
{
	return is_harmless ? RETRIABLE : 1u << RESULT_FAILED | 1u << RESULT_TEMPORARY;
}

int
retry_read(const struct yaml_node *n, int is_harmless, struct retry *out, struct fault *f)
{
	struct retry_text text = {
	    .retry = {
		.wait = RETRY_WAIT, .max = RETRY_MAX, .factor = RETRY_FACTOR, .full_jitter = 1}};
	int rc;

	if (!n)
		return 0;
	rc = yaml_read(n, retry_fields, &text, f);
	*out = text.retry;
	if (rc < 0 || step_want_time(n, "for", out->within, f) < 0)
		return -1;
	if (!(out->factor >= 1 && out->factor <= 100))
		return yaml_fault(yaml_get(n, "factor"), f, "a factor is from 1 to 100");
	out->on = retried_by_default(is_harmless);
	return text.on ? read_on(text.on, &out->on, f) : 0;
}

/* ---- undo ---- */

struct undo_text {
	const struct yaml_node *run, *retry;
	int64_t timeout, grace;
};

static const struct yaml_field undo_fields[] = {
    FIELD(struct undo_text, run, NODE, .required = 1),
    FIELD(struct undo_text, timeout, DURATION),
    FIELD(struct undo_text, grace, DURATION),
    FIELD(struct undo_text, retry, NODE),
    {0},
};

int
undo_read(const struct yaml_node *node, const struct step_defaults *defaults, struct step *s,
    struct fault *f)
{
	struct undo_text text = {node, NULL, defaults->timeout, defaults->grace};

	if (node->type == YAML_MAP && (yaml_read(node, undo_fields, &text, f) < 0 ||
					  step_want_time(node, "timeout", text.timeout, f) < 0))
		return -1;
	s->undo.timeout = text.timeout;
	s->undo.grace = text.grace;
	if (retry_read(text.retry, 0, &s->undo_retry, f) < 0)
		return -1;
	if (s->undo_retry.from)
		return yaml_fault(
		    yaml_get(text.retry, "from"), f, "only a step goes back to an earlier one");
	return argv_read(text.run, &s->undo.argv, f);
}
