/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/edit.h"
#include "fleet/pairs.h"
#include "fleet/record.h"
#include "fleet/ref.h"
#include "fleet/select/known.h"

#include <stdlib.h>
#include <string.h>

struct add {
	struct inv_attributes attributes;
	struct words labels;
};

/* The record that the options describe, as it could have come through a pipe. */
static int
compose(const struct add *a, const char *kind, const char *name, struct words *pairs,
    struct str *out, struct fault *f)
{
	struct str json = STR_INIT;
	int status;

	jtext_open(&json);
	jtext_text(&json, "kind", kind);
	jtext_text(&json, "name", name);
	inv_put_attributes(&json, &a->attributes);
	pairs_put_texts(&json, "labels", &a->labels);
	status = pairs_put(&json, pairs->v, pairs->n, f);
	jtext_close(&json);
	if (status == 0)
		status = jtext_canonical(json.text, json.len, out, f);
	str_done(&json);
	return status;
}

/* A kind may be any word, so a mistyped or misplaced one makes an item all the same. */
static int
add(struct session *s, const char *kind, struct jtext object, struct fault *f)
{
	char hint[NEAR_HINT];
	int known = known_kind(s, kind, hint, f);

	if (known < 0 || edit_record(s, object, RECORD_NEW, f) < 0)
		return -1;
	if (!known)
		report_note("%s is a new kind of item%s", kind, hint);
	return 0;
}

int
inv_add(int argc, char **argv)
{
	struct session_options base = {0};
	struct add a = {0};
	const struct args_opt own[] = {INV_ATTRIBUTES(&a.attributes),
	    {'L', "label", "TEXT", ARGS_TEXTS, &a.labels, "a label it carries; repeatable"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"add [options] KIND NAME [KEY=VALUE ...]",
	    "Add an item. Values are JSON where they can be read as JSON, else text.",
	    "craton-inv add region dfw\n"
	    "craton-inv add host compute-0001 --region dfw -L cabinet=a12 ram_gb=512",
	    own, NULL, common};
	struct session s = {0};
	struct str object = STR_INIT;
	struct words pairs = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0 && n < 2)
		status = fault_set(&f, FAULT_USAGE, "add: KIND and NAME are wanted");
	if (status == 0) {
		pairs = (struct words){argv + 3, (size_t)n - 2, 0};
		status = compose(&a, argv[1], argv[2], &pairs, &object, &f);
	}
	if (status == 0)
		status = session_open(&s, &base, DB_WRITE, &f);
	if (status == 0)
		status = add(&s, argv[1], JTEXT(object.text), &f);
	if (status == 0)
		inv_note_namesakes(pairs.v, pairs.n);
	str_done(&object);
	words_done(&a.labels);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
