/* SPDX-License-Identifier: Apache-2.0 */
/* What a check is for: how bad it is and why, what puts it right, where the rule comes from. */
#include "audit.h"

#include "base/near.h"
#include "base/report.h"
#include "io/args.h"
#include "io/file.h"
#include "io/output.h"
#include "io/wrap.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct explaining {
	struct session_options base;
	const char *word; /* of -o */
	struct output out;
	int is_first;
};

static void
put_record(struct output *out, const struct check *c)
{
	struct str json = STR_INIT;

	jtext_open(&json);
	jtext_text(&json, "kind", "check");
	jtext_text(&json, "name", c->name);
	jtext_text(&json, "title", c->title);
	jtext_text(&json, "severity", severity_words[c->severity]);
	jtext_text(&json, "why", c->why);
	jtext_text(&json, "remedy", c->remedy);
	jtext_key(&json, "references");
	str_addc(&json, '[');
	for (size_t i = 0; i < c->references.n; i++) {
		str_add(&json, i ? "," : "");
		jtext_put_string(&json, c->references.v[i]);
	}
	str_addc(&json, ']');
	jtext_close(&json);
	output_record(out, json.text, json.len);
	str_done(&json);
}

static void
put_text(const struct check *c, int is_first)
{
	struct str text = STR_INIT;

	str_addf(&text, "%s%s  %s\n", is_first ? "" : "\n", c->name, severity_words[c->severity]);
	if (c->title)
		wrap_words("    ", c->title, ' ', &text);
	if (c->why)
		wrap_words("    why      ", c->why, ' ', &text);
	if (c->remedy)
		wrap_words("    remedy   ", c->remedy, ' ', &text);
	for (size_t i = 0; i < c->references.n; i++)
		wrap_words("    see      ", c->references.v[i], ' ', &text);
	output_text(&text);
	str_done(&text);
}

static void
put(struct explaining *x, const struct check *c)
{
	switch (x->out.format) {
	case OUTPUT_NAMES: output_name(&x->out, c->name, 0); break;
	case OUTPUT_JSONL:
	case OUTPUT_JSON: put_record(&x->out, c); break;
	default: put_text(c, x->is_first);
	}
	x->is_first = 0;
}

/* All checks of a definition, or the one that is named. */
static int
put_checks(struct explaining *x, const struct definition *d, const char *id, struct fault *f)
{
	struct near near = NEAR_INIT(id ? id : "");
	char hint[NEAR_HINT];
	int found = 0;

	for (size_t i = 0; i < d->checks.n; i++) {
		if (!id || !strcmp(d->checks.v[i].id, id)) {
			put(x, &d->checks.v[i]);
			found = 1;
		}
		near_offer(&near, d->checks.v[i].id);
	}
	return found ? 0
		     : fault_set(f, FAULT_BAD, "audit %s has no check \"%.80s\"%s", d->audit, id,
			   near_hint(&near, hint));
}

/* An audit by path or name, or its check: AUDIT/CHECK, where there is no such file. */
static int
explain(struct explaining *x, const char *called, struct fault *f)
{
	const char *slash = access(called, F_OK) == 0 ? NULL : strrchr(called, '/');
	char *audit = slash ? mem_dupn(called, (size_t)(slash - called)) : mem_dup(called);
	struct definition d;
	int status = open_definition(&d, audit, f);

	if (status == 0)
		status = put_checks(x, &d, slash ? slash + 1 : NULL, f);
	definition_close(&d);
	free(audit);
	return status;
}

int
verb_explain(int argc, char **argv)
{
	struct explaining x = {.is_first = 1};
	const struct args_opt own[] = {
	    {'o', "output", "FORMAT", ARGS_TEXT, &x.word, "table (text), jsonl, json or names"},
	    {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&x.base), {0}};
	const struct args args = {"explain [options] AUDIT[/CHECK] ...",
	    "Say of checks how bad what they find is, why, and what puts it right.",
	    "craton-audit explain host-state\n"
	    "craton-audit explain duplicates/serial",
	    own, NULL, common};
	enum output_format format = OUTPUT_TABLE;
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(x.base.quiet ? -1 : x.base.verbose);
	if (status == 0 && n == 0)
		status = fault_set(&f, FAULT_USAGE, "explain: AUDIT is wanted");
	if (status == 0)
		status = output_format(x.word, OUTPUT_TABLE, &format, &f);
	if (status == 0 && format == OUTPUT_TSV)
		status = fault_set(&f, FAULT_USAGE, "-o tsv: it is table, jsonl, json or names");
	if (status < 0)
		return report_fault(&f);
	output_begin(&x.out, format);
	for (int i = 0; status == 0 && i < n; i++)
		status = explain(&x, argv[i + 1], &f);
	output_end(&x.out);
	if (status == 0)
		status = file_end_output(&f);
	return status < 0 ? report_fault(&f) : 0;
}
