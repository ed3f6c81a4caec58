/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "base/show.h"
#include "fleet/past/diff.h"
#include "fleet/source.h"
#include "io/file.h"
#include "io/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct diff_job {
	struct session_options base;
	const char *from, *to;
	enum output_format format;
	struct output out;
	char *head; /* of the lines printed last: item and source */
};

/* ---- printing ---- */

static void
print_head(struct diff_job *j, const struct diff_value *v)
{
	struct str head = STR_INIT;

	show_text(&head, v->item);
	if (v->source) {
		str_add(&head, " (");
		show_text(&head, v->source);
		str_addc(&head, ')');
	}
	if (!j->head || strcmp(j->head, head.text) != 0)
		puts(head.text);
	free(j->head);
	j->head = str_take(&head);
}

static void
print_text(struct diff_job *j, const struct diff_value *v)
{
	struct str line = STR_INIT;
	char sign = v->difference.old.text ? '-' : '+';

	if (!strcmp(v->difference.what, "item")) {
		show_text(&line, v->item);
		printf("%c %s\n", sign, line.text);
	} else {
		print_head(j, v);
		difference_to_text(&v->difference, &line);
		fputs(line.text, stdout);
	}
	str_done(&line);
}

static void
print_record(struct diff_job *j, const struct diff_value *v)
{
	struct str json = STR_INIT;

	jtext_open(&json);
	jtext_text(&json, "kind", "difference");
	jtext_text(&json, "item", v->item);
	jtext_text(&json, "source", v->source);
	difference_to_json(&v->difference, &json);
	jtext_close(&json);
	output_record(&j->out, json.text, json.len);
	str_done(&json);
}

static int
print(const struct diff_value *v, void *ctx)
{
	struct diff_job *j = ctx;

	if (j->format == OUTPUT_TABLE)
		print_text(j, v);
	else
		print_record(j, v);
	return 0;
}

/* ---- what is compared ---- */

static int
is_database(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char start[sizeof(magic)] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), is = 0;

	if (fd >= 0) {
		is = read(fd, start, sizeof(magic)) == sizeof(magic) &&
		     memcmp(start, magic, sizeof(magic)) == 0;
		close(fd);
	}
	return is;
}

static int
put_database(
    struct diff_job *j, struct diff *d, enum diff_side side, const char *path, struct fault *f)
{
	struct session_options o = j->base;
	struct session s = {0};
	int status;

	o.db = path;
	status = session_open(&s, &o, DB_READ, f);
	if (status == 0)
		status = diff_put_fleet(d, side, &s, NULL, f);
	session_close(&s);
	return status;
}

/* path NULL is the database of the session. */
static int
put_file(struct diff_job *j, struct diff *d, enum diff_side side, const char *path, struct fault *f)
{
	if (!path || is_database(path))
		return put_database(j, d, side, path ? path : j->base.db, f);
	return diff_put_export(d, side, path, f);
}

static int
put_sources(struct diff_job *j, struct diff *d, char *const *names, struct fault *f)
{
	struct session s = {0};
	int status = session_open(&s, &j->base, DB_READ, f);

	for (int i = 0; status == 0 && i < 2; i++) {
		const char *name = names[i] + strlen("source:");
		struct source source = {0};

		status = source_need(&s, name, &source, f);
		source_done(&source);
		if (status == 0)
			status = diff_put_fleet(d, (enum diff_side)i, &s, name, f);
	}
	session_close(&s);
	return status;
}

static int
put_times(struct diff_job *j, struct diff *d, struct fault *f)
{
	struct past_point from, to;
	struct session s = {0};
	int status = session_open(&s, &j->base, DB_READ, f);

	if (status == 0)
		status = past_point(&s, j->from, &from, f);
	if (status == 0)
		status = j->to ? past_point(&s, j->to, &to, f) : past_now(&s, &to, f);
	session_close(&s);
	return status < 0 ? -1 : diff_put_times(d, &j->base, &from, &to, f);
}

static int
is_source(const char *operand)
{
	return strncmp(operand, "source:", 7) == 0;
}

static int
put_all(struct diff_job *j, struct diff *d, char *const *operands, int n, struct fault *f)
{
	if (j->from)
		return put_times(j, d, f);
	if (n == 2 && is_source(operands[0]) && is_source(operands[1]))
		return put_sources(j, d, operands, f);
	if (put_file(j, d, DIFF_OLD, operands[0], f) < 0)
		return -1;
	return put_file(j, d, DIFF_NEW, n == 2 ? operands[1] : NULL, f);
}

static int
check(const struct diff_job *j, char *const *operands, int n, struct fault *f)
{
	if (j->to && !j->from)
		return fault_set(f, FAULT_USAGE, "diff: --to goes with --from");
	if (j->from ? n != 0 : n < 1 || n > 2)
		return fault_set(f, FAULT_USAGE,
		    "diff: --from TIME, one or two files, or two of source:NAME are wanted");
	if (n && is_source(operands[0]) && (n != 2 || !is_source(operands[1])))
		return fault_set(f, FAULT_USAGE, "diff: a source is compared with another one");
	return 0;
}

/* 1: there are differences. */
static int
run(struct diff_job *j, char *const *operands, int n, struct fault *f)
{
	struct diff d;
	int status = diff_open(&d, f);

	if (status == 0)
		status = put_all(j, &d, operands, n, f);
	if (status == 0) {
		output_begin(&j->out, j->format);
		status = diff_walk(&d, print, j, f);
		if (j->format != OUTPUT_TABLE)
			output_end(&j->out);
	}
	diff_close(&d);
	free(j->head);
	return status;
}

int
inv_diff(int argc, char **argv)
{
	struct diff_job j = {0};
	struct output_options output = {0};
	const struct args_opt own[] = {
	    {0, "from", "TIME", ARGS_TEXT, &j.from, "from then: 2026-11-23, 2h, an entry's number"},
	    {0, "to", "TIME", ARGS_TEXT, &j.to, "to then, instead of now"},
	    OUTPUT_OPTIONS(&output, OUTPUT_SHEETS), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&j.base), {0}};
	const struct args args = {"diff [options] [OLD [NEW]]",
	    "Compare two times, two exports or databases (or one with the present), or two "
	    "sources, "
	    "value by value. Exit status 1: they differ.",
	    "craton-inv diff --from 2d\n"
	    "craton-inv diff last-month.jsonl\n"
	    "craton-inv diff source:netbox source:nova --json",
	    own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = output_choose_sheet("diff", &output, &j.format, &f);
	if (status == 0)
		status = check(&j, argv + 1, n, &f);
	if (status == 0)
		status = run(&j, argv + 1, n, &f);
	if (status >= 0 && file_end_output(&f) < 0)
		status = -1;
	return status < 0 ? report_fault(&f) : status;
}
