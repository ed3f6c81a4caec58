/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host lists a line, for who compares them with another tool's: "e LIST" prints the names with
 * commas between, "f NAME,NAME,..." their fold, "!" where it is refused.
 */
#include "io/hostlist.h"

#include <stdio.h>
#include <string.h>

static int
add(const char *name, void *ctx)
{
	words_add(ctx, name);
	return 0;
}

static void
answer(char *line)
{
	struct words names = {0};
	struct str out = STR_INIT;
	struct fault f;
	char *name, *rest = line + 2;

	if (*line == 'f') {
		while ((name = strsep(&rest, ",")))
			words_add(&names, name);
		hostlist_fold(&names, &out);
	} else if (hostlist_each(rest, add, &names, &f) < 0) {
		str_add(&out, "!");
	}
	for (size_t i = 0; *line == 'e' && i < names.n; i++)
		str_addf(&out, "%s%s", i ? "," : "", names.v[i]);
	puts(out.text ? out.text : "");
	str_done(&out);
	words_done(&names);
}

int
main(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, stdin)) > 2) {
		line[len - 1] = '\0';
		answer(line);
		fflush(stdout);
	}
	free(line);
	return 0;
}
