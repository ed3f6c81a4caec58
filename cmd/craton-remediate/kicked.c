/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/kicked.h"

#include "remediate.h"

#include "base/report.h"
#include "base/when.h"
#include "fleet/ref.h"
#include "fleet/select/select.h"
#include "io/args.h"
#include "io/file.h"
#include "io/output.h"
#include "io/table.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct kicked_options {
	struct session_options base;
	struct select_options chosen;
	struct kicked_filter filter;
	const char *format;
	int json;
};

/* ---- listing ---- */

struct listing {
	struct output out;
	struct table table;
	struct str text;
	const struct ids *items; /* only these; NULL: all */
	int is_full;             /* in lines for people: the evidence, too */
};

static void
add_row(struct listing *l, const struct kicked *k)
{
	char at[WHEN_TEXT];

	table_toned(&l->table, k->state == KICKED_OPEN ? TABLE_BAD : TABLE_FAINT, k->name);
	table_cellf(&l->table, "%" PRId64, k->run);
	table_cell(&l->table, k->workflow);
	table_cell(&l->table, k->step);
	table_cell(&l->table, kicked_words[k->state]);
	table_cell(&l->table, when_second(k->at, at));
	table_cell(&l->table, k->reason);
	table_end_row(&l->table);
}

/* "  stderr    bad disk", further lines as far in. */
static void
add_member(const char *key, const char *value, struct str *out)
{
	do {
		size_t len = strcspn(value, "\n");

		str_addf(out, "  %-9s %.*s\n", key, (int)len, value);
		value += len + (value[len] == '\n');
		key = "";
	} while (*value);
}

static void
print_full(const struct kicked *k)
{
	struct str out = STR_INIT;
	struct jtext key, value;
	char at[WHEN_TEXT];
	size_t place = 0;

	str_addf(&out, "%s, run %" PRId64 ", %s%s%s\n", k->ref, k->run, k->workflow,
	    k->step ? " at " : "", k->step ? k->step : "");
	str_addf(&out, "  %-9s %s\n", when_second(k->at, at), k->reason);
	while (jtext_each(JTEXT(k->evidence), &place, &key, &value)) {
		char *name = mem_dupn(key.text, key.len), *text = jtext_plain_dup(value);

		add_member(name, text, &out);
		free(name);
		free(text);
	}
	if (k->settled)
		str_addf(&out, "  %-9s by %s at %s: %s\n", kicked_words[k->state], k->actor,
		    when_second(k->settled, at), k->note ? k->note : "");
	output_text(&out);
	str_done(&out);
}

static int
print_one(const struct kicked *k, void *ctx)
{
	struct listing *l = ctx;

	if (l->items && !ids_have(l->items, k->item))
		return 0;
	if (l->out.format == OUTPUT_TABLE && l->is_full) {
		print_full(k);
	} else if (l->out.format == OUTPUT_TABLE || l->out.format == OUTPUT_TSV) {
		add_row(l, k);
	} else if (l->out.format == OUTPUT_NAMES) {
		output_name(&l->out, k->ref, 0);
	} else {
		str_reset(&l->text);
		kicked_to_json(k, &l->text);
		output_record(&l->out, l->text.text, l->text.len);
	}
	return 0;
}

static int
list(struct session *s, const struct kicked_options *o, const struct ids *items, int is_full,
    struct fault *f)
{
	static const char *const heads[] = {
	    "ITEM", "RUN", "WORKFLOW", "STEP", "STATE", "AT", "REASON"};
	struct listing l = {.table = TABLE_INIT(heads), .items = items, .is_full = is_full};
	enum output_format format;
	int rc = output_format(o->format, o->json ? OUTPUT_JSONL : OUTPUT_TABLE, &format, f);

	if (rc == 0) {
		output_begin(&l.out, format);
		rc = kicked_each(s, &o->filter, print_one, &l, f);
	}
	if (rc == 0 && (format == OUTPUT_TABLE || format == OUTPUT_TSV))
		output_table(&l.table, format);
	else if (rc == 0)
		output_end(&l.out);
	table_done(&l.table);
	str_done(&l.text);
	return rc == 0 ? file_end_output(f) : rc;
}

static int
list_chosen(
    struct session *s, const struct kicked_options *o, char *const *names, int n, struct fault *f)
{
	struct ids ids = {0};
	int is_narrowed = n || select_given(&o->chosen), rc = 0, passed;

	if (is_narrowed)
		rc = select_items(
		    s, &o->chosen, names, n, SELECT_TO_READ, remediate_warn, NULL, &ids, f);
	passed = rc;
	if (rc >= 0)
		rc = list(s, o, is_narrowed ? &ids : NULL, n > 0, f);
	vec_done(&ids);
	return rc ? rc : passed;
}

/* ---- settling ---- */

/* 1 settled; 0 not open, which is an error if the item was named. */
static int
settle_one(struct session *s, const struct kicked_options *o, enum kicked_state state, int64_t item,
    int is_named, struct fault *f)
{
	int64_t run = kicked_settle(s, item, o->filter.run, state, f);
	struct str ref = STR_INIT;
	struct fault why = *f;
	int rc;

	if (run < 0 && f->kind == FAULT_NO && !is_named)
		return 0;
	rc = ref_of(s, item, &ref, f);
	if (rc == 0 && run < 0) {
		*f = why;
		rc = why.kind == FAULT_NO ? fault_within(f, "%s", ref.text) : -1;
	} else if (rc == 0 && state == KICKED_RETRIED) {
		report_note("%s goes on with: craton-remediate resume %" PRId64, ref.text, run);
	}
	str_done(&ref);
	return rc < 0 ? -1 : 1;
}

/* All that were chosen, or none of them. Of a selector those that are open; it must have one. */
static int
settle(struct session *s, const struct kicked_options *o, enum kicked_state state,
    char *const *names, int n, struct fault *f)
{
	int is_named = !select_given(&o->chosen), settled = 0, rc;
	struct ids ids = {0};

	rc = select_items(s, &o->chosen, names, n, SELECT_TO_ACT, remediate_warn, NULL, &ids, f);
	if (rc == 0)
		rc = db_begin(s->db, f);
	for (size_t i = 0; i < ids.n && rc >= 0; i++) {
		rc = settle_one(s, o, state, ids.v[i], is_named, f);
		settled += rc > 0;
	}
	if (rc >= 0 && !settled)
		rc = fault_set(f, FAULT_NO, "none of these %zu items is kicked out", ids.n);
	if (rc >= 0)
		rc = db_commit(s->db, f);
	else
		db_rollback(s->db);
	if (rc == 0 && !is_named)
		report_note("%d %s settled", settled, settled == 1 ? "item" : "items");
	vec_done(&ids);
	return rc;
}

static const struct {
	const char *word;
	enum kicked_state state;
} words[] = {{"list", KICKED_OPEN}, {"retry", KICKED_RETRIED}, {"done", KICKED_DONE},
    {"drop", KICKED_DROPPED}, {NULL, 0}};

static int
check_usage(const struct kicked_options *o, int word, int n, struct fault *f)
{
	if (words[word].state == KICKED_OPEN)
		return 0;
	if (!n && !select_given(&o->chosen) && isatty(STDIN_FILENO))
		return fault_set(f, FAULT_USAGE, "kicked %s: ITEM is wanted, or -l, -w, --all",
		    words[word].word);
	if (!o->base.reason)
		return fault_set(
		    f, FAULT_USAGE, "kicked %s: -m REASON is wanted", words[word].word);
	return 0;
}

static int
run_word(struct kicked_options *o, char *const *operands, int n, struct fault *f)
{
	enum db_mode mode = DB_READ;
	struct session s = {0};
	int word = 0, rc;

	while (n && words[word].word && strcmp(words[word].word, operands[0]) != 0)
		word++;
	if (n && words[word].word) {
		operands++;
		n--;
	} else {
		word = 0;
	}
	if (check_usage(o, word, n, f) < 0)
		return -1;
	if (words[word].state != KICKED_OPEN)
		mode = DB_WRITE;
	rc = session_open(&s, &o->base, mode, f);
	if (rc == 0)
		rc = mode == DB_READ ? list_chosen(&s, o, operands, n, f)
				     : settle(&s, o, words[word].state, operands, n, f);
	session_close(&s);
	return rc;
}

int
remediate_kicked(int argc, char **argv)
{
	struct kicked_options o = {0};
	const struct args_opt own[] = {{0, "run", "N", ARGS_INT, &o.filter.run, "only of this run"},
	    {0, "settled", NULL, ARGS_FLAG, &o.filter.settled, "list settled ones too"},
	    {'o', "output", "FORMAT", ARGS_TEXT, &o.format, "table, jsonl, json, tsv or names"},
	    {0, "json", NULL, ARGS_FLAG, &o.json, "short for -o jsonl"}, SESSION_REASON(&o.base),
	    {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&o.chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&o.base), {0}};
	const struct args args = {"kicked [list | retry | done | drop] [options] [ITEM ...]",
	    "List the items that runs gave up, with the evidence, or settle them.",
	    "craton-remediate kicked\n"
	    "craton-remediate kicked compute-0007\n"
	    "craton-remediate kicked done -l cabinet=a12 -m 'the switch was it'\n"
	    "craton-remediate kicked retry compute-0007 -m 'new disk is in'",
	    own, shared, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	report_level(o.base.quiet ? -1 : o.base.verbose);
	if (status == 0)
		status = run_word(&o, argv + 1, n, &f);
	return status < 0 ? report_fault(&f) : status;
}
