/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"
#include "inv.h"

#include "base/near.h"
#include "base/report.h"

#include <string.h>

static int
list(struct session *s, const struct source_options *o, char *const *words, int n, struct fault *f)
{
	(void)words;
	(void)n;
	return source_list_all(s, o, f);
}

/* least, most: operands after the word. */
static const struct word {
	const char *word;
	int least, most;
	enum db_mode mode;
	int (*run)(struct session *s, const struct source_options *o, char *const *words, int n,
	    struct fault *f);
	const char *usage;
} words[] = {
    {"list", 0, 0, DB_READ, list, "no operands are wanted"},
    {"add", 1, 4096, DB_WRITE, source_add, "NAME is wanted"},
    {"set", 1, 4096, DB_CHANGE, source_set, "NAME is wanted"},
    {"rm", 1, 1, DB_CHANGE, source_rm, "one NAME is wanted"},
    {"sync", 0, 4096, DB_CHANGE, source_sync, ""},
};

#define NWORDS (sizeof(words) / sizeof(*words))

static const struct word *
find_word(const char *text, struct fault *f)
{
	struct near near = NEAR_INIT(text);
	char hint[NEAR_HINT];

	for (size_t i = 0; i < NWORDS; i++) {
		if (strcmp(words[i].word, text) == 0)
			return &words[i];
		near_offer(&near, words[i].word);
	}
	fault_set(f, FAULT_USAGE, "source: \"%s\": list, add, set, rm or sync is wanted%s", text,
	    near_hint(&near, hint));
	return NULL;
}

static int
run(const struct source_options *o, char *const *operands, int n, struct fault *f)
{
	const struct word *word = n ? find_word(operands[0], f) : &words[0];
	struct session s = {0};
	int status = word ? 0 : -1;

	if (n)
		n--;
	if (status == 0 && (n < word->least || n > word->most))
		status = fault_set(f, FAULT_USAGE, "source %s: %s", word->word, word->usage);
	if (status == 0)
		status = session_open(&s, &o->base, word->mode, f);
	if (status == 0)
		status = word->run(&s, o, operands + 1, n, f);
	session_close(&s);
	return status;
}

int
inv_source(int argc, char **argv)
{
	struct source_options o = {
	    .rank = -1, .shrink = -1, .stale_after = -1, .every = -1, .timeout = -1};
	const char *word = NULL;
	int json = 0;
	const struct args_opt own[] = {{0, "rank", "N", ARGS_INT, &o.rank, "the lowest rank wins"},
	    {0, "rank-for", "KEY=N", ARGS_TEXTS, &o.ranks,
		"another rank for a key or item.KEY; * ?"},
	    {0, "kinds", "LIST", ARGS_TEXT, &o.kinds, "of what kinds it may speak; '' all"},
	    {0, "keys", "LIST", ARGS_TEXT, &o.keys, "what it may say: KEY, item.KEY, * ?; '' all"},
	    {0, "stale-after", "TIME", ARGS_DURATION, &o.stale_after,
		"silent for longer it loses; 0 never"},
	    {0, "placeholders", "LIST", ARGS_TEXT, &o.placeholders,
		"serials and macs that mean nothing: 'VMware-*'"},
	    {0, "shrink", "PERCENT", ARGS_INT, &o.shrink, "how much a full import may retire: 10"},
	    {0, "plugin", "NAME", ARGS_TEXT, &o.plugin, "what sync runs; '' none"},
	    {0, "format", "FORMAT", ARGS_TEXT, &o.how, "of what that prints; '' detected"},
	    {0, "every", "TIME", ARGS_DURATION, &o.every, "when it is due again; 0 when named"},
	    {0, "timeout", "TIME", ARGS_DURATION, &o.timeout, "of what sync runs: 10m"},
	    {0, "partial", NULL, ARGS_FLAG, &o.partial, "that prints not all: nothing retires"},
	    {0, "full", NULL, ARGS_FLAG, &o.full, "that prints all it has (the default)"},
	    {0, "layers", NULL, ARGS_FLAG, &o.layers, "rm: all that it said goes, too"},
	    {'o', "output", "FORMAT", ARGS_TEXT, &word, "table, jsonl, json, tsv or names"},
	    {0, "json", NULL, ARGS_FLAG, &json, "short for -o jsonl"}, SESSION_REASON(&o.base),
	    {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&o.base), {0}};
	const struct args args = {
	    "source [list | add | set | rm | sync] [options] [NAME [-- PROGRAM ...]]",
	    "List the sources of truth, the best first; add one, configure it, run what reads it, "
	    "take it away.",
	    "craton-inv source\n"
	    "craton-inv source set netbox --rank 50 --rank-for item.note=500 --stale-after 7d\n"
	    "craton-inv source add cmdb --every 1h -- curl -fsS https://cmdb.example.com/hosts\n"
	    "craton-inv source sync",
	    own, NULL, common};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0)
		status = output_format(word, json ? OUTPUT_JSONL : OUTPUT_TABLE, &o.format, &f);
	if (status == 0)
		status = run(&o, argv + 1, n, &f);
	words_done(&o.ranks);
	return status < 0 ? report_fault(&f) : status;
}
