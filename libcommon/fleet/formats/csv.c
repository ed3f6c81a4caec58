/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV by RFC 4180, with a header: what each column means stands in column.h. A line is a
 * record of kind host unless a column says otherwise. Values are texts (asset numbers have
 * leading zeros) but in columns of json:. An empty cell says nothing. Lines may end in LF.
 */
#include "fleet/formats/column.h"
#include "fleet/formats/format.h"

#include "base/mem.h"
#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

struct table {
	struct draft draft;
	VEC(struct column) columns;
	int has_header, has_kind;
};

static void
start(struct format_run *run)
{
	run->state = mem_zero(1, sizeof(struct table));
}

static void
end(struct format_run *run)
{
	struct table *t = run->state;

	for (size_t i = 0; i < t->columns.n; i++)
		column_done(&t->columns.v[i]);
	vec_done(&t->columns);
	draft_done(&t->draft);
	free(t);
}

static int
read_header(struct format_run *run, const struct csv_cells *cells, struct fault *f)
{
	struct table *t = run->state;

	for (size_t i = 0; i < cells->n; i++) {
		struct column *c = vec_add(&t->columns);

		if (words_have(&(struct words){cells->v, i, i}, cells->v[i]))
			return fault_set(f, FAULT_BAD, "two columns \"%s\"", cells->v[i]);
		if (column_read(c, cells->v[i], run->map, f) < 0)
			return -1;
		t->has_kind |= c->word && strcmp(c->word, "kind") == 0;
	}
	t->has_header = 1;
	return 0;
}

static int
translate(
    struct format_run *run, const struct csv_cells *cells, unsigned long line, struct fault *f)
{
	struct table *t = run->state;

	if (cells->n != t->columns.n)
		return fault_set(
		    f, FAULT_BAD, "%zu cells, and the header has %zu", cells->n, t->columns.n);
	if (t->has_kind)
		draft_start_open(&t->draft);
	else
		draft_start(&t->draft, "host");
	for (size_t i = 0; i < cells->n; i++)
		if (column_put_text(&t->draft, &t->columns.v[i], cells->v[i], f) < 0)
			return -1;
	return draft_emit(&t->draft, run, line, f);
}

static int
translate_all(struct format_run *run, char *text, size_t len, struct fault *f)
{
	struct table *t = run->state;
	struct csv in = CSV_INIT(text, len);
	struct csv_cells cells = {0};
	int more, result = 0;

	while (result == 0 && (more = csv_next(&in, &cells, f)) != 0) {
		if (more > 0)
			more = t->has_header ? translate(run, &cells, in.line, f)
					     : read_header(run, &cells, f);
		if (more >= 0)
			continue;
		if (f->kind != FAULT_BAD)
			result = -1;
		else
			format_bad(run, in.line, f);
		if (!t->has_header || result < 0)
			break;
	}
	vec_done(&cells);
	return result;
}

const struct format format_csv = {
    .name = "csv",
    .about = "CSV with a header; --map says what a column means",
    .start = start,
    .end = end,
    .text = translate_all,
    .takes_map = 1,
};
