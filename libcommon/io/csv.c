/* SPDX-License-Identifier: Apache-2.0 */
#include "io/csv.h"

#include <string.h>

/* Over a line end, if there is one. */
static int
end_line(struct csv *in)
{
	char *at = in->at;

	if (at < in->end && *at == '\r' && at[1] == '\n')
		at++;
	if (at < in->end && *at != '\n')
		return 0;
	in->next += at < in->end;
	in->at = at < in->end ? at + 1 : at;
	return 1;
}

static int
bad(struct csv *in, struct fault *f, const char *why)
{
	char *end = memchr(in->at, '\n', (size_t)(in->end - in->at));

	in->next += end != NULL;
	in->at = end ? end + 1 : in->end;
	return fault_set(f, FAULT_BAD, "%s", why);
}

/* The cell behind a quote, its doubled quotes made one, moved over what it was written in. */
static char *
quoted(struct csv *in)
{
	char *cell = ++in->at, *to = cell;

	for (; in->at < in->end; in->at++) {
		if (*in->at == '"' && *++in->at != '"') {
			/* The closing quote is before it, so that there is room for the NUL. */
			*to = '\0';
			return cell;
		}
		in->next += *in->at == '\n';
		*to++ = *in->at;
	}
	return NULL;
}

int
csv_next(struct csv *in, struct csv_cells *cells, struct fault *f)
{
	cells->n = 0;
	while (in->at < in->end && end_line(in))
		;
	if (in->at == in->end)
		return 0;
	in->line = in->next;
	for (;;) {
		char *cell = in->at, *end;

		if (*cell == '"') {
			cell = quoted(in);
			if (!cell)
				return bad(in, f, "a quoted cell without its closing quote");
		} else {
			in->at += strcspn(cell, ",\"\n");
			if (*in->at == '"')
				return bad(in, f, "a quote inside a cell that is not quoted");
			if (in->at > cell && *in->at == '\n' && in->at[-1] == '\r')
				in->at--;
		}
		vec_push(cells, cell);
		end = in->at;
		if (*in->at == ',') {
			in->at++;
			*end = '\0';
			continue;
		}
		if (!end_line(in))
			return bad(in, f, "text behind a closing quote");
		*end = '\0';
		return 1;
	}
}

void
csv_put(struct str *out, const char *cell, int first)
{
	if (!first)
		str_addc(out, ',');
	if (!strpbrk(cell, ",\"\r\n")) {
		str_add(out, cell);
		return;
	}
	str_addc(out, '"');
	for (const char *p = cell; *p; p++) {
		if (*p == '"')
			str_addc(out, '"');
		str_addc(out, *p);
	}
	str_addc(out, '"');
}

void
csv_end(struct str *out)
{
	str_add(out, "\r\n");
}
