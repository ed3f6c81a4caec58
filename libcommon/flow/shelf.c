/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/shelf.h"

#include "base/map.h"
#include "base/near.h"
#include "base/str.h"
#include "io/file.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#define SUFFIX ".yaml"

static void
add_list(struct words *out, const char *folders)
{
	while (folders && *folders) {
		size_t len = strcspn(folders, ":");

		if (len > 0)
			vec_push(out, mem_dupn(folders, len));
		folders += len + (folders[len] == ':');
	}
}

char *
shelf_of_user(const char *name)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && *config == '/')
		return mem_printf("%s/craton/%s", config, name);
	return home && *home == '/' ? mem_printf("%s/.config/craton/%s", home, name) : NULL;
}

void
shelf_folders(const struct shelf *shelf, struct words *out)
{
	char *prefix = file_prefix(), *own = shelf_of_user(shelf->folder);

	add_list(out, getenv(shelf->variable));
	if (own)
		vec_push(out, own);
	vec_push(out, mem_printf("/etc/craton/%s", shelf->folder));
	vec_push(out, mem_printf("%s/share/craton/%s", prefix, shelf->folder));
	free(prefix);
}

/* The part of a file's name before .yaml, or 0 if it does not end so. */
static size_t
stem(const char *name)
{
	size_t len = strlen(name), suffix = sizeof(SUFFIX) - 1;

	return len > suffix && !strcmp(name + len - suffix, SUFFIX) ? len - suffix : 0;
}

struct found {
	char *name, *path;
};

struct founds VEC_BODY(struct found);

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->name, ((const struct found *)b)->name);
}

/* A folder that cannot be read holds nothing for this user: not every folder is his. */
static void
list_folder(const char *folder, struct map *seen, struct founds *out)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t len;
	int added;

	while (dir && (entry = readdir(dir))) {
		char *name;

		if (*entry->d_name == '.' || !(len = stem(entry->d_name)))
			continue;
		name = mem_dupn(entry->d_name, len);
		map_put(seen, name, &added);
		if (added)
			vec_push(out,
			    ((struct found){name, mem_printf("%s/%s", folder, entry->d_name)}));
		else
			free(name);
	}
	if (dir)
		closedir(dir);
}

static void
list_all(const struct shelf *shelf, struct founds *out)
{
	struct words folders = {0};
	struct map seen = {0};

	shelf_folders(shelf, &folders);
	for (size_t i = 0; i < folders.n; i++)
		list_folder(folders.v[i], &seen, out);
	vec_sort(out, by_name);
	words_done(&folders);
	map_done(&seen);
}

static void
founds_done(struct founds *founds)
{
	for (size_t i = 0; i < founds->n; i++) {
		free(founds->v[i].name);
		free(founds->v[i].path);
	}
	vec_done(founds);
}

void
shelf_list(const struct shelf *shelf, struct words *out)
{
	struct founds all = {0};

	list_all(shelf, &all);
	for (size_t i = 0; i < all.n; i++)
		words_add(out, all.v[i].path);
	founds_done(&all);
}

/* "; the file is ./NAME" where there is one here, with or without the suffix: else the near miss.
 */
static void
no_such(const struct shelf *shelf, const struct near *near, struct fault *f)
{
	static const char *const suffixes[] = {"", SUFFIX, NULL};
	char hint[NEAR_HINT];
	struct stat st;

	for (const char *const *suffix = suffixes; *suffix; suffix++) {
		char *path = mem_printf("./%s%s", near->word, *suffix);
		int is_file = stat(path, &st) == 0 && S_ISREG(st.st_mode);

		if (is_file)
			fault_set(f, FAULT_BAD, "no %s \"%.80s\"; the file is %.80s", shelf->what,
			    near->word, path);
		free(path);
		if (is_file)
			return;
	}
	fault_set(
	    f, FAULT_BAD, "no %s \"%.80s\"%s", shelf->what, near->word, near_hint(near, hint));
}

char *
shelf_find(const struct shelf *shelf, const char *called, struct fault *f)
{
	struct near near = NEAR_INIT(called);
	struct founds all = {0};
	char *path = NULL;

	if (!strcmp(called, "-") || strchr(called, '/') || stem(called))
		return mem_dup(called);
	list_all(shelf, &all);
	for (size_t i = 0; i < all.n && !path; i++) {
		near_offer(&near, all.v[i].name);
		if (!strcmp(all.v[i].name, called))
			path = mem_dup(all.v[i].path);
	}
	if (!path)
		no_such(shelf, &near, f);
	founds_done(&all);
	return path;
}
