/* SPDX-License-Identifier: Apache-2.0 */
/* query: SQL over the views of craton-query(7). */
#include "inv.h"

#include "base/map.h"
#include "base/report.h"
#include "fleet/label/rule.h"
#include "fleet/pairs.h"
#include "fleet/query/query.h"
#include "fleet/ref.h"
#include "io/file.h"
#include "io/output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ROWS 1000000 /* in all: a join without its condition fills a disk else */

struct printer {
	struct session *s;
	struct query query;
	enum output_format format;
	int zero;
	int64_t limit;
	int ncols, item, kind, named; /* columns by what they are called; -1: none */
	const char **heads;
	struct table table;
	struct output out;
};

/* ---- columns ---- */

static int
find_column(const struct printer *p, const char *name)
{
	int i = p->ncols - 1;

	while (i >= 0 && strcmp(p->heads[i], name) != 0)
		i--;
	return i;
}

/* A record has one value a name. */
static int
refuse_namesakes(const struct printer *p, struct fault *f)
{
	for (int i = 0; i < p->ncols; i++)
		if (find_column(p, p->heads[i]) != i)
			return fault_set(f, FAULT_BAD,
			    "query: two columns are called %s; AS gives another name", p->heads[i]);
	return 0;
}

static int
read_columns(struct printer *p, struct fault *f)
{
	p->ncols = guard_columns(&p->query.rows);
	p->heads = mem_zero((size_t)p->ncols, sizeof(*p->heads));
	for (int i = 0; i < p->ncols; i++)
		p->heads[i] = guard_column_name(&p->query.rows, i);
	p->item = find_column(p, "item");
	p->kind = find_column(p, "kind");
	p->named = find_column(p, "ref") >= 0 ? find_column(p, "ref") : p->item;
	p->table.heads = p->heads;
	p->table.ncols = (size_t)p->ncols;
	if (p->format == OUTPUT_NAMES && p->named < 0)
		return fault_set(
		    f, FAULT_USAGE, "query: -o names prints a column called ref or item");
	if (p->format == OUTPUT_JSONL || p->format == OUTPUT_JSON)
		return refuse_namesakes(p, f);
	return 0;
}

/* A column called item holds ids: people and other tools want refs. */
static int
put_cell_text(struct printer *p, int col, struct str *out, struct fault *f)
{
	const struct guard_rows *rows = &p->query.rows;

	switch (guard_type(rows, col)) {
	case GUARD_NULL: return 0;
	case GUARD_INT:
		if (col == p->item)
			return p->query.host.ref(p->query.host.ctx, guard_int(rows, col), out, f) <
				       0
				   ? -1
				   : 0;
		str_addf(out, "%" PRId64, guard_int(rows, col));
		return 0;
	case GUARD_REAL: str_addf(out, "%.15g", guard_double(rows, col)); return 0;
	case GUARD_TEXT: str_add(out, guard_text(rows, col)); return 0;
	}
	abort();
}

/* ---- rows ---- */

static int
put_member(struct printer *p, int col, struct str *json, struct fault *f)
{
	const struct guard_rows *rows = &p->query.rows;
	struct str ref = STR_INIT;
	int status = 0;

	if (col != p->item || guard_type(rows, col) != GUARD_INT)
		return query_put_column(json, rows, col, f);
	status = put_cell_text(p, col, &ref, f);
	if (status == 0 && ref.len)
		jtext_text(json, "item", ref.text);
	str_done(&ref);
	return status;
}

static int
put_record(struct printer *p, struct fault *f)
{
	struct str json = STR_INIT;
	int status = 0;

	jtext_open(&json);
	if (p->kind < 0)
		jtext_text(&json, "kind", "row");
	else
		status = put_member(p, p->kind, &json, f);
	for (int i = 0; status == 0 && i < p->ncols; i++)
		if (i != p->kind)
			status = put_member(p, i, &json, f);
	jtext_close(&json);
	if (status == 0)
		output_record(&p->out, json.text, json.len);
	str_done(&json);
	return status;
}

static int
put_row(struct printer *p, struct fault *f)
{
	int status = 0;

	for (int i = 0; status == 0 && i < p->ncols; i++) {
		struct str text = STR_INIT;

		status = put_cell_text(p, i, &text, f);
		table_cell(&p->table, text.text);
		str_done(&text);
	}
	table_end_row(&p->table);
	return status;
}

static int
put_name(struct printer *p, struct fault *f)
{
	struct str text = STR_INIT;
	int status = put_cell_text(p, p->named, &text, f);

	if (status == 0 && text.len)
		output_name(&p->out, text.text, p->zero);
	str_done(&text);
	return status;
}

static int
put(struct printer *p, struct fault *f)
{
	switch (p->format) {
	case OUTPUT_TABLE:
	case OUTPUT_TSV: return put_row(p, f);
	case OUTPUT_JSONL:
	case OUTPUT_JSON: return put_record(p, f);
	case OUTPUT_NAMES: return put_name(p, f);
	}
	abort();
}

static int
print_rows(struct printer *p, struct fault *f)
{
	int64_t n = 0;
	int more = 1;

	while (more > 0 && (more = guard_next(&p->query.rows, f)) == 1)
		if (n++ == p->limit)
			more = fault_set(f, FAULT_REFUSED,
			    "query: more than %" PRId64 " rows; --limit allows others", p->limit);
		else
			more = put(p, f) < 0 ? -1 : 1;
	return more;
}

/* What was printed before a fault stays printed. */
static int
print(struct printer *p, struct fault *f)
{
	int status;

	output_begin(&p->out, p->format);
	status = print_rows(p, f);
	if (p->format == OUTPUT_TABLE || p->format == OUTPUT_TSV)
		output_table(&p->table, p->format);
	else
		output_end(&p->out);
	return status;
}

/* ---- the command line ---- */

/* NAME=VALUE as for set: the values are those of the members "variables". */
static int
read_parameters(const struct words *pairs, struct str *out, struct fault *f)
{
	struct str json = STR_INIT, whole = STR_INIT;
	struct jtext values;
	int status;

	for (size_t i = 0; i < pairs->n; i++)
		if (pairs_attribute(pairs->v[i]))
			return fault_set(
			    f, FAULT_USAGE, "--param %s: NAME=VALUE is wanted", pairs->v[i]);
	jtext_open(&json);
	status = pairs_put(&json, pairs->v, pairs->n, f);
	jtext_close(&json);
	if (status == 0)
		status = jtext_canonical(json.text, json.len, &whole, f);
	if (status == 0) {
		values = jtext_member(JTEXT(whole.text), "variables");
		str_addn(out, values.text ? values.text : "{}", values.text ? values.len : 2);
	} else {
		fault_within(f, "--param");
	}
	str_done(&json);
	str_done(&whole);
	return status;
}

static int
query(struct printer *p, const char *sql, const struct words *pairs, int64_t patience,
    struct fault *f)
{
	struct str parameters = STR_INIT;
	int status = read_parameters(pairs, &parameters, f);

	if (status == 0) {
		status = query_open(&p->query, p->s, sql, JTEXT(parameters.text), f);
		if (status == 0 && patience)
			guard_patience(&p->query.rows, patience);
		if (status == 0)
			status = read_columns(p, f);
		if (status == 0)
			status = print(p, f);
		query_close(&p->query);
	}
	free(p->heads);
	str_done(&parameters);
	return status;
}

static int
read_sql(char *const *operands, int n, const char *file, struct str *out, struct fault *f)
{
	if (n != (file ? 0 : 1))
		return fault_set(f, FAULT_USAGE, "query: one SELECT is wanted, or --file");
	if (file)
		return file_read(file, GUARD_LONGEST_SQL, out, f);
	str_add(out, operands[0]);
	return 0;
}

int
inv_query(int argc, char **argv)
{
	struct session_options base = {0};
	struct output_options output = {0};
	struct words pairs = {0};
	struct printer p = {.limit = MOST_ROWS};
	const char *file = NULL;
	int64_t patience = 0;
	const struct args_opt own[] = {
	    {0, "param", "NAME=VALUE", ARGS_TEXTS, &pairs, "the value of :NAME; repeatable"},
	    {0, "file", "FILE", ARGS_TEXT, &file, "read the query from a file; - is stdin"},
	    {0, "limit", "N", ARGS_INT, &p.limit, "stop at more rows; 1000000"},
	    {'t', "timeout", "TIME", ARGS_DURATION, &patience, "stop when it takes longer; 30s"},
	    OUTPUT_OPTIONS(&output, OUTPUT_ALL),
	    {'0', "null", NULL, ARGS_FLAG, &p.zero, "names end with NUL, for xargs -0"}, {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"query [options] SELECT",
	    "Ask in SQL, over the views of craton-query(7). Nothing can be changed by it.",
	    "craton-inv query 'SELECT region, count(*) FROM items GROUP BY region'\n"
	    "craton-inv query \"SELECT item FROM labels WHERE label = :label\" \\\n"
	    "    --param label=canary -o names",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	struct str sql = STR_INIT;
	int n, status = args_parse(&args, argc, argv, &n, &f), help = status > 0;

	p.s = &s;
	if (status == 0)
		status = output_format(output.word,
		    output.json ? OUTPUT_JSONL
		    : p.zero    ? OUTPUT_NAMES
				: OUTPUT_TABLE,
		    &p.format, &f);
	if (status == 0 && p.zero && p.format != OUTPUT_NAMES)
		status = fault_set(&f, FAULT_USAGE, "--null goes with -o names");
	if (status == 0)
		status = read_sql(argv + 1, n, file, &sql, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = query(&p, sql.text, &pairs, patience, &f);
	rules_doubts(&s, inv_warn, NULL);
	str_done(&sql);
	words_done(&pairs);
	session_close(&s);
	return help ? 0 : status < 0 ? report_fault(&f) : status;
}
