/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the second person sees before a plan is run: not the workflow alone, but whom it is about,
 * by name and by role.
 */
#include "remediate.h"

#include "base/map.h"
#include "base/report.h"
#include "base/when.h"
#include "fleet/label/carry.h"
#include "flow/plan/wants.h"
#include "io/file.h"
#include "io/output.h"
#include "io/wrap.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VALUES_MOST 8 /* of one label: more are only counted */

struct second
remediate_second(const struct plan *p)
{
	return (struct second){.plan = p->hash,
	    .author = p->actor,
	    .workflow = p->workflow.name,
	    .items = (int64_t)p->items.n};
}

/* How many items carry each label, by its text. */
static int
count_labels(struct session *s, const struct plan *p, struct map *counts, struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; i < p->items.n && rc == 0; i++) {
		struct words labels = {0};

		rc = carry_texts(s, p->items.v[i].item, CARRY_ALL, &labels, f) < 0 ? -1 : 0;
		for (size_t n = 0; n < labels.n; n++)
			map_put(counts, labels.v[n], NULL)->i++;
		words_done(&labels);
	}
	return rc;
}

/* "cabinet" of cabinet=a12. */
static size_t
key_length(const char *label)
{
	return strcspn(label, "=");
}

/* One key with its values, the labels from..to of the sorted list. */
static void
draw_key(
    const struct words *labels, size_t from, size_t to, const struct map *counts, struct str *out)
{
	size_t key = key_length(labels->v[from]);
	struct str values = STR_INIT;
	char head[40];

	str_add(&values, "");
	if (to - from > VALUES_MOST)
		str_addf(&values, "%zu values", to - from);
	for (size_t i = from; i < to && to - from <= VALUES_MOST; i++) {
		const char *value = labels->v[i] + key;

		str_addf(&values, "%s%s%s%" PRId64, i > from ? ", " : "", *value ? value + 1 : "",
		    *value ? " " : "", map_get(counts, labels->v[i])->i);
	}
	snprintf(head, sizeof(head), "  %-18.*s ", (int)(key < 30 ? key : 30), labels->v[from]);
	wrap_words(head, values.text, ' ', out);
	str_done(&values);
}

static int
draw_roles(struct session *s, const struct plan *p, struct str *out, struct fault *f)
{
	const struct map_entry *entry;
	struct words labels = {0};
	struct map counts = {0};
	size_t at = 0;
	int rc = count_labels(s, p, &counts, f);

	while (rc == 0 && (entry = map_each(&counts, &at)))
		words_add(&labels, entry->key);
	words_sort(&labels);
	if (labels.n)
		str_add(out, "labels\n");
	for (size_t from = 0, to; from < labels.n; from = to) {
		size_t n = key_length(labels.v[from]);

		for (to = from + 1; to < labels.n && key_length(labels.v[to]) == n &&
				    !strncmp(labels.v[to], labels.v[from], n);)
			to++;
		draw_key(&labels, from, to, &counts, out);
	}
	words_done(&labels);
	map_done(&counts);
	return rc;
}

static void
draw_wanted(const struct words *why, struct str *out)
{
	str_add(out, "second person\n");
	for (size_t i = 0; i < why->n; i++)
		wrap_words("  ", why->v[i], ' ', out);
	if (!why->n)
		str_add(out, "  not needed\n");
}

static int
show(struct session *s, const struct plan *p, struct fault *f)
{
	struct words why = {0};
	struct str out = STR_INIT;
	int rc;

	draw_plan(p, &out);
	rc = draw_roles(s, p, &out, f);
	if (rc == 0)
		rc = wants_second(s, p, &why, f);
	if (rc == 0) {
		draw_wanted(&why, &out);
		output_text(&out);
		rc = file_end_output(f);
	}
	words_done(&why);
	str_done(&out);
	return rc;
}

int
remediate_approve_plan(
    const struct session_options *base, const char *path, int is_dry, struct fault *f)
{
	struct session s = {0};
	struct plan p = {0};
	struct second a;
	int rc = plan_read(&p, path, f);

	if (rc == 0)
		rc = session_open(&s, base, is_dry ? DB_READ : DB_WRITE, f);
	if (rc == 0)
		rc = plan_check(&s, &p, when_now(), f);
	/* What could not be shown was not seen, and is not approved. */
	if (rc == 0)
		rc = show(&s, &p, f);
	if (rc == 0 && !is_dry) {
		a = remediate_second(&p);
		rc = second_approve(&s, &a, f);
	}
	if (rc == 0 && !is_dry)
		report_note("approved by %s", s.actor);
	session_close(&s);
	plan_done(&p);
	return rc;
}
