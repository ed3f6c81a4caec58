/* SPDX-License-Identifier: Apache-2.0 */
#include "io/args.h"

#include "base/near.h"
#include "base/num.h"
#include "base/report.h"
#include "base/utf8.h"
#include "base/when.h"
#include "io/args_help.h"
#include "io/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TABLES(a)                                                                                  \
	{                                                                                          \
		(a)->own, (a)->shared, (a)->common                                                 \
	}
#define NTABLES 3

/* ---- finding an option ---- */

static const struct args_opt *
find_letter(const struct args *a, char letter)
{
	const struct args_opt *tables[NTABLES] = TABLES(a);

	for (size_t i = 0; i < NTABLES; i++)
		for (const struct args_opt *o = tables[i]; o && o->name; o++)
			if (o->letter == letter)
				return o;
	return letter == args_help_option.letter ? &args_help_option : NULL;
}

static const struct args_opt *
find_name(const struct args *a, const char *name)
{
	const struct args_opt *tables[NTABLES] = TABLES(a);

	for (size_t i = 0; i < NTABLES; i++)
		for (const struct args_opt *o = tables[i]; o && o->name; o++)
			if (!strcmp(o->name, name))
				return o;
	return strcmp(args_help_option.name, name) ? NULL : &args_help_option;
}

/*
 * A word's beginning is offered like a near miss. It is not accepted as the word: a script
 * that says --re would break on the day a second option begins like that.
 */
static void
offer(struct near *near, const char *known)
{
	near_offer(near, known);
	if (!near->best && *near->word && !strncmp(known, near->word, strlen(near->word)))
		near->best = known;
}

static int
unknown_name(const struct args *a, const char *name, struct fault *f)
{
	const struct args_opt *tables[NTABLES] = TABLES(a);
	struct near near = NEAR_INIT(name);

	for (size_t i = 0; i < NTABLES; i++)
		for (const struct args_opt *o = tables[i]; o && o->name; o++)
			offer(&near, o->name);
	offer(&near, args_help_option.name);
	if (near.best)
		return fault_set(
		    f, FAULT_USAGE, "unknown option --%s; did you mean --%s?", name, near.best);
	return fault_set(f, FAULT_USAGE, "unknown option --%s", name);
}

/* ---- one option ---- */

/* Texts are stored, compared and printed as UTF-8; names of files are what they are. */
static int
refuse_bytes(const char *text, struct fault *f)
{
	return utf8_ok(text) ? 0 : fault_set(f, FAULT_USAGE, "\"%s\": not UTF-8", text);
}

static int
store_once(const char **to, const char *value, struct fault *f)
{
	if (*to)
		return fault_set(f, FAULT_USAGE, "may be given only once");
	*to = value;
	return 0;
}

static int
store_value(const struct args_opt *o, const char *value, struct fault *f)
{
	if (value && strcmp(o->value, "FILE") != 0 && refuse_bytes(value, f) < 0)
		return -1;
	switch (o->kind) {
	case ARGS_FLAG: ++*(int *)o->to; return 0;
	case ARGS_TEXT: *(const char **)o->to = value; return 0;
	case ARGS_ONCE: return store_once(o->to, value, f);
	case ARGS_TEXTS: words_add(o->to, value); return 0;
	case ARGS_INT: return num_int(value, 0, INT64_MAX, o->to, f);
	case ARGS_DURATION: return num_duration(value, o->to, f);
	case ARGS_SHARE: return num_share(value, o->to, f);
	case ARGS_TIME: return when_parse(value, when_now(), o->to, f);
	}
	return 0;
}

/* as is the option as it was typed, "-n" or "--limit". */
static int
store(const struct args_opt *o, const char *as, const char *value, struct fault *f)
{
	if (store_value(o, value, f) == 0)
		return 0;
	f->kind = FAULT_USAGE;
	return fault_within(f, "%s", as);
}

/* The command line being read, and where. */
struct cursor {
	const struct args *a;
	int argc, at;
	char **argv;
	int help;
};

static int
store_flag(struct cursor *c, const struct args_opt *o, struct fault *f)
{
	if (o == &args_help_option) {
		c->help = 1;
		return 0;
	}
	return store_value(o, NULL, f);
}

/* A value that is a word of its own: the next one, whatever it looks like. */
static int
store_next(struct cursor *c, const struct args_opt *o, const char *as, struct fault *f)
{
	if (c->at == c->argc)
		return fault_set(f, FAULT_USAGE, "%s %s: the value is missing", as, o->value);
	return store(o, as, c->argv[c->at++], f);
}

/* "--name", "--name=value", "--name value"; word is behind the dashes. */
static int
parse_long(struct cursor *c, const char *word, struct fault *f)
{
	size_t len = strcspn(word, "=");
	const char *value = word[len] ? word + len + 1 : NULL;
	char *name = mem_dupn(word, len);
	char *as = mem_printf("--%s", name);
	const struct args_opt *o = find_name(c->a, name);
	int result;

	if (!o)
		result = unknown_name(c->a, name, f);
	else if (o->kind == ARGS_FLAG && value)
		result = fault_set(f, FAULT_USAGE, "%s: takes no value", as);
	else if (o->kind == ARGS_FLAG)
		result = store_flag(c, o, f);
	else if (value)
		result = store(o, as, value, f);
	else
		result = store_next(c, o, as, f);
	free(as);
	free(name);
	return result;
}

/* "-q", "-nq", "-n5", "-n 5"; letters are behind the dash. */
static int
parse_letters(struct cursor *c, const char *letters, struct fault *f)
{
	for (; *letters; letters++) {
		const struct args_opt *o = find_letter(c->a, *letters);
		const char as[] = {'-', *letters, '\0'};

		if (!o)
			return fault_set(f, FAULT_USAGE, "unknown option %s", as);
		if (o->kind != ARGS_FLAG)
			return letters[1] ? store(o, as, letters + 1, f) : store_next(c, o, as, f);
		if (store_flag(c, o, f) < 0)
			return -1;
	}
	return 0;
}

/* ---- the command line ---- */

static int
print_all(const struct str *text, struct fault *f)
{
	fwrite(text->text, 1, text->len, stdout);
	return file_end_output(f);
}

static int
print_help(const struct args *a, struct fault *f)
{
	struct str text = STR_INIT;
	int result;

	args_help(a, &text);
	result = print_all(&text, f);
	str_done(&text);
	return result < 0 ? -1 : 1;
}

int
args_parse(const struct args *a, int argc, char **argv, int *n, struct fault *f)
{
	struct cursor c = {.a = a, .argc = argc, .argv = argv, .at = 1};
	int options = 1, result = 0;

	*n = 0;
	while (c.at < argc && result == 0 && !c.help) {
		char *word = argv[c.at++];

		if (!options || *word != '-' || !word[1]) {
			argv[1 + (*n)++] = word;
			result = refuse_bytes(word, f);
		} else if (!strcmp(word, "--"))
			options = 0;
		else if (word[1] == '-')
			result = parse_long(&c, word + 2, f);
		else
			result = parse_letters(&c, word + 1, f);
	}
	return result == 0 && c.help ? print_help(a, f) : result;
}

/* ---- main ---- */

/*
 * A closed stdin, stdout or stderr is opened the wrong way round: its number cannot become
 * that of the database, and what uses it still fails, as it should.
 */
static int
hold_standard_streams(void)
{
	static const int wrong_way[] = {O_WRONLY, O_RDONLY, O_RDONLY};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", wrong_way[fd]) != fd)
			return -1;
	return 0;
}

static const struct args_verb *
find_verb(const struct args_verb *verbs, const char *name)
{
	const struct args_verb *v = verbs;

	while (v->name && strcmp(v->name, name) != 0)
		v++;
	return v->name ? v : NULL;
}

static int
unknown_verb(const struct args_verb *verbs, const char *name)
{
	struct near near = NEAR_INIT(name);
	char hint[NEAR_HINT];

	if (*name == '-')
		report_warn("unknown option %s; options come after the verb", name);
	else {
		for (const struct args_verb *v = verbs; v->name; v++)
			offer(&near, v->name);
		report_warn("\"%s\": no such verb%s", name,
		    near.best ? near_hint(&near, hint) : "; --help lists them");
	}
	return fault_status(FAULT_USAGE);
}

/* --help and --version, which are instead of a verb. Returns the exit status. */
static int
about_itself(const struct str *text)
{
	struct fault f;

	return print_all(text, &f) < 0 ? report_fault(&f) : 0;
}

static int
run_verb(const struct args_verb *verb, int argc, char **argv)
{
	int status = verb->run(argc, argv);
	struct fault f;

	/* A worse status has its message already, and says more than that output was lost. */
	if (file_end_output(&f) < 0 && status < fault_status(FAULT_SYSTEM))
		return report_fault(&f);
	return status;
}

int
args_main(const char *tool, const char *about, const struct args_verb *verbs, int argc, char **argv)
{
	const struct args_verb *verb;
	struct str text = STR_INIT;
	int status;

	report_tool(tool);
	if (hold_standard_streams() < 0)
		return fault_status(FAULT_SYSTEM);
	if (argc > 1 && (verb = find_verb(verbs, argv[1])))
		return run_verb(verb, argc - 1, argv + 1);
	args_help_tool(about, verbs, &text);
	if (argc < 2) {
		fputs(text.text, stderr);
		status = fault_status(FAULT_USAGE);
	} else if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		status = about_itself(&text);
	} else if (!strcmp(argv[1], "--version")) {
		str_reset(&text);
		str_addf(&text, "%s %s\n", tool, CRATON_VERSION);
		status = about_itself(&text);
	} else {
		status = unknown_verb(verbs, argv[1]);
	}
	str_done(&text);
	return status;
}
