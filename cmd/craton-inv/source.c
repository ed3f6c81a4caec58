/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/near.h"
#include "base/report.h"
#include "base/when.h"
#include "fleet/log/change.h"
#include "fleet/source.h"
#include "io/output.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- list ---- */

static void
add_row(struct table *t, const struct source *one, int64_t layers)
{
	char seen[WHEN_TEXT];

	table_cell(t, one->name);
	table_cellf(t, "%" PRId64, one->rank);
	table_cellf(t, "%" PRId64, layers);
	table_cell(t, one->seen ? when_second(one->seen, seen) : NULL);
	table_end_row(t);
}

static void
put_record(struct output *out, const struct source *one, int64_t layers)
{
	struct str json = STR_INIT;

	jtext_open(&json);
	jtext_text(&json, "kind", "source");
	jtext_text(&json, "name", one->name);
	jtext_int(&json, "rank", one->rank);
	jtext_int(&json, "layers", layers);
	jtext_time(&json, "seen", one->seen);
	jtext_close(&json);
	output_record(out, json.text, json.len);
	str_done(&json);
}

static int
list(struct session *s, enum output_format format, struct fault *f)
{
	static const char sql[] = "SELECT count(*) FROM document WHERE id % 4096 = $1";
	static const char *const heads[] = {"NAME", "RANK", "LAYERS", "SEEN"};
	struct table table = TABLE_INIT(heads);
	struct sources all = {0};
	struct output out;
	int status = source_list(s, &all, f) < 0 ? -1 : 0;

	table.rights = " rr";
	output_begin(&out, format);
	for (size_t i = 0; status == 0 && i < all.n; i++) {
		int64_t layers = 0;

		if (db_get_int(s->db, &layers, f, sql, "i", all.v[i].id) < 0)
			status = -1;
		else if (format == OUTPUT_TABLE || format == OUTPUT_TSV)
			add_row(&table, &all.v[i], layers);
		else if (format == OUTPUT_NAMES)
			output_name(&out, all.v[i].name, 0);
		else
			put_record(&out, &all.v[i], layers);
	}
	if (format == OUTPUT_TABLE || format == OUTPUT_TSV)
		output_table(&table, format);
	else
		output_end(&out);
	sources_done(&all);
	return status;
}

/* ---- set ---- */

static int
want(struct session *s, const char *name, struct source *out, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	struct sources all = {0};
	char hint[NEAR_HINT];
	int found = source_get(s, name, out, f);

	if (found)
		return found < 0 ? -1 : 0;
	if (source_list(s, &all, f) == 0) {
		for (size_t i = 0; i < all.n; i++)
			near_offer(&near, all.v[i].name);
		fault_set(
		    f, FAULT_BAD, "source \"%s\": no such source%s", name, near_hint(&near, hint));
	}
	sources_done(&all);
	return -1;
}

static int
set_rank(struct session *s, const char *name, int64_t rank, struct fault *f)
{
	struct source source = {0};
	struct change c;
	int status = want(s, name, &source, f);

	if (status == 0)
		status = change_begin(&c, s, s->operator, f);
	if (status == 0) {
		status = change_rank(&c, source.id, rank, f);
		if (status < 0)
			change_rollback(&c);
		else
			status = change_commit(&c, f);
	}
	source_done(&source);
	return status;
}

static int
check(int n, char *const *operands, int64_t rank, struct fault *f)
{
	if (n == 0 && rank < 0)
		return 0;
	if (n == 0 || strcmp(operands[0], "set") != 0 || n != 2 || rank < 0)
		return fault_set(
		    f, FAULT_USAGE, "source: set NAME --rank N is wanted, or no operands");
	return 0;
}

int
inv_source(int argc, char **argv)
{
	struct session_options base = {0};
	const char *word = NULL;
	int64_t rank = -1;
	int json = 0;
	const struct args_opt own[] = {
	    {0, "rank", "N", ARGS_INT, &rank, "with set: the lowest rank wins"},
	    {'o', "output", "FORMAT", ARGS_TEXT, &word, "table, jsonl, json, tsv or names"},
	    {0, "json", NULL, ARGS_FLAG, &json, "short for -o jsonl"}, SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"source [options] [set NAME]",
	    "List the sources of truth, the best first; with set, change a source's rank.",
	    "craton-inv source\n"
	    "craton-inv source set netbox --rank 50 -m 'reviewed in May'",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	enum output_format format;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0)
		status = check(n, argv + 1, rank, &f);
	if (status == 0)
		status = output_format(word, json ? OUTPUT_JSONL : OUTPUT_TABLE, &format, &f);
	if (status == 0)
		status = session_open(&s, &base, n ? DB_CHANGE : DB_READ, &f);
	if (status == 0)
		status = n ? set_rank(&s, argv[2], rank, &f) : list(&s, format, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
