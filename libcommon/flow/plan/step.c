/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/step.h"

#include <string.h>

static const char *const result_words[] = {
    [RESULT_DONE] = "done",
    [RESULT_FAILED] = "failed",
    [RESULT_TEMPORARY] = "temporary",
    [RESULT_PERMANENT] = "permanent",
    [RESULT_TIMEOUT] = "timeout",
    [RESULT_STALL] = "stall",
    [RESULT_KILLED] = "killed",
    [RESULT_UNKNOWN] = "unknown",
};

const char *const step_else_words[] = {
    [ELSE_KICK] = "kick",
    [ELSE_UNDO] = "undo",
    [ELSE_CONTINUE] = "continue",
    [ELSE_HALT] = "halt",
    NULL,
};

const char *
result_word(enum result o)
{
	return result_words[o];
}

void
command_done(struct command *c)
{
	templates_done(&c->argv);
}

void
step_done(struct step *s)
{
	free(s->name);
	command_done(&s->run);
	free(s->action);
	free(s->with);
	templates_done(&s->with_values);
	command_done(&s->verify);
	command_done(&s->undo);
	template_done(&s->each);
	free(s->retry.from);
	free(s->undo_retry.from);
	free(s->when);
	words_done(&s->needs);
}

int
step_is_none(const struct step *s)
{
	return s && s->action && !strcmp(s->action, STEP_NONE);
}

int
step_each_value(
    const struct step *s, int (*each)(const struct template_part *p, void *ctx), void *ctx)
{
	struct template elements = s->each;
	const struct templates array = {.v = &elements, .n = 1};
	const struct templates *const all[] = {
	    &array, &s->run.argv, &s->with_values, &s->verify.argv, &s->undo.argv};
	int rc = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all) && rc == 0; i++)
		rc = templates_each(all[i], each, ctx);
	return rc;
}

enum result
step_outcome(const struct step *s, int exited, int status)
{
	if (!exited)
		return RESULT_KILLED;
	return (enum result)s->outcomes[status & 0xff];
}

int
retry_again(const struct retry *r, enum result o, int64_t tries)
{
	return tries <= r->times && (r->on & 1u << o) != 0;
}

int64_t
retry_delay(const struct retry *r, int64_t k)
{
	double delay = (double)r->wait;

	for (int64_t i = 1; i < k && delay < (double)r->max; i++)
		delay *= r->factor;
	return delay < (double)r->max ? (int64_t)delay : r->max;
}
