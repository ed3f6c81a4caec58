/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/guard.h"

#include "exec/spawn.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

/* craton-guard SLOT EPOCH ENGINE_PID DEADLINE GRACE STALL CAP -- PROGRAM [ARG ...] */
static void
guard_argv(const struct attempt *a, char *program, char *const *argv, struct words *out)
{
	const int64_t numbers[] = {a->slot, a->all->epoch, getpid(), a->limits.deadline,
	    a->limits.grace, a->limits.stall, a->limits.cap};

	words_add(out, "craton-guard");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		vec_push(out, mem_printf("%" PRId64, numbers[i]));
	words_add(out, "--");
	words_add(out, program);
	for (argv++; *argv; argv++)
		words_add(out, *argv);
	vec_push(out, NULL);
	out->n--;
}

int
guard_spawn(const struct attempt *a, const struct child_spec *spec, pid_t *pid)
{
	char *program = spawn_find(spec->argv[0], spec->env);
	struct words argv = {0};
	int input, error;

	if (!program)
		return errno;
	input = spawn_input(spec->input, spec->input_len);
	error = input < 0 ? errno : 0;
	guard_argv(a, program, spec->argv, &argv);
	if (!error) {
		struct spawn s = {.path = a->all->guard,
		    .argv = argv.v,
		    .env = spec->env,
		    .folder = spec->folder,
		    .way = SPAWN_SESSION,
		    .fds = {{input, 0}, {spec->out, 1}, {spec->err, 2}, {a->all->record->slots, 8},
			{a->lock, 9}},
		    .nfds = 5};

		error = spawn(&s, pid);
	}
	if (input >= 0)
		close(input);
	words_done(&argv);
	free(program);
	return error;
}
