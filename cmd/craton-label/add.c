/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

#include "base/report.h"
#include "fleet/ref.h"

/* Those of the labels that are not there yet. */
static int
list_new(struct session *s, const struct words *labels, struct words *out, struct fault *f)
{
	int64_t id;
	int found = 0;

	for (size_t i = 0; found >= 0 && i < labels->n; i++) {
		found = ref_find(s, "label", labels->v[i], &id, f);
		if (found == 0)
			words_add(out, labels->v[i]);
	}
	return found < 0 ? -1 : 0;
}

/* A label may be any text, so a mistyped or misplaced one is made all the same. */
static int
apply(struct session *s, struct words *labels, const struct select_options *chosen,
    char *const *names, int n)
{
	struct words fresh = {0};
	struct fault f;
	int64_t id;
	int status = label_texts(s, labels, &f);

	if (status == 0)
		status = list_new(s, labels, &fresh, &f);
	if (status < 0)
		status = report_fault(&f);
	else
		status = label_apply(s, EDIT_ADD, labels, chosen, names, n);
	for (size_t i = 0; i < fresh.n; i++)
		if (ref_find(s, "label", fresh.v[i], &id, &f) == 1)
			report_note("%s is a new label", fresh.v[i]);
	words_done(&fresh);
	return status;
}

int
label_add(int argc, char **argv)
{
	struct session_options base = {0};
	struct select_options chosen = {0};
	struct words labels = {0};
	const struct args_opt own[] = {
	    {'L', "label", "TEXT", ARGS_TEXTS, &labels, "another label; repeatable"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"add [options] LABEL [NAME ...]",
	    "Put a label on items: those named, those that options choose, or those on standard "
	    "input. A label that is new is made.",
	    "craton-label add cabinet=a12 -w 'compute-[0001-0016]'\n"
	    "craton-inv list --where 'ram_gb >= 512' | craton-label add large",
	    own, shared, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f), exit = 0;

	if (status == 0 && n < 1)
		status = fault_set(&f, FAULT_USAGE, "add: LABEL is wanted");
	if (status == 0) {
		words_add(&labels, argv[1]);
		status = session_open(&s, &base, DB_CHANGE, &f);
	}
	if (status == 0)
		exit = apply(&s, &labels, &chosen, argv + 2, n - 1);
	words_done(&labels);
	session_close(&s);
	return status < 0 ? report_fault(&f) : exit;
}
