/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/bulk/export.h"
#include "fleet/past/past.h"
#include "fleet/select/select.h"
#include "fleet/writers/writer.h"
#include "io/args.h"
#include "io/file.h"

#include <stdio.h>
#include <string.h>

struct export
{
	const char *format, *to;
	int64_t port;
	int list;
	const char *host;
	const struct writer *writer; /* NULL: jsonl */
	struct str out;              /* all of it, for --to */
};

static int
take(void *ctx, const char *text, size_t len, struct fault *f)
{
	struct export *e = ctx;

	if (e->to) {
		str_addn(&e->out, text, len);
		return 0;
	}
	fwrite(text, 1, len, stdout);
	return ferror(stdout) ? fault_errno(f, "stdout") : 0;
}

static int
take_line(void *ctx, struct jtext record, struct fault *f)
{
	if (take(ctx, record.text, record.len, f) < 0)
		return -1;
	return take(ctx, "\n", 1, f);
}

static void
say_note(void *ctx, const char *text)
{
	(void)ctx;
	report_note("%s", text);
}

/* 1: some of what was asked for was passed over. */
static int
write_chosen(struct session *s, struct export *e, struct select_options *chosen, char *const *names,
    int n, struct fault *f)
{
	struct writer_run run = {
	    .s = s, .host = e->host, .port = e->port, .write = take, .note = say_note, .ctx = e};
	struct ids ids = {0};
	int status = 0;

	if (!chosen->kind && !e->writer->any_kind && !n)
		chosen->kind = "host";
	if (db_snapshot(s->db, f) < 0)
		return -1;
	if (!e->host)
		status = select_items(s, chosen, names, n, SELECT_TO_READ, inv_warn, NULL, &ids, f);
	if (status >= 0 && writer_run(e->writer, &run, &ids, f) < 0)
		status = -1;
	db_rollback(s->db);
	vec_done(&ids);
	return status;
}

static int
run(struct session *s, struct export *e, struct select_options *chosen, char *const *names, int n,
    struct fault *f)
{
	int status =
	    e->writer ? write_chosen(s, e, chosen, names, n, f) : export_all(s, take_line, e, f);

	if (status >= 0 && e->to &&
	    file_replace(e->to, e->out.text ? e->out.text : "", e->out.len, f) < 0)
		status = -1;
	str_done(&e->out);
	return status;
}

static int
check(struct export *e, const struct select_options *chosen, int n, struct fault *f)
{
	int is_ansible = e->format && strcmp(e->format, "ansible") == 0;

	if (e->format && strcmp(e->format, "jsonl") != 0 &&
	    !(e->writer = writer_find(e->format, f)))
		return -1;
	if (!e->writer && (n || select_given(chosen)))
		return fault_set(f, FAULT_USAGE,
		    "export: in jsonl it is all, with all sources; list -o jsonl chooses items");
	if ((e->list || e->host) && !is_ansible)
		return fault_set(
		    f, FAULT_USAGE, "export: --list and --host go with --format ansible");
	if (e->list && e->host)
		return fault_set(f, FAULT_USAGE, "export: --list and --host exclude each other");
	if (e->port > 65535 || (e->port && (!e->format || strcmp(e->format, "file_sd") != 0)))
		return fault_set(
		    f, FAULT_USAGE, "export: --port, up to 65535, goes with --format file_sd");
	return 0;
}

int
inv_export(int argc, char **argv)
{
	struct session_options base = {0};
	const char *at = NULL;
	struct select_options chosen = {0};
	struct export e = {0};
	const struct args_opt own[] = {PAST_OPTION(&at),
	    {0, "format", "FORMAT", ARGS_TEXT, &e.format,
		"jsonl, csv, ansible, file_sd, clustershell, genders or ssh_config"},
	    {0, "to", "FILE", ARGS_TEXT, &e.to, "replace FILE, as a whole"},
	    {0, "port", "PORT", ARGS_INT, &e.port, "of the targets in file_sd; else 9100"},
	    {0, "list", NULL, ARGS_FLAG, &e.list, "ansible: the inventory, which is the default"},
	    {0, "host", "NAME", ARGS_TEXT, &e.host, "ansible: the variables of one host"}, {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"export [options] [NAME ...]",
	    "Export all that all sources say, or the chosen items for another tool.",
	    "craton-inv export >fleet.jsonl\n"
	    "craton-inv export --format ssh_config -l service=compute --to ~/.ssh/fleet",
	    own, shared, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = check(&e, &chosen, n, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = past_enter(&s, at, &f);
	if (status == 0)
		status = run(&s, &e, &chosen, argv + 1, n, &f);
	session_close(&s);
	if (status >= 0 && file_end_output(&f) < 0)
		status = -1;
	return status < 0 ? report_fault(&f) : status;
}
