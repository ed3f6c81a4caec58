/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"
#include "exec/plugin.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/t_plugin.XXXXXX";
static const char *const folders[] = {"one", "one/action", "two", "two/action", "home",
    "home/craton", "home/craton/plugins", "home/craton/plugins/action"};
static const struct {
	const char *path, *text;
	mode_t mode;
} files[] = {
    {"one/action/move", "#!/bin/sh\necho one\n", 0755},
    {"two/action/move", "#!/bin/sh\necho two\n", 0755},
    {"two/action/plain", "#!/bin/sh\n", 0644},
    {"two/action/echo", "#!/bin/sh\nprintf '%s,' \"$@\" \"$CRATON_KEY\" \"$CRATON_ATTEMPT\"; cat\n",
	0755},
    {"two/action/good",
	"#!/bin/sh\n[ \"$1\" = --describe ] || exit 9\n"
	"echo '{\"name\":\"good\",\"purpose\":\"is good\",\"idempotent\":true,"
	"\"parameters\":{\"to\":\"where\"}}'\n",
	0755},
    {"two/action/mute", "#!/bin/sh\necho hello\n", 0755},
    {"two/action/broken", "#!/bin/sh\nexit 100\n", 0755},
    {"home/craton/plugins/action/mine", "#!/bin/sh\n", 0755},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *
under(const char *path)
{
	static char full[4][256];
	static int next;
	char *at = full[next++ % 4];

	snprintf(at, sizeof(*full), "%s/%s", folder, path);
	return at;
}

static void
make_tree(void)
{
	for (size_t i = 0; i < COUNT(folders); i++)
		mkdir(under(folders[i]), 0755);
	for (size_t i = 0; i < COUNT(files); i++) {
		FILE *out = fopen(under(files[i].path), "we");

		if (!out)
			continue;
		fputs(files[i].text, out);
		fclose(out);
		chmod(under(files[i].path), files[i].mode);
	}
}

static void
remove_tree(void)
{
	for (size_t i = COUNT(files); i-- > 0;)
		unlink(under(files[i].path));
	for (size_t i = COUNT(folders); i-- > 0;)
		rmdir(under(folders[i]));
	rmdir(folder);
}

static char *
find(const char *name, struct fault *f)
{
	char *path;

	*f = (struct fault){0};
	plugin_find("action", name, &path, f);
	return path;
}

static void
test_finding(void)
{
	struct fault f;
	char *path = find("move", &f);

	is_text(path, under("one/action/move"), "the first folder that has it wins");
	free(path);
	path = find("mine", &f);
	is_text(path, under("home/craton/plugins/action/mine"), "the user's own are found");
	free(path);
	path = find("mvoe", &f);
	is_text(path, NULL, "one that is not there is not found");
	is_text(f.text, "no plug-in action/mvoe; did you mean \"move\"?", "with the near miss");
	is_int(f.kind, FAULT_BAD, "as bad input");
	find("zzzzzz", &f);
	ok(strstr(f.text, "looked in ") && strstr(f.text, under("two/action")),
	    "or with where it was looked for");
	find("plain", &f);
	ok(strstr(f.text, "may not be executed"), "one without x is refused by name");
	find("../move", &f);
	is_text(f.text, "\"../move\": not a plug-in's name", "a name is not a path");
	find("", &f);
	is_text(f.text, "\"\": not a plug-in's name", "nor is it empty");
}

static void
test_calling(void)
{
	struct words args = {0};
	struct plugin_call call;
	struct child_spec spec = {
	    .out = CHILD_TO_MEMORY, .err = CHILD_TO_MEMORY, .limits = {.cap = 4096}};
	struct child *c;
	struct fault f;

	words_add(&args, "a b");
	words_add(&args, "$(id)");
	plugin_call_init(&call, under("two/action/echo"), &args, "{\"x\":1}", "7/host/step", 2);
	plugin_call_spec(&call, &spec);
	is_int(child_run(&spec, &c, &f), 0, "a plug-in runs");
	is_text(c->outputs[0].text.text, "a b,$(id),7/host/step,2,{\"x\":1}",
	    "with arguments as they are, key, attempt, and JSON on stdin");
	child_free(c);
	plugin_call_done(&call);
	words_done(&args);
}

static void
test_describing(void)
{
	struct plugin_about about;
	struct fault f;

	is_int(plugin_describe(under("two/action/good"), &about, &f), 0, "one describes itself");
	is_text(about.name, "good", "its name");
	is_text(about.purpose, "is good", "its purpose");
	is_int(about.idempotent, 1, "whether it is idempotent");
	is_text(about.parameters, "{\"to\":\"where\"}", "its parameters");
	plugin_about_done(&about);
	is_int(
	    plugin_describe(under("two/action/mute"), &about, &f), -1, "one that prints no JSON");
	ok(strstr(f.text, "--describe must print an object with a \"name\""),
	    "is told what to print");
	is_int(plugin_describe(under("two/action/broken"), &about, &f), -1, "one that fails");
	ok(strstr(f.text, "--describe: exit status 100"), "is reported with its status");
}

static void
test_results(void)
{
	static const struct {
		const char *output, *result, *name;
	} cases[] = {
	    {"", NULL, "no output has no result"},
	    {"talk\nmore\n", NULL, "nor has talk"},
	    {"{\"a\":1}\n", "{\"a\":1}", "one object is the result"},
	    {"{\"a\":1}\n{\"a\":2}", "{\"a\":2}", "the last of two, newline or not"},
	    {"{\"a\":1}\ntalk\n[1]\n\n3\n{\"cut", "{\"a\":1}",
		"lines that are no objects are passed"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char *result = plugin_result(cases[i].output, strlen(cases[i].output));

		is_text(result, cases[i].result, "%s", cases[i].name);
		free(result);
	}
}

static void
test_replies(void)
{
	static const struct {
		const char *output, *result, *progress, *says, *name;
	} cases[] = {
	    {"{\"kind\":\"result\",\"value\":1}\n", "{\"kind\":\"result\",\"value\":1}", NULL, "",
		"a result alone is a reply"},
	    {"{\"kind\":\"progress\",\"done\":1}\n\n{\"kind\":\"talk\"}\n{\"value\": 2, "
	     "\"kind\":\"result\"}",
		"{\"kind\":\"result\",\"value\":2}", "{\"done\":1,\"kind\":\"progress\"}", "",
		"progress comes before it, other kinds and blank lines are passed over"},
	    {"", NULL, NULL, "no result", "nothing is no reply"},
	    {"{\"kind\":\"progress\"}\n", NULL, "{\"kind\":\"progress\"}", "no result",
		"progress alone is none"},
	    {"hello\n{\"kind\":\"result\"}\n", NULL, NULL,
		"line 1: no JSON object: ", "talk on stdout is named with its line"},
	    {"{\"kind\":\"progress\"}\n{\"kind\":\"resu", NULL, "{\"kind\":\"progress\"}",
		"line 2: no JSON object: ", "so is half a line"},
	    {"[1]\n", NULL, NULL, "line 1: no JSON object with a kind", "an array is no record"},
	    {"{\"kind\":\"result\"}\n{\"kind\":\"result\"}\n", "{\"kind\":\"result\"}", NULL,
		"line 2: after the result", "nothing comes after a result"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct plugin_reply reply;
		struct fault f = {0};
		int status =
		    plugin_reply_read(&reply, cases[i].output, strlen(cases[i].output), &f);

		is_int(status, *cases[i].says ? -1 : 0, "%s", cases[i].name);
		ok(strncmp(f.text, cases[i].says, strlen(cases[i].says)) == 0, "and says so: %s",
		    f.text);
		is_text(reply.result, cases[i].result, "its result");
		is_text(reply.progress, cases[i].progress, "its progress");
		plugin_reply_done(&reply);
	}
}

int
main(void)
{
	char path[160];

	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s::%s", under("one"), under("two"));
	setenv("CRATON_PLUGINS", path, 1);
	setenv("XDG_CONFIG_HOME", under("home"), 1);
	make_tree();
	test_finding();
	test_calling();
	test_describing();
	test_results();
	test_replies();
	remove_tree();
	return tap_end();
}
