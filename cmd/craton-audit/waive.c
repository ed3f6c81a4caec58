/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include "base/num.h"
#include "base/report.h"
#include "base/when.h"
#include "fleet/ref.h"
#include "fleet/select/select.h"
#include "flow/audit/waiver.h"
#include "io/output.h"
#include "io/table.h"

#include <inttypes.h>
#include <stdio.h>

struct waive {
	const char *selector, *pattern, *owner, *until, *end;
	int all, list;
	struct output_options print;
};

/* ---- list ---- */

struct listing {
	struct session *s;
	struct output out;
	struct table table;
	int64_t now;
};

static int
add_row(struct listing *l, const struct waiver *w, struct fault *f)
{
	struct str item = STR_INIT;
	struct table *t = &l->table;
	char until[WHEN_TEXT];

	if (w->item && ref_of(l->s, w->item, &item, f) < 0)
		return -1;
	table_cellf(t, "%" PRId64, w->id);
	table_cell(t, w->item ? item.text : w->selector ? w->selector : "every item");
	table_cell(t, w->pattern);
	table_cell(t, w->expires ? when_second(w->expires, until) : "");
	table_cell(t, waiver_state(w, l->now));
	table_cell(t, w->owner);
	table_cell(t, w->reason);
	table_end_row(t);
	str_done(&item);
	return 0;
}

static int
add_record(struct listing *l, const struct waiver *w, struct fault *f)
{
	struct str json = STR_INIT;
	int status = waiver_to_json(l->s, w, l->now, &json, f);

	if (status == 0)
		output_record(&l->out, json.text, json.len);
	str_done(&json);
	return status;
}

static int
put_as_records(const struct listing *l)
{
	return l->out.format == OUTPUT_JSONL || l->out.format == OUTPUT_JSON;
}

static int
list(struct session *s, const struct waive *o, struct fault *f)
{
	static const char *const heads[] = {
	    "ID", "ITEMS", "CHECKS", "UNTIL", "STATE", "OWNER", "REASON"};
	struct listing l = {.s = s, .table = TABLE_INIT(heads), .now = when_now()};
	struct waivers waivers = {0};
	enum output_format format;
	int status;

	if (output_choose(&o->print, &format, f) < 0)
		return -1;
	if (format == OUTPUT_NAMES)
		return fault_set(f, FAULT_USAGE, "-o names: a waiver has an id and no name");
	output_begin(&l.out, format);
	status = waiver_list(s, o->all, l.now, &waivers, f);
	for (size_t i = 0; status == 0 && i < waivers.n; i++)
		status = (put_as_records(&l) ? add_record : add_row)(&l, &waivers.v[i], f);
	if (put_as_records(&l))
		output_end(&l.out);
	else if (status == 0)
		output_table(&l.table, format);
	table_done(&l.table);
	waivers_done(&waivers);
	return status;
}

/* ---- end ---- */

static int
end(struct session *s, const struct waive *o, struct fault *f)
{
	int64_t id;

	if (num_int(o->end, 1, INT64_MAX, &id, f) < 0)
		return fault_within(f, "--end");
	return waiver_end(s, id, when_now(), f);
}

/* ---- add ---- */

/* A time to come, or how long from now. */
static int
read_until(const char *text, int64_t now, int64_t *out, struct fault *f)
{
	struct fault ignored;
	int64_t length;

	if (!text)
		return 0;
	if (num_duration(text, &length, &ignored) == 0)
		*out = now + length;
	else if (when_parse(text, 0, out, &ignored) < 0)
		return fault_set(f, FAULT_USAGE,
		    "--until: \"%.80s\": not a time like 2027-01-31, nor a length of time like 30d",
		    text);
	if (*out <= now)
		return fault_set(f, FAULT_USAGE, "--until %s: is over already", text);
	return 0;
}

static int
add(struct session *s, const struct waive *o, int64_t item, int64_t expires, int64_t now,
    struct fault *f)
{
	struct waiver w = {.item = item, .expires = expires};
	int64_t covered;

	w.selector = item ? NULL : mem_dup(o->selector);
	w.pattern = mem_dup(o->pattern ? o->pattern : "*");
	w.reason = mem_dup(s->reason);
	w.owner = mem_dup(o->owner);
	covered = waiver_add(s, &w, now, f);
	if (covered >= 0)
		report_note("waiver %" PRId64 ": covers %" PRId64 " open %s", w.id, covered,
		    covered == 1 ? "finding" : "findings");
	waiver_done(&w);
	return covered < 0 ? -1 : 0;
}

/* A waiver for nobody is a mistake: the selector must choose something today. */
static int
want_items(struct session *s, const struct waive *o, char *const *names, int n, struct ids *out,
    struct fault *f)
{
	struct select_options chosen = {.labels = o->selector, .all = o->all};

	return select_items(s, &chosen, names, n, SELECT_TO_ACT, print_warning, NULL, out, f);
}

static int
add_all(struct session *s, const struct waive *o, char *const *names, int n, struct fault *f)
{
	int64_t now = when_now(), expires = 0;
	struct ids items = {0};
	int status = read_until(o->until, now, &expires, f);

	if (status == 0 && o->pattern)
		status = waiver_check_pattern(s, o->pattern, &audit_shelf, f);
	if (status == 0)
		status = want_items(s, o, names, n, &items, f);
	if (status == 0)
		status = db_begin(s->db, f);
	if (status == 0) {
		if (!n)
			status = add(s, o, 0, expires, now, f);
		for (size_t i = 0; n && i < items.n && status == 0; i++)
			status = add(s, o, items.v[i], expires, now, f);
		status = status < 0 ? -1 : db_commit(s->db, f);
		db_rollback(s->db);
	}
	vec_done(&items);
	return status;
}

static int
check_usage(const struct waive *o, const char *reason, int n, struct fault *f)
{
	if (o->list || o->end)
		return n ? fault_set(f, FAULT_USAGE, "waive: --list and --end take no items") : 0;
	if (o->print.word || o->print.json)
		return fault_set(f, FAULT_USAGE, "waive: -o goes with --list");
	if (!reason)
		return fault_set(f, FAULT_USAGE, "waive: -m REASON is wanted");
	if (!n && !o->selector && !o->all)
		return fault_set(f, FAULT_USAGE, "waive: ITEM, -l or --all is wanted");
	if (n && (o->selector || o->all))
		return fault_set(f, FAULT_USAGE, "waive: either items, or -l, or --all");
	return 0;
}

int
verb_waive(int argc, char **argv)
{
	struct session_options base = {0};
	struct waive o = {0};
	const struct args_opt own[] = {{'l', "labels", "SELECTOR", ARGS_ONCE, &o.selector,
					   "all items whose labels match, now and later"},
	    {0, "all", NULL, ARGS_FLAG, &o.all, "every item; with --list also those that are over"},
	    {0, "check", "PATTERN", ARGS_TEXT, &o.pattern, "of these checks only: 'os-support/*'"},
	    {0, "until", "TIME", ARGS_TEXT, &o.until, "2027-01-31, or how long: 30d"},
	    {0, "owner", "NAME", ARGS_TEXT, &o.owner, "who answers for it (the one who runs this)"},
	    {0, "list", NULL, ARGS_FLAG, &o.list, "show the waivers"},
	    OUTPUT_OPTIONS(&o.print, "of --list: table, jsonl, json or tsv"),
	    {0, "end", "ID", ARGS_TEXT, &o.end, "end one now"}, SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"waive [options] [ITEM ...]",
	    "Tolerate findings, of items or of all that a selector chooses.",
	    "craton-audit waive db1 --check 'os-support/*' --until 30d -m 'replaced in May'\n"
	    "craton-audit waive --list",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = check_usage(&o, base.reason, n, &f);
	if (status == 0)
		status = session_open(&s, &base, o.list ? DB_READ : DB_WRITE, &f);
	if (status == 0)
		status = o.list  ? list(&s, &o, &f)
			 : o.end ? end(&s, &o, &f)
				 : add_all(&s, &o, argv + 1, n, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
