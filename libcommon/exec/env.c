/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/env.h"

#include <string.h>
#include <unistd.h>

static void
end_with_null(struct words *env)
{
	vec_push(env, NULL);
	env->n--;
}

void
env_init(struct words *env)
{
	*env = (struct words){0};
	for (char **e = environ; *e; e++)
		words_add(env, *e);
	end_with_null(env);
}

static int
is_of(const char *word, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(word, name, len) && word[len] == '=';
}

void
env_put(struct words *env, const char *name, const char *value)
{
	size_t i = 0;

	while (i < env->n && !is_of(env->v[i], name))
		i++;
	if (i < env->n) {
		free(env->v[i]);
		env->v[i] = env->v[--env->n];
	}
	if (value)
		vec_push(env, mem_printf("%s=%s", name, value));
	end_with_null(env);
}

const char *
env_get(char *const *env, const char *name)
{
	for (; *env; env++)
		if (is_of(*env, name))
			return *env + strlen(name) + 1;
	return NULL;
}
