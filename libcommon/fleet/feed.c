/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/feed.h"

#include "fleet/item.h"
#include "fleet/ref.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int
feed_open(struct feed *in, const char *path, struct fault *f)
{
	*in = (struct feed){0};
	return jsonl_open(&in->lines, path, f);
}

void
feed_close(struct feed *in)
{
	jsonl_close(&in->lines);
	str_done(&in->canonical);
}

/* 1 found, 0 the record is about no item, -1. */
static int
find_record(struct session *s, struct jtext record, int64_t *id, struct fault *f)
{
	static const char *const fields[] = {"item", "ref", "name"}; /* the surest word first */
	char *kind = jtext_plain_dup(jtext_member(record, "kind")), *word = NULL;
	int is_item = kind && item_kind_ok(kind), status = 0;

	for (size_t i = 0; !word && i < (is_item ? 3 : 1); i++)
		word = jtext_plain_dup(jtext_member(record, fields[i]));
	if (word)
		status = ref_want(s, is_item ? kind : NULL, word, id, f) < 0 ? -1 : 1;
	else if (!kind || is_item)
		status = fault_set(f, FAULT_BAD, "a record without %s", kind ? "ref" : "kind");
	free(kind);
	free(word);
	return status;
}

static int
find(struct feed *in, struct session *s, const char *line, size_t len, int64_t *id, struct fault *f)
{
	if (*line != '{')
		return ref_want(s, NULL, line, id, f) < 0 ? -1 : 1;
	str_reset(&in->canonical);
	if (jtext_canonical(line, len, &in->canonical, f) < 0)
		return -1;
	return find_record(s, JTEXT(in->canonical.text), id, f);
}

int
feed_next(struct feed *in, struct session *s, int64_t *id, struct fault *f)
{
	char *line;
	size_t len;
	int status = 0, more = 1;

	while (status == 0 && (more = jsonl_line(&in->lines, &line, &len, f)) == 1)
		status = find(in, s, line, len, id, f);
	if (status < 0)
		fault_within(f, "%s:%lu", in->lines.name, in->lines.line);
	return more < 1 ? more : status;
}

int
feed_waits(void)
{
	struct stat st;

	return fstat(STDIN_FILENO, &st) == 0 &&
	       (S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode) || S_ISSOCK(st.st_mode));
}
