/* SPDX-License-Identifier: Apache-2.0 */
#include "remediate.h"

#include "io/wrap.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define INDENT 4

/* ---- commands ---- */

/* As it is written in the workflow. */
static void
add_as_written(const struct template_part *p, struct str *out)
{
	switch (p->kind) {
	case TEMPLATE_LITERAL: str_add(out, p->text); break;
	case TEMPLATE_ATTRIBUTE:
		str_addf(out, "{%s}", strcmp(p->text, "name") ? p->text : "item");
		break;
	case TEMPLATE_KEY: str_add(out, "{key}"); break;
	case TEMPLATE_RESULT: str_add(out, "{result}"); break;
	case TEMPLATE_VARIABLE: str_addf(out, "{var.%s}", p->text); break;
	case TEMPLATE_LABEL: str_addf(out, "{label.%s}", p->text); break;
	case TEMPLATE_OUTPUT: str_addf(out, "{%s.%s}", p->text, p->member); break;
	case TEMPLATE_EACH:
		str_addf(out, "{each%s%s}", p->member ? "." : "", p->member ? p->member : "");
		break;
	}
}

/* What is not known before the run stays as it is written. */
static void
add_part(const struct template_part *p, const struct template_values *values, struct str *out)
{
	struct template_part part = *p;
	struct template one = {.v = &part, .n = 1};
	size_t before = out->len;
	struct fault ignored;
	int frozen = p->kind == TEMPLATE_ATTRIBUTE || p->kind == TEMPLATE_VARIABLE ||
		     p->kind == TEMPLATE_LABEL;

	if (values && frozen && template_expand(&one, values, out, &ignored) == 0)
		return;
	if (out->len > before)
		str_cut(out, before);
	add_as_written(p, out);
}

/* In the shell's manner, so that spaces and quotes in a value are seen for what they are. */
static void
add_quoted(const char *word, struct str *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=:,./@%^{}";

	if (*word && !word[strspn(word, plain)]) {
		str_add(out, word);
		return;
	}
	str_addc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			str_add(out, "'\\''");
		else
			str_addc(out, *word);
	}
	str_addc(out, '\'');
}

static void
add_argv(const struct templates *argv, const struct template_values *values, struct str *out)
{
	struct str word = STR_INIT;

	for (size_t i = 0; i < argv->n; i++) {
		str_reset(&word);
		for (size_t j = 0; j < argv->v[i].n; j++)
			add_part(&argv->v[i].v[j], values, &word);
		str_add(out, i ? " " : "");
		add_quoted(word.text, out);
	}
	str_done(&word);
}

static void
draw_command(const char *what, const struct templates *argv, const struct template_values *values,
    struct str *out)
{
	struct str text = STR_INIT;
	char head[32];

	if (!argv->n)
		return;
	snprintf(head, sizeof(head), "%*s%-8s ", INDENT, "", what);
	str_reset(&text);
	add_argv(argv, values, &text);
	wrap_words(head, text.text, ' ', out);
	str_done(&text);
}

/* ---- steps ---- */

static void
add_retry(const struct retry *r, struct str *out)
{
	char wait[24], max[24];

	str_addf(out, "; %" PRId64 " retries after %s to %s", r->times,
	    num_duration_text(r->wait, wait), num_duration_text(r->max, max));
	if (r->within)
		str_addf(out, ", for %s in all", num_duration_text(r->within, wait));
	if (r->from)
		str_addf(out, ", from %s on", r->from);
}

static void
add_needs(const struct workflow *w, size_t at, struct str *out)
{
	const struct graph_node *n = &w->graph.nodes[at];

	for (size_t i = 0; i < n->needs.n; i++)
		str_addf(out, "%s%s", i ? ", " : "after ", w->steps.v[n->needs.v[i]].name);
	str_add(out, n->needs.n ? "; " : "");
}

static void
draw_step(const struct workflow *w, size_t at, size_t number, const struct template_values *values,
    struct str *out)
{
	const struct step *s = &w->steps.v[at];
	struct str facts = STR_INIT;
	char time[24], head[16];

	str_addf(out, "%3zu %s\n", number, s->name);
	snprintf(head, sizeof(head), "%*s", INDENT, "");
	add_needs(w, at, &facts);
	str_addf(&facts, "%s%s; %s a try", s->irreversible ? "irreversible; " : "",
	    s->idempotent ? "idempotent" : "once only", num_duration_text(s->run.timeout, time));
	if (s->stall)
		str_addf(&facts, ", %s without output", num_duration_text(s->stall, time));
	if (s->retry.times)
		add_retry(&s->retry, &facts);
	str_addf(&facts, "; else %s", step_else_words[s->otherwise]);
	wrap_words(head, facts.text, ' ', out);
	if (s->when)
		str_addf(out, "%*s%-8s %s\n", INDENT, "", "when", s->when);
	if (s->each.n) {
		str_addf(out, "%*s%-8s ", INDENT, "", "for each");
		add_as_written(&s->each.v[0], out);
		str_addf(out, ", %" PRId64 " at once\n", s->at_once);
	}
	if (s->action)
		str_addf(out, "%*s%-8s %s %s\n", INDENT, "", "action", s->action,
		    s->with ? s->with : "");
	draw_command("run", &s->run.argv, values, out);
	draw_command("verify", &s->verify.argv, values, out);
	draw_command("undo", &s->undo.argv, values, out);
	str_done(&facts);
}

static void
draw_once(const char *what, const struct command *command, struct str *out)
{
	if (!command->argv.n)
		return;
	str_addf(out, "  - %s, once a run\n", what);
	draw_command("run", &command->argv, NULL, out);
}

void
draw_steps(const struct workflow *w, const struct template_values *values, struct str *out)
{
	static const char *const proofs[] = {
	    [PROOF_CHECK] = "the check that made the finding",
	    [PROOF_NONE] = "none",
	};

	draw_once("before", &w->before, out);
	if (w->proof_kind == PROOF_RUN) {
		str_add(out, "  - proof, before the first step and after the last\n");
		draw_command("run", &w->proof.argv, values, out);
	} else {
		str_addf(out, "  - proof: %s\n", proofs[w->proof_kind]);
	}
	for (size_t i = 0; i < w->graph.n; i++)
		draw_step(w, w->graph.order[i], i + 1, values, out);
	if (w->finally.argv.n) {
		str_add(out, "  - finally, whatever came of it\n");
		draw_command("run", &w->finally.argv, values, out);
	}
	draw_once("after", &w->after, out);
}

/* ---- the batch ---- */

static void
add_share(const struct num_share *s, struct str *out)
{
	if (s->is_percent)
		str_addf(out, "%g%%", (double)s->value / 1000);
	else
		str_addf(out, "%" PRId64, s->value);
}

static void
add_waves(const struct batch *b, int64_t canary, struct str *out)
{
	if (canary)
		str_addf(out, "a canary of %" PRId64, canary);
	else
		str_add(out, "no canary");
	str_add(out, b->approve == APPROVE_AFTER_CANARY ? ", then a person's approval, then "
		     : b->approve == APPROVE_EVERY_WAVE ? ", a person's approval "
							  "before each wave, "
							: ", then ");
	if (b->doubling)
		str_add(out, "waves of 1, 2, 4 and so on");
	else if (!b->size.n)
		str_add(out, "all the rest");
	else
		str_add(out, "waves of ");
	for (size_t i = 0; i < b->size.n; i++) {
		str_add(out, i ? ", " : "");
		add_share(&b->size.v[i], out);
	}
}

void
draw_batch(const struct workflow *w, const struct plan_limits *limits, struct str *out)
{
	const struct batch *b = &w->batch;
	struct str text = STR_INIT;
	int64_t in_flight = limits ? limits->in_flight : b->in_flight;
	int64_t between = limits ? limits->wait : b->wait, gap = limits ? limits->gap : b->gap;
	char wait[24];

	add_waves(b, limits ? limits->canary : b->canary, &text);
	if (between)
		str_addf(&text, "; %s between waves", num_duration_text(between, wait));
	wrap_words("waves    ", text.text, ' ', out);
	str_reset(&text);
	str_addf(&text, "at most %" PRId64 " at a time", in_flight);
	if (gap)
		str_addf(&text, ", %s apart", num_duration_text(gap, wait));
	for (size_t i = 0; i < b->spread.n; i++) {
		str_add(&text, ", ");
		add_share(&b->spread.v[i].limit, &text);
		str_addf(&text, " a %s", b->spread.v[i].label);
	}
	str_add(&text, "; stops when more than ");
	if (limits)
		str_addf(&text, "%" PRId64 " of %" PRId64, limits->max_fail, limits->items);
	else
		add_share(&b->max_fail, &text);
	str_add(&text, " have failed");
	if (b->max_fail_in_a_row)
		str_addf(&text, ", or %" PRId64 " in a row", b->max_fail_in_a_row);
	if (b->strict)
		str_add(&text, ", and never risks more");
	if (w->item_limit)
		str_addf(&text, "; %s an item", num_duration_text(w->item_limit, wait));
	if (w->run_limit)
		str_addf(&text, "; %s the run", num_duration_text(w->run_limit, wait));
	wrap_words("limits   ", text.text, ' ', out);
	str_done(&text);
}
