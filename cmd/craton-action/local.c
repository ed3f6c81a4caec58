/* SPDX-License-Identifier: Apache-2.0 */
#include "action.h"

#include "exec/spawn.h"

#include <errno.h>
#include <unistd.h>

/* The program takes our place: its output, its end and its time are the action's. */
int
action_local(const struct action *a, struct fault *f)
{
	struct words argv = {0};
	char *path = NULL;
	int status = action_words(a, &argv, f);

	if (status == 0) {
		path = spawn_find(argv.v[0], environ);
		vec_push(&argv, NULL);
		if (path)
			execv(path, argv.v);
		status = fault_errno(f, "%s", argv.v[0]);
	}
	words_done(&argv);
	free(path);
	return status;
}
