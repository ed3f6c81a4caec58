/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

#include "base/report.h"
#include "fleet/ref.h"
#include "fleet/select/feed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * A stream is written in batches, each a transaction of its own between two reads: a slow
 * writer upstream must not hold the lock, and each commit costs a sync of the disk.
 */
#define BATCH 500

void
label_warn(const char *text, void *ctx)
{
	(void)ctx;
	report_warn("%s", text);
}

/*
 * Labels may be called by their refs, as lists print them: each "label:TEXT", which has to be
 * there, becomes its text.
 */
static int
read_refs(struct session *s, struct words *labels, struct fault *f)
{
	static const char prefix[] = "label:";
	int64_t id;

	for (size_t i = 0; i < labels->n; i++) {
		struct item item = {0};

		if (strncmp(labels->v[i], prefix, sizeof(prefix) - 1) != 0)
			continue;
		if (ref_want(s, "label", labels->v[i], &id, f) < 0 || item_get(s, id, &item, f) < 0)
			return -1;
		free(labels->v[i]);
		labels->v[i] = mem_dup(item.name);
		item_done(&item);
	}
	return 0;
}

static void
say(int64_t changed, size_t n)
{
	if (n > 1)
		report_note("%" PRId64 " of %zu items changed", changed, n);
}

static int
apply_chosen(struct session *s, enum edit_labels what, const struct words *labels,
    const struct select_options *chosen, char *const *names, int n, struct fault *f)
{
	struct ids ids = {0};
	int64_t changed = -1;

	if (select_items(s, chosen, names, n, SELECT_TO_ACT, label_warn, NULL, &ids, f) == 0)
		changed = edit_labels(s, what, labels, &ids, f);
	if (changed >= 0)
		say(changed, ids.n);
	vec_done(&ids);
	return changed < 0 ? -1 : 0;
}

/* The next items of the stream, at most BATCH; bad lines are counted. 1, 0 at the end, -1. */
static int
read_batch(
    struct feed *in, struct session *s, struct ids *batch, unsigned long *bad, struct fault *f)
{
	int64_t id;
	int more = 1;

	batch->n = 0;
	while (batch->n < BATCH && (more = feed_next(in, s, &id, f)) != 0) {
		if (more == 1) {
			vec_push(batch, id);
			continue;
		}
		if (f->kind != FAULT_BAD)
			return -1;
		report_fault(f);
		++*bad;
	}
	return more;
}

static int
apply_stream(struct session *s, enum edit_labels what, const struct words *labels,
    unsigned long *bad, struct fault *f)
{
	struct feed in;
	struct ids batch = {0};
	int64_t changed = 0, total = 0;
	size_t n = 0;
	int more = feed_open(&in, NULL, f) < 0 ? -1 : 1;

	while (more == 1) {
		more = read_batch(&in, s, &batch, bad, f);
		if (more >= 0 && batch.n)
			changed = edit_labels(s, what, labels, &batch, f);
		if (changed < 0)
			more = -1;
		total += changed;
		n += batch.n;
		changed = 0;
	}
	if (more == 0)
		say(total, n);
	feed_close(&in);
	vec_done(&batch);
	return more;
}

/* The exit status: bad lines of a stream are reported, passed over, and make it 1. */
static int
apply(struct session *s, enum edit_labels what, const struct words *labels,
    const struct select_options *chosen, char *const *names, int n)
{
	int dash = n == 1 && strcmp(names[0], "-") == 0;
	unsigned long bad = 0;
	struct fault f;
	int status;

	if (dash || (!n && !select_given(chosen) && feed_waits()))
		status = apply_stream(s, what, labels, &bad, &f);
	else
		status = apply_chosen(s, what, labels, chosen, names, n, &f);
	return status < 0 ? report_fault(&f) : bad > 0;
}

static int
run(const struct label_verb *verb, struct session *s, struct words *labels,
    const struct select_options *chosen, char *const *names, int n)
{
	struct words noted = {0};
	struct fault f;
	int exit = 0, status = read_refs(s, labels, &f);

	if (status == 0)
		status = verb->before(s, labels, &noted, &f);
	if (status == 0)
		exit = apply(s, verb->what, labels, chosen, names, n);
	if (status == 0 && exit < 2)
		status = verb->after(s, labels, &noted, &f);
	words_done(&noted);
	return status < 0 ? report_fault(&f) : exit;
}

int
label_apply(const struct label_verb *verb, int argc, char **argv)
{
	struct session_options base = {0};
	struct select_options chosen = {0};
	struct words labels = {0};
	const struct args_opt own[] = {
	    {'L', "label", "TEXT", ARGS_TEXTS, &labels, "another label; repeatable"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {verb->usage, verb->about, verb->examples, own, shared, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f), exit = 0;

	if (status == 0 && n < 1)
		status = fault_set(&f, FAULT_USAGE, "%s: LABEL is wanted", argv[0]);
	if (status == 0) {
		words_add(&labels, argv[1]);
		status = session_open(&s, &base, DB_CHANGE, &f);
	}
	if (status == 0)
		exit = run(verb, &s, &labels, &chosen, argv + 2, n - 1);
	words_done(&labels);
	session_close(&s);
	return status < 0 ? report_fault(&f) : exit;
}
