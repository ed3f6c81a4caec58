/* SPDX-License-Identifier: Apache-2.0 */
#include "store/function.h"

#include "io/jtext.h"

#include <sqlite3.h>

static void
jmember(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	struct jtext object, found;
	const char *key = (const char *)sqlite3_value_text(argv[1]);

	(void)argc;
	object.text = (const char *)sqlite3_value_text(argv[0]);
	object.len = (size_t)sqlite3_value_bytes(argv[0]);
	if (!object.text || !key)
		return;
	found = jtext_member(object, key);
	if (found.text)
		sqlite3_result_text64(
		    context, found.text, found.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static const struct function {
	const char *name;
	int nargs;
	void (*call)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {
    {"jmember", 2, jmember},
};

int
function_register(void *native)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions) && code == SQLITE_OK; i++)
		code = sqlite3_create_function_v2(native, functions[i].name, functions[i].nargs,
		    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, functions[i].call,
		    NULL, NULL, NULL);
	return code;
}
