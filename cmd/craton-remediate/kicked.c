/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/kicked.h"

#include "remediate.h"

#include "base/report.h"
#include "base/when.h"
#include "fleet/ref.h"
#include "io/args.h"
#include "io/file.h"
#include "io/output.h"
#include "io/table.h"

#include <inttypes.h>
#include <string.h>

struct kicked_options {
	struct session_options base;
	struct kicked_filter filter;
	const char *format;
	int json;
};

/* ---- listing ---- */

struct listing {
	struct output out;
	struct table table;
	struct str text;
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
	table_cellf(&l->table, "%s %s", k->reason, strcmp(k->evidence, "{}") ? k->evidence : "");
	table_end_row(&l->table);
}

static int
print_one(const struct kicked *k, void *ctx)
{
	struct listing *l = ctx;

	if (l->out.format == OUTPUT_TABLE || l->out.format == OUTPUT_TSV) {
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
list(struct session *s, const struct kicked_options *o, struct fault *f)
{
	static const char *const heads[] = {
	    "ITEM", "RUN", "WORKFLOW", "STEP", "STATE", "AT", "REASON"};
	struct listing l = {.table = TABLE_INIT(heads)};
	enum output_format format;
	int rc = output_format(o->format, o->json ? OUTPUT_JSONL : OUTPUT_TABLE, &format, f);

	if (rc == 0) {
		output_begin(&l.out, format);
		rc = kicked_each(s, &o->filter, print_one, &l, f);
	}
	if (rc == 0 && format == OUTPUT_TABLE)
		table_print(&l.table, stdout);
	else if (rc == 0 && format == OUTPUT_TSV)
		table_print_tsv(&l.table, stdout);
	else if (rc == 0)
		output_end(&l.out);
	table_done(&l.table);
	str_done(&l.text);
	return rc == 0 ? file_end_output(f) : rc;
}

/* With names: of these items only. */
static int
list_of(struct session *s, struct kicked_options *o, char *const *names, int n, struct fault *f)
{
	if (n > 1)
		return fault_set(f, FAULT_USAGE, "kicked: one ITEM at a time; -o jsonl lists all");
	if (n && ref_want(s, NULL, names[0], &o->filter.item, f) < 0)
		return -1;
	return list(s, o, f);
}

/* ---- settling ---- */

/* All names, or none of them. */
static int
settle(struct session *s, const struct kicked_options *o, enum kicked_state state,
    char *const *names, int n, struct fault *f)
{
	int64_t item, run;

	if (db_begin(s->db, f) < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		if (ref_want(s, NULL, names[i], &item, f) < 0)
			goto fail;
		run = kicked_settle(s, item, o->filter.run, state, f);
		if (run < 0) {
			fault_within(f, "%s", names[i]);
			goto fail;
		}
		if (state == KICKED_RETRIED)
			report_note(
			    "%s goes on with: craton-remediate resume %" PRId64, names[i], run);
	}
	return db_commit(s->db, f);
fail:
	db_rollback(s->db);
	return -1;
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
	if (!n)
		return fault_set(f, FAULT_USAGE, "kicked %s: ITEM is wanted", words[word].word);
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
		rc = mode == DB_READ ? list_of(&s, o, operands, n, f)
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
	const struct args_opt common[] = {SESSION_OPTIONS(&o.base), {0}};
	const struct args args = {"kicked [list | retry | done | drop] [options] [ITEM ...]",
	    "List the items that runs gave up, with the evidence, or settle them.",
	    "craton-remediate kicked\n"
	    "craton-remediate kicked retry compute-0007 -m 'new disk is in'",
	    own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = run_word(&o, argv + 1, n, &f);
	return status < 0 ? report_fault(&f) : 0;
}
