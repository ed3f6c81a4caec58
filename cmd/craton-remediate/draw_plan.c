/* SPDX-License-Identifier: Apache-2.0 */
#include "remediate.h"

#include "base/when.h"
#include "io/hostlist.h"
#include "io/wrap.h"

#include <inttypes.h>
#include <stdio.h>

static struct jtext
no_output(const char *step, void *ctx)
{
	(void)step;
	(void)ctx;
	return (struct jtext){0};
}

static void
draw_head(const struct plan *p, struct str *out)
{
	char made[WHEN_TEXT], life[24];

	str_addf(out, "plan     %s%s%s\n", p->workflow.name, p->workflow.title ? ": " : "",
	    p->workflow.title ? p->workflow.title : "");
	str_addf(out, "made     %s by %s, good for %s%s%s\n", when_second(p->made, made), p->actor,
	    num_duration_text(p->life, life), p->reason ? ": " : "", p->reason ? p->reason : "");
	str_addf(out, "file     %s\n", p->file);
	if (p->audit) {
		char *run = jtext_plain_dup(jtext_member(JTEXT(p->audit), "run"));

		str_addf(out, "from     findings of audit run %s\n", run ? run : "?");
		free(run);
	}
	if (p->selection)
		str_addf(out, "from     %s\n", p->selection);
}

/* One wave: its names folded. Returns the place after its last item. */
static size_t
draw_wave(const struct plan *p, size_t from, struct str *out)
{
	int64_t wave = p->items.v[from].wave;
	struct words names = {0};
	struct str folded = STR_INIT;
	char head[48];
	size_t at = from;

	for (; at < p->items.n && p->items.v[at].wave == wave; at++)
		words_add(&names, p->items.v[at].name);
	hostlist_fold(&names, &folded);
	if (wave)
		snprintf(head, sizeof(head), "%3" PRId64 "      %5zu  ", wave, at - from);
	else
		snprintf(head, sizeof(head), "  canary %5zu  ", at - from);
	wrap_words(head, folded.text ? folded.text : "", ',', out);
	words_done(&names);
	str_done(&folded);
	return at;
}

void
draw_plan(const struct plan *p, struct str *out)
{
	struct template_values values = {.output = no_output};

	draw_head(p, out);
	draw_batch(&p->workflow, &p->limits, out);
	str_addf(out, "items    %zu\n", p->items.n);
	for (size_t at = 0; at < p->items.n;)
		at = draw_wave(p, at, out);
	if (!p->items.n)
		return;
	values.uses = JTEXT(p->items.v[0].uses);
	str_addf(out, "steps    as on %s\n", p->items.v[0].ref);
	draw_steps(&p->workflow, &values, out);
}
