/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

#include "base/report.h"
#include "fleet/ref.h"

/* Those of the labels that are not there yet. */
static int
note_new(struct session *s, const struct words *labels, struct words *noted, struct fault *f)
{
	int64_t id;
	int found = 0;

	for (size_t i = 0; found >= 0 && i < labels->n; i++) {
		found = ref_find(s, "label", labels->v[i], &id, f);
		if (found == 0)
			words_add(noted, labels->v[i]);
	}
	return found < 0 ? -1 : 0;
}

/* A label may be any text, so a mistyped or misplaced one is made all the same. */
static int
say_new(struct session *s, const struct words *labels, const struct words *noted, struct fault *f)
{
	int64_t id;
	int found = 0;

	(void)labels;
	for (size_t i = 0; found >= 0 && i < noted->n; i++) {
		found = ref_find(s, "label", noted->v[i], &id, f);
		if (found == 1)
			report_note("%s is a new label", noted->v[i]);
	}
	return found < 0 ? -1 : 0;
}

int
label_add(int argc, char **argv)
{
	static const struct label_verb add = {"add [options] LABEL [NAME ...]",
	    "Put a label on items: those named, those that options choose, or those on standard "
	    "input. A label that is new is made.",
	    "craton-label add cabinet=a12 -w 'compute-[0001-0016]'\n"
	    "craton-inv list --where 'ram_gb >= 512' | craton-label add large",
	    EDIT_ADD, note_new, say_new};

	return label_apply(&add, argc, argv);
}
