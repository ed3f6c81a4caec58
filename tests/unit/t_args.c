/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"
#include "base/report.h"
#include "io/args.h"
#include "io/args_help.h"
#include "tap.h"

#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

/* One value of each kind, in three tables as a verb has them. */
static struct given {
	int quiet, all;
	const char *output;
	struct words labels;
	int64_t limit, timeout, at;
	struct num_share max_fail;
} given;

static const struct args_opt own[] = {
    {'l', "label", "EXPR", ARGS_TEXTS, &given.labels,
	"select by labels, several terms with commas between them, as kubectl has them"},
    {0, "limit", "N", ARGS_INT, &given.limit, "at most N items"},
    {0, "a-name-as-long-as-this-one", "EXPR", ARGS_TEXT, &given.output, "is too long"},
    {0},
};
static const struct args_opt shared[] = {
    {'t', "timeout", "TIME", ARGS_DURATION, &given.timeout, "give up after TIME"},
    {0, "max-fail", "SHARE", ARGS_SHARE, &given.max_fail, "stop above"},
    {0, "at", "TIME", ARGS_TIME, &given.at, "as it was at TIME"},
    {0, "all", NULL, ARGS_FLAG, &given.all, "everything"},
    {0},
};
static const struct args_opt common[] = {
    {'o', "output", "FORMAT", ARGS_TEXT, &given.output, "table or jsonl"},
    {'q', "quiet", NULL, ARGS_FLAG, &given.quiet, "print less"},
    {0},
};
static const struct args args = {
    .usage = "list [options] [NAME ...]",
    .about = "Lists items. This sentence is here to be longer than eighty columns are wide.",
    .examples = "tool list -l a=b\ntool list -o names | wc -l\n",
    .own = own,
    .shared = shared,
    .common = common,
};

#define MOST 8

static char *argv[MOST + 2];
static int operands;
static struct fault fault;

/* Parses the words of a line after the verb; the operands are argv[1..operands]. */
static int
parse(const char *line)
{
	static char words[256];
	int argc = 1;

	words_done(&given.labels);
	given = (struct given){0};
	argv[0] = strcpy(words, "list");
	snprintf(words + 5, sizeof(words) - 5, "%s", line);
	for (char *w = strtok(words + 5, " "); w && argc <= MOST; w = strtok(NULL, " "))
		argv[argc++] = w;
	return args_parse(&args, argc, argv, &operands, &fault);
}

static void
forms(void)
{
	is_int(parse("-ojson"), 0, "a value may touch its letter");
	is_text(given.output, "json", "and is the rest of the word");
	parse("-o json");
	is_text(given.output, "json", "or be the next word");
	parse("--output=a=b");
	is_text(given.output, "a=b", "or stand behind the first equals sign");
	parse("--output -q");
	is_text(given.output, "-q", "or be the next word of a long name, whatever it looks like");
	parse("--output=");
	is_text(given.output, "", "an empty value is a value");
	parse("-qqoq -q");
	is_int(given.quiet, 3, "flags are counted, in clusters too");
	is_text(given.output, "q", "and a cluster may end in a value");
	parse("-o a -o b");
	is_text(given.output, "b", "the last of several holds");
	parse("-l a -lb --label=c");
	ok(given.labels.n == 3 && !strcmp(given.labels.v[2], "c"), "unless all are kept");
}

static void
kinds(void)
{
	parse("--limit 20 -t 2m --max-fail=5% --at 2026-11-23");
	is_int(given.limit, 20, "a count is read");
	is_int(given.timeout, 120000, "a length of time");
	ok(given.max_fail.is_percent && given.max_fail.value == 5000, "a share");
	is_int(given.at, 1795392000000, "a time");
}

static void
operands_are_moved(void)
{
	is_int(parse("a -q b --limit 5 - c"), 0, "options and operands may be mixed");
	ok(operands == 4 && !strcmp(argv[1], "a") && !strcmp(argv[2], "b") &&
		!strcmp(argv[3], "-") && !strcmp(argv[4], "c"),
	    "the operands come in front, in order, a dash among them");
	is_int(parse("-q -- -q --"), 0, "two dashes end the options");
	ok(operands == 2 && !strcmp(argv[1], "-q") && !strcmp(argv[2], "--"),
	    "what follows is operands");
	is_int(given.quiet, 1, "and nothing else");
}

static void
refusals(void)
{
	static const struct {
		const char *line, *wanted;
	} cases[] = {
	    {"--limt 5", "unknown option --limt; did you mean --limit?"},
	    {"--out=json", "unknown option --out; did you mean --output?"},
	    {"--xyzzy", "unknown option --xyzzy"},
	    {"-qz", "unknown option -z"},
	    {"--limit", "--limit N: the value is missing"},
	    {"-qo", "-o FORMAT: the value is missing"},
	    {"--quiet=1", "--quiet: takes no value"},
	    {"--help=x", "--help: takes no value"},
	    {"--limit 5x", "--limit: \"5x\": not a number"},
	    {"--limit=-1", "--limit: -1: not from 0 to 9223372036854775807"},
	    {"-t5", "-t: \"5\": not a length of time; like 250ms, 20s, 10m, 6h, 2d, 1w"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		fault.kind = FAULT_NONE;
		is_int(parse(cases[i].line), -1, "refused: %s", cases[i].line);
		is_text(fault.text, cases[i].wanted, "in these words");
		is_int(fault.kind, FAULT_USAGE, "as wrong usage");
	}
}

static void
help(void)
{
	struct str text = STR_INIT;

	report_tool("tool");
	args_help(&args, &text);
	is_text(text.text,
	    "usage: tool list [options] [NAME ...]\n"
	    "\n"
	    "Lists items. This sentence is here to be longer than eighty columns are wide.\n"
	    "\n"
	    "Examples:\n"
	    "  tool list -l a=b\n"
	    "  tool list -o names | wc -l\n"
	    "\n"
	    "Options:\n"
	    "  -l, --label EXPR      select by labels, several terms with commas between\n"
	    "                        them, as kubectl has them\n"
	    "      --limit N         at most N items\n"
	    "      --a-name-as-long-as-this-one EXPR\n"
	    "                        is too long\n"
	    "  -t, --timeout TIME    give up after TIME\n"
	    "      --max-fail SHARE  stop above\n"
	    "      --at TIME         as it was at TIME\n"
	    "      --all             everything\n"
	    "  -o, --output FORMAT   table or jsonl\n"
	    "  -q, --quiet           print less\n"
	    "  -h, --help            print this help\n",
	    "the help is the tables in 80 columns");
	str_done(&text);
}

/* ---- args_main ---- */

static int
run_three(int argc, char **words)
{
	return argc == 2 && !strcmp(words[0], "three") && !strcmp(words[1], "x") ? 3 : 0;
}

static int
run_print(int argc, char **words)
{
	for (int i = 1; i < argc; i++)
		puts(words[i]);
	return 0;
}

static const struct args_verb verbs[] = {
    {"three", "return three", run_three},
    {"print", "print the operands", run_print},
    {0},
};

static char said[256]; /* on stderr */

/* The exit status for up to two words, run in a child with stdout going to a file. */
static int
status_of(const char *out, const char *first, const char *second)
{
	char tool[] = "tool", words[2][32];
	char *line[] = {tool, words[0], words[1], NULL};
	int argc = 1 + (first != NULL) + (second != NULL), ends[2], status;
	ssize_t n;

	snprintf(words[0], sizeof(words[0]), "%s", first ? first : "");
	snprintf(words[1], sizeof(words[1]), "%s", second ? second : "");
	if (pipe(ends) < 0)
		return -1;
	if (fork() == 0) {
		dup2(ends[1], STDERR_FILENO);
		if (!freopen(out, "w", stdout))
			_exit(99);
		_exit(args_main("tool", "About.", verbs, argc, line));
	}
	close(ends[1]);
	n = read(ends[0], said, sizeof(said) - 1);
	said[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	return wait(&status) > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
verbs_are_run(void)
{
	is_int(
	    status_of("/dev/null", "three", "x"), 3, "a verb gets its words; its status is ours");
	is_int(status_of("/dev/null", "--help", NULL), 0, "help is no fault");
	is_int(status_of("/dev/null", "--version", NULL), 0, "nor is asking for the version");
	is_text(said, "", "and neither talks");
	is_int(status_of("/dev/null", NULL, NULL), 2, "no verb is wrong usage");
	ok(!strncmp(said, "usage: tool VERB", 16), "which is then told");
	is_int(status_of("/dev/null", "thre", NULL), 2, "so is an unknown verb");
	is_text(
	    said, "tool: \"thre\": no such verb; did you mean \"three\"?\n", "with the near miss");
	is_int(status_of("/dev/null", "-q", NULL), 2, "and an option before the verb");
	is_text(said, "tool: unknown option -q; options come after the verb\n", "by name");
	is_int(status_of("/dev/full", "print", "x"), 2, "output that is lost is never success");
	is_text(said, "tool: stdout: No space left on device\n", "and the reason is told");
	is_int(status_of("/dev/full", "--help", NULL), 2, "not even when it is the help");
	is_int(status_of("/dev/full", "three", "x"), 3, "a verb that prints nothing loses nothing");
}

int
main(void)
{
	forms();
	kinds();
	operands_are_moved();
	refusals();
	words_done(&given.labels);
	help();
	verbs_are_run();
	return tap_end();
}
