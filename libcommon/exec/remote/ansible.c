/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/remote/ansible.h"

#include "exec/env.h"
#include "exec/proc.h"
#include "io/file.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const ansible_parameters[] = {
    "module", "args", "playbook", "inventory", "host", "check", "become", "vars", NULL};

int
ansible_is_host(const char *name)
{
	return *name && !name[strcspn(name, ":,!&~*?[]@ ")] && *name != '-';
}

/* ---- the files that it is given ---- */

static int
put_file(const struct ansible *a, const char *name, const struct str *text, struct fault *f)
{
	char *path = mem_printf("%s/%s", a->folder, name);
	int status = file_replace(path, text->text, text->len, f);

	free(path);
	return status;
}

/* {"all":{"hosts":{"db1":{"ansible_host":"10.0.0.1"}}}} */
static int
put_inventory(const struct ansible *a, const struct ansible_host *hosts, size_t n, struct fault *f)
{
	struct str text = STR_INIT;
	int status;

	str_add(&text, "{\"all\":{\"hosts\":{");
	for (size_t i = 0; i < n; i++) {
		str_add(&text, i ? "," : "");
		jtext_put_string(&text, hosts[i].name);
		str_addc(&text, ':');
		jtext_open(&text);
		jtext_text(&text, "ansible_host", hosts[i].address);
		jtext_close(&text);
	}
	str_add(&text, "}}}");
	status = put_file(a, "hosts.json", &text, f);
	str_done(&text);
	return status;
}

static int
put_limit(const struct ansible *a, const struct ansible_host *hosts, size_t n, struct fault *f)
{
	struct str text = STR_INIT;
	int status;

	for (size_t i = 0; i < n; i++)
		str_addf(&text, "%s\n", hosts[i].name);
	status = put_file(a, "limit", &text, f);
	str_done(&text);
	return status;
}

static int
make_folder(struct ansible *a, struct fault *f)
{
	const char *tmp = getenv("TMPDIR");
	char *folder = mem_printf("%s/craton-ansible.XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp");

	if (!mkdtemp(folder)) {
		fault_errno(f, "%s", folder);
		free(folder);
		return -1;
	}
	a->folder = folder;
	return 0;
}

/* ---- the command line ---- */

static void
add_pair(struct words *out, const char *option, char *value)
{
	words_add(out, option);
	vec_push(out, value);
}

static char *
text_of(struct jtext with, const char *key)
{
	return jtext_plain_dup(jtext_member(with, key));
}

static int
is_true(struct jtext with, const char *key)
{
	struct jtext v = jtext_member(with, key);

	return v.text && jtext_type(v) == JTEXT_TRUE;
}

/* A relative path is one from the folder; "db1,db2" is a list of hosts and no path. */
static char *
path_of(char *path, const char *folder)
{
	char *whole;

	if (!path || !folder || *path == '/' || strchr(path, ','))
		return path;
	whole = mem_printf("%s/%s", folder, path);
	free(path);
	return whole;
}

static int
add_hosts(struct ansible *a, struct jtext with, const struct ansible_host *hosts, size_t n,
    const char *folder, struct fault *f)
{
	char *inventory = path_of(text_of(with, "inventory"), folder);

	if (!inventory) {
		add_pair(&a->argv, "-i", mem_printf("%s/hosts.json", a->folder));
		return put_inventory(a, hosts, n, f);
	}
	add_pair(&a->argv, "-i", inventory);
	add_pair(&a->argv, "--limit", mem_printf("@%s/limit", a->folder));
	return put_limit(a, hosts, n, f);
}

static int
add_vars(struct ansible *a, struct jtext with, struct fault *f)
{
	struct jtext vars = jtext_member(with, "vars");
	struct str text = STR_INIT;
	int status;

	if (!vars.text)
		return 0;
	if (jtext_type(vars) != JTEXT_OBJECT)
		return fault_set(f, FAULT_BAD, "vars: a mapping is wanted");
	str_addn(&text, vars.text, vars.len);
	status = put_file(a, "vars.json", &text, f);
	add_pair(&a->argv, "-e", mem_printf("@%s/vars.json", a->folder));
	str_done(&text);
	return status;
}

int
ansible_check(struct jtext with, struct fault *f)
{
	int module = jtext_member(with, "module").text != NULL;
	int playbook = jtext_member(with, "playbook").text != NULL;

	if (module == playbook)
		return fault_set(f, FAULT_BAD, "either module or playbook is wanted");
	if (playbook && jtext_member(with, "args").text)
		return fault_set(f, FAULT_BAD, "args go with a module; a playbook takes vars");
	return 0;
}

static void
add_what(struct ansible *a, struct jtext with, const char *folder)
{
	char *module = text_of(with, "module"), *args = text_of(with, "args");

	a->is_play = !module;
	words_add(&a->argv, a->is_play ? "ansible-playbook" : "ansible");
	if (module) {
		words_add(&a->argv, "all");
		add_pair(&a->argv, "-m", module);
	} else {
		vec_push(&a->argv, path_of(text_of(with, "playbook"), folder));
	}
	if (args)
		add_pair(&a->argv, "-a", args);
}

/* Ansible runs in a UTF-8 locale only, and cron gives it none. */
static void
set_locale(struct ansible *a)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *locale = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && !(locale && *locale); i++)
		locale = getenv(names[i]);
	if (!locale || (!strcasestr(locale, "UTF-8") && !strcasestr(locale, "utf8")))
		env_put(&a->env, "LC_ALL", "C.UTF-8");
}

/* Its own configuration holds for all else. */
static void
set_environment(struct ansible *a)
{
	static const char *const values[][2] = {{"ANSIBLE_STDOUT_CALLBACK", "craton_lines"},
	    {"ANSIBLE_LOAD_CALLBACK_PLUGINS", "1"}, {"ANSIBLE_NOCOLOR", "1"},
	    {"ANSIBLE_FORCE_COLOR", "0"}, {"ANSIBLE_RETRY_FILES_ENABLED", "0"},
	    /* Our callback lies among installed files, where nothing is to appear. */
	    {"PYTHONDONTWRITEBYTECODE", "1"}};
	char *prefix = file_prefix();
	const char *plugins = getenv("ANSIBLE_CALLBACK_PLUGINS");
	char *path = mem_printf(
	    "%s/share/craton/ansible%s%s", prefix, plugins ? ":" : "", plugins ? plugins : "");

	env_init(&a->env);
	env_put(&a->env, PROC_KEY, NULL); /* the connections that it keeps are to outlive it */
	set_locale(a);
	env_put(&a->env, "ANSIBLE_CALLBACK_PLUGINS", path);
	env_put(&a->env, "CRATON_ANSIBLE", a->is_play ? "play" : "module");
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		env_put(&a->env, values[i][0], values[i][1]);
	free(path);
	free(prefix);
}

int
ansible_init(struct ansible *a, struct jtext with, const struct ansible_host *hosts, size_t n,
    int64_t forks, const char *folder, struct fault *f)
{
	*a = (struct ansible){0};
	if (ansible_check(with, f) < 0)
		return -1;
	add_what(a, with, folder);
	if (make_folder(a, f) < 0 || add_hosts(a, with, hosts, n, folder, f) < 0 ||
	    add_vars(a, with, f) < 0)
		return -1;
	add_pair(&a->argv, "-f", mem_printf("%" PRId64, forks));
	if (is_true(with, "check"))
		words_add(&a->argv, "--check");
	if (is_true(with, "become"))
		words_add(&a->argv, "--become");
	vec_push(&a->argv, NULL);
	a->argv.n--;
	set_environment(a);
	return 0;
}

void
ansible_done(struct ansible *a)
{
	static const char *const files[] = {"hosts.json", "limit", "vars.json"};

	for (size_t i = 0; a->folder && i < sizeof(files) / sizeof(*files); i++) {
		char *path = mem_printf("%s/%s", a->folder, files[i]);

		unlink(path);
		free(path);
	}
	if (a->folder)
		rmdir(a->folder);
	free(a->folder);
	words_done(&a->argv);
	words_done(&a->env);
	*a = (struct ansible){0};
}

/* ---- what it says ---- */

static enum ansible_status
status_of(struct jtext word)
{
	static const char *const words[] = {[ANSIBLE_OK] = "ok",
	    [ANSIBLE_UNREACHABLE] = "unreachable",
	    [ANSIBLE_SKIPPED] = "skipped"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i] && jtext_is(word, words[i]))
			return (enum ansible_status)i;
	return ANSIBLE_FAILED;
}

/* Whether the line is the last one. What is none of ours was printed by somebody else. */
static int
read_line(const char *line, size_t len,
    void (*each)(const char *host, enum ansible_status status, struct jtext result, void *ctx),
    void *ctx)
{
	struct str text = STR_INIT;
	struct jtext object, kind, name;
	struct fault ignored;
	int ends = 0;

	if (*line != '{' || jtext_canonical(line, len, &text, &ignored) < 0)
		return 0;
	object = (struct jtext){text.text, text.len};
	kind = jtext_member(object, "kind");
	name = jtext_member(object, "host");
	if (kind.text && jtext_is(kind, "end"))
		ends = 1;
	else if (kind.text && name.text && jtext_is(kind, "host")) {
		char *host = jtext_plain_dup(name);

		each(host, status_of(jtext_member(object, "status")),
		    jtext_member(object, "result"), ctx);
		free(host);
	}
	str_done(&text);
	return ends;
}

int
ansible_read(const char *output, size_t len,
    void (*each)(const char *host, enum ansible_status status, struct jtext result, void *ctx),
    void *ctx)
{
	int ends = 0;

	for (size_t at = 0; at < len;) {
		const char *line = output + at, *end = memchr(line, '\n', len - at);

		if (!end)
			break;
		ends |= read_line(line, (size_t)(end - line), each, ctx);
		at += (size_t)(end - line) + 1;
	}
	return ends;
}
