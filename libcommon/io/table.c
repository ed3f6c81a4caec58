/* SPDX-License-Identifier: Apache-2.0 */
#include "io/table.h"

#include "base/num.h"
#include "base/report.h"
#include "base/show.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define GAP "  "
#define CUT "..."

/*
 * No column but the last is padded wider than this: one label of 10 kB made every line of a
 * table as long. What is wider itself stands out of its column, whole.
 */
#define WIDEST 100

/* SGR parameters of ECMA-48. */
static const char *const tones[] = {
    [TABLE_PLAIN] = NULL,
    [TABLE_GOOD] = "32",
    [TABLE_WARN] = "33",
    [TABLE_BAD] = "31",
    [TABLE_FAINT] = "2",
};

static void
add(struct table *t, enum table_tone tone, char *text)
{
	assert(t->filled < t->ncols);
	t->filled++;
	vec_push(&t->cells, ((struct table_cell){text, tone}));
}

void
table_cell(struct table *t, const char *text)
{
	add(t, TABLE_PLAIN, mem_dup(text));
}

void
table_toned(struct table *t, enum table_tone tone, const char *text)
{
	add(t, tone, mem_dup(text));
}

void
table_cellf(struct table *t, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		report_no_memory();
	add(t, TABLE_PLAIN, text);
}

void
table_end_row(struct table *t)
{
	while (t->filled < t->ncols)
		table_cell(t, NULL);
	t->filled = 0;
}

void
table_done(struct table *t)
{
	for (size_t i = 0; i < t->cells.n; i++)
		free(t->cells.v[i].text);
	vec_done(&t->cells);
	t->filled = 0;
}

int
table_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(out)) && (!no || !*no) && term && *term && strcmp(term, "dumb") != 0;
}

void
table_line(enum table_tone tone, const char *shown, FILE *out)
{
	if (tones[tone] && table_colour(out))
		fprintf(out, "\033[%sm%s\033[0m\n", tones[tone], shown);
	else
		fprintf(out, "%s\n", shown);
}

size_t
table_width(FILE *out)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	struct fault f;
	int64_t n;

	if (columns && num_int(columns, 1, 1000000, &n, &f) == 0)
		return (size_t)n;
	if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
		return size.ws_col;
	return 0;
}

/* ---- for people ---- */

struct layout {
	const struct table *table;
	size_t *widths;
	char *hidden; /* columns that are left out */
	size_t last;  /* columns left for the last column; 0 is no limit */
	int colour;
	struct str line, cell;
	FILE *out;
};

static int
is_right(const struct table *t, size_t column)
{
	return t->rights && column < strlen(t->rights) && t->rights[column] == 'r';
}

/* Puts a cell's text, harmless, into l->cell; returns its columns. */
static size_t
clean(struct layout *l, const char *text)
{
	str_reset(&l->cell);
	return show_text(&l->cell, text ? text : "");
}

/* Columns of a line, without those of its last cell. */
static size_t
width_before_last(const struct layout *l)
{
	size_t used = 0;

	for (size_t i = 0; i + 1 < l->table->ncols; i++)
		if (!l->hidden[i])
			used += l->widths[i] + strlen(GAP);
	return used;
}

static void
hide_empty(struct layout *l)
{
	const struct table *t = l->table;

	memset(l->hidden, 1, t->ncols);
	for (size_t i = 0; i < t->cells.n; i++)
		if (t->cells.v[i].text && *t->cells.v[i].text)
			l->hidden[i % t->ncols] = 0;
	l->hidden[0] = 0;
}

static void
measure(struct layout *l)
{
	const struct table *t = l->table;
	size_t limit = table_width(l->out), used, head;

	for (size_t i = 0; i < t->ncols; i++)
		l->widths[i] = clean(l, t->heads[i]);
	head = l->widths[t->ncols - 1];
	for (size_t i = 0; i < t->cells.n; i++) {
		size_t width = clean(l, t->cells.v[i].text), column = i % t->ncols;

		if (width > WIDEST && column + 1 < t->ncols)
			width = WIDEST;
		if (width > l->widths[column])
			l->widths[column] = width;
	}
	if (limit && width_before_last(l) + l->widths[t->ncols - 1] > limit)
		hide_empty(l);
	used = width_before_last(l);
	if (limit) /* its head is kept, even if the line gets too long */
		l->last = limit > used + head ? limit - used : head;
	if (limit && l->widths[t->ncols - 1] > l->last)
		l->widths[t->ncols - 1] = l->last;
}

static void
pad(struct str *line, size_t n)
{
	if (!n)
		return;
	memset(str_space(line, n), ' ', n);
	str_grown(line, n);
}

static void
put_cell(struct layout *l, size_t column, const struct table_cell *cell)
{
	const char *tone = l->colour ? tones[cell->tone] : NULL;
	size_t width = clean(l, cell->text), room = l->widths[column];
	int is_last = column + 1 == l->table->ncols;

	if (width > room && !is_last)
		room = width;
	if (width > room) {
		size_t dots = room < strlen(CUT) ? room : strlen(CUT);

		str_cut(&l->cell, show_fit(l->cell.text, room - dots));
		str_addn(&l->cell, CUT, dots);
		width = room;
	}
	if (is_right(l->table, column))
		pad(&l->line, room - width);
	if (tone && width)
		str_addf(&l->line, "\033[%sm", tone);
	str_add(&l->line, l->cell.text);
	if (tone && width)
		str_add(&l->line, "\033[0m");
	if (!is_right(l->table, column))
		pad(&l->line, room - width);
}

/* Blanks at the end of a line would wrap and would differ from one table to the next. */
static void
put_line(struct layout *l, const struct table_cell *cells)
{
	str_reset(&l->line);
	for (size_t i = 0; i < l->table->ncols; i++) {
		if (l->hidden[i])
			continue;
		if (i)
			str_add(&l->line, GAP);
		put_cell(l, i, &cells[i]);
	}
	while (l->line.len && l->line.text[l->line.len - 1] == ' ')
		str_cut(&l->line, l->line.len - 1);
	str_addc(&l->line, '\n');
	fwrite(l->line.text, 1, l->line.len, l->out);
}

static void
put_heads(struct layout *l)
{
	size_t n = l->table->ncols;
	struct table_cell *heads = mem_zero(n, sizeof(*heads));

	for (size_t i = 0; i < n; i++)
		heads[i].text = mem_dup(l->table->heads[i]);
	put_line(l, heads);
	for (size_t i = 0; i < n; i++)
		free(heads[i].text);
	free(heads);
}

void
table_print(struct table *t, FILE *out)
{
	struct layout l = {.table = t, .out = out, .colour = table_colour(out)};

	assert(t->ncols);
	if (t->cells.n) {
		l.widths = mem_zero(t->ncols, sizeof(*l.widths));
		l.hidden = mem_zero(t->ncols, 1);
		measure(&l);
		put_heads(&l);
		for (size_t i = 0; i < t->cells.n; i += t->ncols)
			put_line(&l, &t->cells.v[i]);
	}
	free(l.widths);
	free(l.hidden);
	str_done(&l.line);
	str_done(&l.cell);
	table_done(t);
}

/* ---- for programs ---- */

static int
is_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

static void
put_field(const char *text, char after, FILE *out)
{
	for (; text && *text; text++)
		putc(is_control((unsigned char)*text) ? ' ' : *text, out);
	putc(after, out);
}

void
table_print_tsv(struct table *t, FILE *out)
{
	assert(t->ncols);
	for (size_t i = 0; i < t->ncols; i++)
		put_field(t->heads[i], i + 1 < t->ncols ? '\t' : '\n', out);
	for (size_t i = 0; i < t->cells.n; i++)
		put_field(t->cells.v[i].text, (i + 1) % t->ncols ? '\t' : '\n', out);
	table_done(t);
}
