/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a machine is the one that the inventory means: before what nothing takes back. */
#include "action.h"

#include "base/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT ((int64_t)64 << 10)
#define GRACE 5000

enum { PERMANENT = 100 };

/* What the words of run print on this machine: their exit status, or -1. */
static int
output_here(const struct action *a, struct str *out, struct fault *f)
{
	struct words argv = {0};
	struct child *c = NULL;
	struct child_spec spec = {.env = environ,
	    .out = CHILD_TO_MEMORY,
	    .err = CHILD_TO_MEMORY,
	    .limits = {.grace = GRACE, .cap = OUTPUT}};
	int status = action_words(a, &argv, f);

	if (status == 0) {
		vec_push(&argv, NULL);
		spec.argv = argv.v;
		status = action_run(&spec, &c, f);
	}
	if (status == 0) {
		const struct str *err = &c->outputs[1].text;

		str_add(out, "");
		str_addn(out, c->outputs[0].text.len ? c->outputs[0].text.text : "",
		    c->outputs[0].text.len);
		status = c->outcome.flags ? PERMANENT : c->outcome.status;
		if (err->len && write(STDERR_FILENO, err->text, err->len) < 0)
			status = PERMANENT;
	}
	child_free(c);
	words_done(&argv);
	return status;
}

static int
compare(const char *is, struct str *out)
{
	struct str result = STR_INIT;

	while (out->len && strchr(" \t\r\n", out->text[out->len - 1]))
		out->text[--out->len] = '\0';
	if (strcmp(out->text, is) != 0) {
		report_warn("it says that it is \"%.80s\", and the inventory says \"%.80s\"",
		    out->text, is);
		return PERMANENT;
	}
	jtext_open(&result);
	jtext_text(&result, "identity", is);
	jtext_close(&result);
	action_result((struct jtext){result.text, result.len});
	str_done(&result);
	return 0;
}

int
action_identity(const struct action *a, struct fault *f)
{
	char *is = jtext_plain_dup(jtext_member(a->with, "is"));
	struct jtext via = jtext_member(a->with, "via");
	struct str out = STR_INIT;
	int status = PERMANENT;

	if (!is || !*is)
		report_warn("with.is: nobody has said what it is");
	else if (via.text && !jtext_is(via, "item") && !jtext_is(via, "here"))
		status = fault_set(f, FAULT_BAD, "with.via: item or here is wanted");
	else if (via.text && jtext_is(via, "here"))
		status = output_here(a, &out, f);
	else
		status = action_ssh_output(a, &out, f);
	if (status == 0)
		status = compare(is, &out);
	str_done(&out);
	free(is);
	return status;
}
