/* SPDX-License-Identifier: Apache-2.0 */
/* The fleet for a terminal: a character a device, cabinets side by side as they fit. */
#include "base/show.h"
#include "flow/report/write.h"

#include <string.h>

struct look {
	char mark;
	const char *colour; /* SGR */
	const char *word;
};

/* By severity + 1; 0 is clear. Colour repeats what the character says. */
static const struct look looks[] = {
    {'.', "32", "clear"},
    {'i', "36", "info"},
    {'l', "36", "low"},
    {'m', "33", "medium"},
    {'H', "31", "high"},
    {'C', "1;97;41", "critical"},
};
static const struct look unknown = {'?', "35", "not known"};
static const struct look tolerated = {'w', "2", "waived"};

static const struct look *
look_of(const struct report_device *d)
{
	if (d->worst < 0)
		return d->waived ? &tolerated : &looks[0];
	return d->as == VERDICT_FAIL ? &looks[d->worst + 1] : &unknown;
}

struct drawing {
	size_t width, column; /* column: how much of the line is filled; 0: it is new */
	size_t names;         /* columns that the names of the cell's cabinets take */
	int colour;
	struct str *out;
};

static void
put(struct drawing *d, const struct look *look)
{
	if (d->colour)
		str_addf(d->out, "\033[%sm%c\033[0m", look->colour, look->mark);
	else
		str_addc(d->out, look->mark);
	d->column++;
}

static void
end_line(struct drawing *d)
{
	if (d->column)
		str_addc(d->out, '\n');
	d->column = 0;
}

/* The name of a place, cut so that the devices have room beside it. */
static void
put_name(struct drawing *d, const char *name)
{
	struct str shown = STR_INIT;
	size_t columns = show_text(&shown, name), most = d->width / 3;

	if (columns > most) {
		str_cut(&shown, show_fit(shown.text, most));
		columns = most;
	}
	str_add(d->out, shown.text ? shown.text : "");
	d->column += columns;
	str_done(&shown);
}

/* The devices i up to end stand together; too many for a line go on below the first. */
static void
put_cabinet(struct drawing *d, const struct report *r, size_t i, size_t end)
{
	const char *name = r->devices.v[i].place[2];
	size_t wanted = d->names + 1 + (end - i), indent;

	if (d->column && d->column + 2 + wanted > d->width)
		end_line(d);
	str_add(d->out, "  ");
	indent = d->column + 2 + d->names + 1;
	d->column += 2;
	put_name(d, *name ? name : "-");
	for (; d->column < indent; d->column++)
		str_addc(d->out, ' ');
	for (; i < end; i++) {
		if (d->column >= d->width) {
			end_line(d);
			for (d->column = 0; d->column < indent; d->column++)
				str_addc(d->out, ' ');
		}
		put(d, look_of(&r->devices.v[i]));
	}
}

/* Columns for the names of a cell's cabinets: the widest, as put_name cuts it. */
static size_t
widest(const struct drawing *d, const struct report *r, size_t i, size_t end)
{
	struct str shown = STR_INIT;
	size_t most = 1;

	for (; i < end; i = report_place_end(r, i, 3)) {
		size_t columns = show_text(&shown, r->devices.v[i].place[2]);

		if (columns > most)
			most = columns;
	}
	str_done(&shown);
	return most < d->width / 3 ? most : d->width / 3;
}

static void
put_cell_name(struct drawing *d, const struct report_device *first)
{
	end_line(d);
	put_name(d, *first->place[0] ? first->place[0] : "(no region)");
	if (*first->place[1]) {
		str_addc(d->out, '/');
		put_name(d, first->place[1]);
	}
	end_line(d);
}

static void
put_legend(struct drawing *d, const char *by)
{
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
		put(d, &looks[i]);
		str_addf(d->out, " %s  ", looks[i].word);
	}
	put(d, &unknown);
	str_addf(d->out, " %s  ", unknown.word);
	put(d, &tolerated);
	str_addf(d->out, " %s", tolerated.word);
	end_line(d);
	str_addf(d->out, "a character a device; together by %s\n", by);
}

void
report_map(const struct report *r, size_t width, int colour, struct str *out)
{
	struct drawing d = {.width = width < 20 ? 80 : width, .colour = colour, .out = out};

	for (size_t i = 0; i < r->devices.n;) {
		size_t cell_end = report_place_end(r, i, 2);

		put_cell_name(&d, &r->devices.v[i]);
		d.names = widest(&d, r, i, cell_end);
		while (i < cell_end) {
			size_t end = report_place_end(r, i, 3);

			put_cabinet(&d, r, i, end);
			i = end;
		}
	}
	end_line(&d);
	if (r->devices.n) {
		str_addc(out, '\n');
		put_legend(&d, r->by);
	}
}
