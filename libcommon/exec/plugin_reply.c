/* SPDX-License-Identifier: Apache-2.0 */
/* What plug-ins print: plugin.h's results and replies. */
#include "base/mem.h"
#include "exec/plugin.h"
#include "io/jtext.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

char *
plugin_result(const char *output, size_t len)
{
	const char *end = output + len;

	while (end > output) {
		const char *start = memrchr(output, '\n', (size_t)(end - output));
		const char *line = start ? start + 1 : output;
		json_t *o = json_loadb(line, (size_t)(end - line), JSON_REJECT_DUPLICATES, NULL);

		if (json_is_object(o)) {
			json_decref(o);
			return mem_dupn(line, (size_t)(end - line));
		}
		json_decref(o);
		end = start ? start : output;
	}
	return NULL;
}

void
plugin_reply_done(struct plugin_reply *reply)
{
	free(reply->result);
	free(reply->progress);
	*reply = (struct plugin_reply){0};
}

static int
is_blank(const char *line, size_t len)
{
	return strspn(line, " \t\r\n") >= len;
}

/* One line: kept if it is a result or progress, passed over if it is another record. */
static int
read_line(struct plugin_reply *reply, const char *line, size_t len, struct fault *f)
{
	struct str text = STR_INIT;
	struct jtext object, kind;
	char **to = NULL;

	if (jtext_canonical(line, len, &text, f) < 0) {
		str_done(&text);
		return fault_set(f, FAULT_BAD, "no JSON object: %s", strdupa(f->text));
	}
	object = (struct jtext){text.text, text.len};
	kind = jtext_type(object) == JTEXT_OBJECT ? jtext_member(object, "kind") : JTEXT(NULL);
	if (!kind.text) {
		str_done(&text);
		return fault_set(f, FAULT_BAD, "no JSON object with a kind");
	}
	if (jtext_is(kind, "result"))
		to = &reply->result;
	else if (jtext_is(kind, "progress"))
		to = &reply->progress;
	if (to) {
		free(*to);
		*to = str_take(&text);
	}
	str_done(&text);
	return 0;
}

int
plugin_reply_read(struct plugin_reply *reply, const char *output, size_t len, struct fault *f)
{
	size_t number = 1;

	*reply = (struct plugin_reply){0};
	for (size_t at = 0; at < len; number++) {
		const char *line = output + at, *end = memchr(line, '\n', len - at);
		size_t n = end ? (size_t)(end - line) : len - at;

		at += n + 1;
		if (is_blank(line, n))
			continue;
		if (reply->result)
			return fault_set(f, FAULT_BAD, "line %zu: after the result", number);
		if (read_line(reply, line, n, f) < 0)
			return fault_within(f, "line %zu", number);
	}
	return reply->result ? 0 : fault_set(f, FAULT_BAD, "no result");
}
