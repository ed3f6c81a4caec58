/* SPDX-License-Identifier: Apache-2.0 */
/* Plain text: the state in a line, what changed, then all that counts. */
#include "base/show.h"
#include "base/when.h"
#include "flow/report/write.h"

#include <inttypes.h>
#include <string.h>

#define MOST 40 /* findings listed a section: a mail is read, a flood is not */

/* Appends a text of unknown origin, cut to the rest of the line. */
static void
put_fitting(struct str *out, const char *text, size_t columns)
{
	struct str shown = STR_INIT;

	str_reset(&shown);
	if (show_text(&shown, text) > columns) {
		str_cut(&shown, show_fit(shown.text, columns - 3));
		str_add(&shown, "...");
	}
	str_add(out, shown.text);
	str_done(&shown);
}

static void
put_tried(const struct report_finding *x, struct str *out)
{
	struct str line = STR_INIT;

	if (x->repairs.n) {
		repairs_text(&x->repairs, &line);
		str_add(out, "            ");
		put_fitting(out, line.text, REPORT_COLUMNS - 12);
		str_addc(out, '\n');
	}
	str_done(&line);
}

static void
put_finding(const struct report *r, const struct report_finding *x, struct str *out)
{
	struct str line = STR_INIT;

	str_addf(&line, "%-8s  %s  %s", severity_words[x->x.severity], x->x.check, x->name);
	str_add(out, "  ");
	put_fitting(out, line.text, REPORT_COLUMNS - 2);
	str_reset(&line);
	if (x->x.status != VERDICT_FAIL)
		str_addf(&line, "%s: ", verdict_words[x->x.status]);
	report_message(x, &line);
	str_add(out, "\n            ");
	put_fitting(out, line.text, REPORT_COLUMNS - 12);
	str_addf(out, "\n            %s ", x->change == REPORT_GONE ? "gone after" : "for");
	report_age((x->change == REPORT_GONE ? x->x.resolved : r->at) - x->x.opened, out);
	str_addc(out, '\n');
	put_tried(x, out);
	str_done(&line);
}

/* Which findings a section has. */
struct section {
	const char *title;
	int counting; /* only those that count: not waived */
	unsigned changes;
};

static int
is_in(const struct section *s, const struct report_finding *x)
{
	return (s->changes & 1u << x->change) && (!s->counting || report_counts(x));
}

static void
put_section(const struct report *r, const struct section *s, struct str *out)
{
	size_t n = 0, listed = 0;

	for (size_t i = 0; i < r->findings.n; i++)
		n += is_in(s, &r->findings.v[i]) != 0;
	if (!n)
		return;
	str_addf(out, "\n%s (%zu)\n", s->title, n);
	for (size_t i = 0; i < r->findings.n && listed < MOST; i++)
		if (is_in(s, &r->findings.v[i])) {
			put_finding(r, &r->findings.v[i], out);
			listed++;
		}
	if (n > listed)
		str_addf(out, "  and %zu more: craton-audit findings\n", n - listed);
}

static void
put_audits(const struct report *r, struct str *out)
{
	char at[WHEN_TEXT];

	str_add(out, "\nAudits\n");
	for (size_t i = 0; i < r->audits.n; i++) {
		const struct report_audit *a = &r->audits.v[i];
		const struct report_run *run = report_newest(a);

		str_add(out, "  ");
		put_fitting(out, a->name, 30);
		str_add(out, ": ");
		report_found(a->found, out);
		if (a->waived)
			str_addf(out, ", %" PRId64 " waived", a->waived);
		if (run)
			str_addf(out, "; %s over %" PRId64 " item%s%s",
			    when_second(run->started, at), run->scope, run->scope == 1 ? "" : "s",
			    run->complete ? "" : ", not complete");
		str_addc(out, '\n');
	}
}

void
report_text(const struct report *r, struct str *out)
{
	static const struct section sections[] = {
	    {"New", 1, 1u << REPORT_NEW},
	    {"Back", 1, 1u << REPORT_BACK},
	    {"Gone", 0, 1u << REPORT_GONE},
	    {"Still open", 1, 1u << REPORT_STILL},
	};
	char at[WHEN_TEXT];

	str_addf(out, "Fleet report, %s, project ", when_second(r->at, at));
	put_fitting(out, r->project, 36);
	str_addc(out, '\n');
	report_found(r->found, out);
	str_add(out, " open");
	if (r->unknown)
		str_addf(out, ", of these %" PRId64 " not known", r->unknown);
	if (r->waived)
		str_addf(out, "; %" PRId64 " waived", r->waived);
	str_addc(out, '\n');
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		put_section(r, &sections[i], out);
	if (r->audits.n)
		put_audits(r, out);
}
