/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/plugin.h"

#include "base/mem.h"
#include "base/near.h"
#include "base/when.h"
#include "exec/env.h"
#include "exec/proc.h"
#include "io/file.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DESCRIBE_MS 10000
#define DESCRIBE_MOST ((int64_t)1 << 20)

/* ---- finding ---- */

static void
add_folder(struct str *list, const char *folder, size_t len, const char *kind)
{
	if (!len)
		return;
	if (list->len)
		str_addc(list, ':');
	str_addn(list, folder, len);
	str_addc(list, '/');
	str_add(list, kind);
}

static void
add_user_folder(struct str *list, const char *kind)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *folder = NULL;

	if (config && *config == '/')
		folder = mem_printf("%s/craton/plugins", config);
	else if (home && *home == '/')
		folder = mem_printf("%s/.config/craton/plugins", home);
	if (folder)
		add_folder(list, folder, strlen(folder), kind);
	free(folder);
}

/* "A/action:B/action": where plug-ins of a kind are, to be freed. */
static char *
folders_of(const char *kind)
{
	static const char site[] = "/etc/craton/plugins";
	const char *given = getenv("CRATON_PLUGINS");
	static const char *const ours[] = {"share", "libexec"};
	char *prefix = file_prefix();
	struct str list = STR_INIT;

	for (const char *at = given ? given : "", *end; *at; at = *end ? end + 1 : end) {
		end = strchrnul(at, ':');
		add_folder(&list, at, (size_t)(end - at), kind);
	}
	add_user_folder(&list, kind);
	add_folder(&list, site, strlen(site), kind);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		char *shipped = mem_printf("%s/%s/craton/plugins", prefix, ours[i]);

		add_folder(&list, shipped, strlen(shipped), kind);
		free(shipped);
	}
	free(prefix);
	return str_take(&list);
}

/* The best of the offers; its name is a copy, since a folder's entries do not last. */
static void
offer_folder(const char *folder, const char *name, char **best, size_t *distance)
{
	DIR *dir = opendir(folder);
	const struct dirent *e;

	if (!dir)
		return;
	while ((e = readdir(dir))) {
		struct near n = NEAR_INIT(name);

		if (*e->d_name == '.')
			continue;
		near_offer(&n, e->d_name);
		if (n.best && (!*best || n.distance < *distance)) {
			free(*best);
			*best = mem_dup(n.best);
			*distance = n.distance;
		}
	}
	closedir(dir);
}

static int
not_found(const char *folders, const char *kind, const char *name, struct fault *f)
{
	char *list = mem_dup(folders), *best = NULL, *save = NULL, hint[NEAR_HINT];
	size_t distance = 0;

	for (char *folder = strtok_r(list, ":", &save); folder; folder = strtok_r(NULL, ":", &save))
		offer_folder(folder, name, &best, &distance);
	near_hint(&(struct near){.word = name, .best = best}, hint);
	fault_set(f, FAULT_BAD, "no plug-in %s/%s%s%s%s", kind, name, hint,
	    best ? "" : "; looked in ", best ? "" : folders);
	free(best);
	free(list);
	return -1;
}

int
plugin_find(const char *kind, const char *name, char **path, struct fault *f)
{
	char *folders;
	int r = 0;

	*path = NULL;
	if (!*name || *name == '.' || strchr(name, '/'))
		return fault_set(f, FAULT_BAD, "\"%s\": not a plug-in's name", name);
	folders = folders_of(kind);
	*path = file_find(folders, name);
	if (!*path)
		r = not_found(folders, kind, name, f);
	else if (access(*path, X_OK) < 0)
		r = fault_set(f, FAULT_BAD, "plug-in %s: may not be executed", *path);
	if (r < 0) {
		free(*path);
		*path = NULL;
	}
	free(folders);
	return r;
}

/* ---- calling ---- */

void
plugin_call_init(struct plugin_call *c, const char *program, const struct words *args,
    const char *json, const char *key, int attempt)
{
	char number[16];

	*c = (struct plugin_call){.input = mem_dup(json)};
	words_add(&c->argv, program);
	for (size_t i = 0; args && i < args->n; i++)
		words_add(&c->argv, args->v[i]);
	vec_push(&c->argv, NULL);
	c->argv.n--;
	env_init(&c->env);
	env_put(&c->env, PROC_KEY, key);
	snprintf(number, sizeof(number), "%d", attempt);
	env_put(&c->env, "CRATON_ATTEMPT", number);
}

void
plugin_call_done(struct plugin_call *c)
{
	words_done(&c->argv);
	words_done(&c->env);
	free(c->input);
	c->input = NULL;
}

void
plugin_call_spec(const struct plugin_call *c, struct child_spec *spec)
{
	spec->argv = c->argv.v;
	spec->env = c->env.v;
	spec->input = c->input;
	spec->input_len = c->input ? strlen(c->input) : 0;
}

/* ---- describing ---- */

void
plugin_about_done(struct plugin_about *about)
{
	free(about->name);
	free(about->purpose);
	free(about->parameters);
	*about = (struct plugin_about){0};
}

static int
read_about(const char *path, const struct str *text, struct plugin_about *about, struct fault *f)
{
	char *line = plugin_result(text->text ? text->text : "", text->len), *parameters = NULL;
	const char *name = NULL, *purpose = NULL;
	json_t *o = line ? json_loads(line, 0, NULL) : NULL;
	int idempotent = 0, bad;

	bad = !o || json_unpack(o, "{s:s, s?s, s?b}", "name", &name, "purpose", &purpose,
			"idempotent", &idempotent) < 0;
	if (!bad) {
		json_t *p = json_object_get(o, "parameters");

		if (p)
			parameters = json_dumps(p, JSON_COMPACT);
		bad = p && !json_is_object(p);
	}
	if (bad)
		free(parameters);
	else
		*about =
		    (struct plugin_about){mem_dup(name), mem_dup(purpose), idempotent, parameters};
	json_decref(o);
	free(line);
	return bad ? fault_set(f, FAULT_BAD,
			 "plug-in %s: --describe must print an object with a \"name\"", path)
		   : 0;
}

int
plugin_describe(const char *path, struct plugin_about *about, struct fault *f)
{
	struct words args = {0};
	struct plugin_call call;
	struct child_spec spec = {.out = CHILD_TO_MEMORY,
	    .err = CHILD_TO_MEMORY,
	    .limits = {.deadline = when_boot() + DESCRIBE_MS, .grace = 1000, .cap = DESCRIBE_MOST}};
	char how[OUTCOME_TEXT], *key = mem_printf("describe/%d", (int)getpid());
	struct child *c;
	int r;

	*about = (struct plugin_about){0};
	words_add(&args, "--describe");
	plugin_call_init(&call, path, &args, NULL, key, 1);
	plugin_call_spec(&call, &spec);
	r = child_run(&spec, &c, f);
	if (r == 0 && outcome_kind(&c->outcome) != OUTCOME_DONE)
		r = fault_set(f, FAULT_BAD, "plug-in %s: --describe: %s", path,
		    outcome_text(&c->outcome, how));
	else if (r == 0)
		r = read_about(path, &c->outputs[0].text, about, f);
	child_free(c);
	plugin_call_done(&call);
	words_done(&args);
	free(key);
	return r;
}
