/* SPDX-License-Identifier: Apache-2.0 */
/* Events as sentences. */
#include "base/when.h"
#include "flow/event/event.h"
#include "io/jtext.h"

#include <limits.h>
#include <string.h>

#define COUNTS "{ok} ok[, {kicked} kicked out][, {skipped} skipped][, {cancelled} cancelled]"

/*
 * {member} stands for its value, {member noun} for that many of it; {item} is the item's name
 * and {ref} its ref. What is in brackets is left out if a member in it is not there, or 0.
 */
static const struct sentence {
	const char *word;
	enum table_tone tone;
	int is_detail;
	const char *text;
} sentences[] = {
    {"run.start", 0, 0,
	"run {run}: {workflow}, {items item}; stops at more than {max_fail failure}[; {reason}]"},
    {"run.resume", 0, 0,
	"run {run} goes on: {workflow}, {items item}; stops at more than {max_fail failure}[; "
	"{reason}]"},
    {"run.limit", 0, 0, "stops at more than {max_fail failure} now, says {actor}[: {reason}]"},
    {"run.approve", 0, 0, "wave {wave} is approved"},
    {"run.pause", TABLE_WARN, 0, "run {run} is {state}[: {why}]; " COUNTS "[, {left} left]"},
    {"run.hold", TABLE_WARN, 0, "run {run} is {state}[: {why}]; " COUNTS "[, {left} left]"},
    {"run.trip", TABLE_BAD, 0, "run {run} has {state}[: {why}]; " COUNTS "[, {left} left]"},
    {"run.end", 0, 0, "run {run} is {state}[: {why}]; " COUNTS "[, {left} left]"},
    {"wave.start", 0, 0, "wave {wave}: {items item}"},
    {"wave.end", 0, 0, "wave {wave} is over: so far " COUNTS},
    {"item.start", TABLE_FAINT, 1, "{item} begins"},
    {"item.ok", TABLE_GOOD, 0, "{item} ok"},
    {"item.kick", TABLE_BAD, 0, "{item} kicked out[ at {step}]: {why}"},
    {"item.undone", TABLE_BAD, 0, "{item} undone, and kicked out[ at {step}]: {why}"},
    {"item.cancel", TABLE_WARN, 0, "{item} cancelled"},
    {"item.skip", TABLE_WARN, 0, "{item} skipped: {why}"},
    {"item.block", TABLE_WARN, 0, "{item} waits: it is in work by run {by_run}"},
    {"step.start", TABLE_FAINT, 1, "[{item} ]{step}[, attempt {attempt}]"},
    {"step.void", TABLE_WARN, 0, "[{item} ]{step} was not started after all"},
    {"step.done", TABLE_FAINT, 1, "[{item} ]{step} done"},
    {"step.skip", TABLE_FAINT, 1, "{item} {step} skipped: {why}"},
    {"step.adopt", 0, 0, "[{item} ]{step} still runs[, attempt {attempt}]"},
    {"step.fail", TABLE_WARN, 0,
	"[{item} ]{step} failed[, attempt {attempt}]: {why}[; again {due}]"},
    {"step.unknown", TABLE_WARN, 0, "[{item} ]{step} unknown: {why}"},
    {"step.rewind", TABLE_WARN, 0, "{item} {step} goes back to {from}"},
    {"step.progress", TABLE_FAINT, 1, "[{item} ]{step}[ {done}][ of {total}][: {message}]"},
    {"proof.start", TABLE_FAINT, 1, "{item} {step}"},
    {"proof.done", TABLE_FAINT, 1, "{item} {step}: wrong is {wrong}"},
    {"proof.fail", TABLE_WARN, 0, "{item} {step} failed[: {why}]"},
    {"verify.start", TABLE_FAINT, 1, "{item} {step} verify"},
    {"verify.fail", TABLE_WARN, 0, "{item} {step} verify cannot tell[: {why}]"},
    {"undo.start", TABLE_FAINT, 1, "{item} {step} undo"},
    {"undo.done", TABLE_WARN, 0, "{item} {step} undone"},
    {"undo.fail", TABLE_BAD, 0, "{item} {step} undo failed[: {why}][; again {due}]"},
    {"kicked.retried", 0, 0, "{item} is to be retried, says {actor}[: {reason}]"},
    {"kicked.done", 0, 0, "{item} is done, says {actor}[: {reason}]"},
    {"kicked.dropped", 0, 0, "{item} is dropped, says {actor}[: {reason}]"},
    {"run.wait", TABLE_WARN, 0, "waits: {why}"},
    {"run.loosened", TABLE_BAD, 0, "{limit} {is}, not {was}, by {actor}: {reason}"},
    {"run.glass", TABLE_BAD, 0, "glass broken by {actor}: {reason}"},
    {"plan.approve", 0, 0,
	"a plan of {workflow} by {author}, {items item}, is approved by {actor}[: {reason}]"},
    {"breaker.open", TABLE_BAD, 0, "the breaker of workflow {workflow} is open: {why}"},
    {"breaker.reset", 0, 0,
	"the breaker of workflow {workflow} is closed, says {actor}[: {reason}]"},
    {"halt.set", TABLE_BAD, 0, "every run is halted, says {actor}[: {reason}]"},
    {"halt.clear", 0, 0, "the halt is cleared, says {actor}[: {reason}]"},
    {"would.run", 0, 0, "would run[ {ref}] {step}: {run}"},
    {"would.skip", 0, 0, "skipped because {ref}[ {step}]: {why}"},
    {"would.hold", 0, 0, "would hold: {why}"},
    {"would.end", 0, 0, "would end {state}; " COUNTS "[, {left} left]"},
    {"cannot.tell", 0, 0, "cannot tell[ {ref}][ {step}]: {why}"},
};

static const struct sentence *
sentence_of(const struct event *e)
{
	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++)
		if (!strcmp(sentences[i].word, e->word))
			return &sentences[i];
	return NULL;
}

int
event_is_detail(const struct event *e)
{
	const struct sentence *s = sentence_of(e);

	return s && s->is_detail;
}

enum table_tone
event_tone(const struct event *e)
{
	const struct sentence *s = sentence_of(e);

	return s ? s->tone : TABLE_PLAIN;
}

/* What is shown of a member's value: the name in a ref, the clock of a time. */
static const char *
short_form(const char *key, const char *value)
{
	const char *slash = strrchr(value, '/');

	if (!strcmp(key, "item"))
		return slash ? slash + 1 : value;
	return strcmp(key, "due") ? value : value + strlen("2026-01-02T");
}

static char *
value_of(const struct event *e, const char *key)
{
	if (!strcmp(key, "run") && e->run)
		return mem_printf("%lld", (long long)e->run);
	return jtext_plain_dup(jtext_member(JTEXT(e->body), strcmp(key, "ref") ? key : "item"));
}

/* The value of {member} or {member noun}, which end at '}'; 0 if there is none, or 0. */
static int
add_value(const struct event *e, const char *name, struct str *out)
{
	size_t len = strcspn(name, " }"), noun = strcspn(name + len, "}");
	char *key = mem_dupn(name, len), *value = value_of(e, key);
	int is_there = value && strcmp(value, "0") != 0;

	if (value)
		str_addf(out, "%.*s", strcmp(key, "due") ? INT_MAX : 8, short_form(key, value));
	if (noun) {
		str_addn(out, name + len, noun);
		str_add(out, value && !strcmp(value, "1") ? "" : "s");
	}
	free(value);
	free(key);
	return is_there;
}

static void
add_sentence(const struct event *e, const char *text, struct str *out)
{
	size_t group = 0;
	int is_whole = 1;

	for (; *text; text++)
		switch (*text) {
		case '[':
			group = out->len;
			is_whole = 1;
			break;
		case ']':
			if (!is_whole)
				str_cut(out, group);
			break;
		case '{':
			is_whole &= add_value(e, text + 1, out);
			text += strcspn(text, "}");
			break;
		default: str_addc(out, *text);
		}
}

/* One that has no sentence: "word: member value, ...". */
static void
add_members(const struct event *e, struct str *out)
{
	struct jtext key, value;
	size_t at = 0, n = 0;

	str_add(out, e->word);
	while (jtext_each(JTEXT(e->body), &at, &key, &value)) {
		char *text = jtext_plain_dup(value);

		str_add(out, n++ ? ", " : ": ");
		str_addn(out, key.text, key.len);
		str_addf(out, " %s", text);
		free(text);
	}
}

void
event_text(const struct event *e, struct str *out)
{
	const struct sentence *s = sentence_of(e);
	char at[WHEN_TEXT];

	if (e->seq)
		str_addf(out, "%.8s ", when_text(e->at, at) + strlen("2026-01-02T"));
	if (s)
		add_sentence(e, s->text, out);
	else
		add_members(e, out);
}
