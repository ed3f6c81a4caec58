/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/feed.h"

#include "base/mem.h"
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
}

static void
word_done(struct feed_word *word)
{
	free(word->kind);
	free(word->text);
}

void
feed_words_done(struct feed_words *words)
{
	for (size_t i = 0; i < words->n; i++)
		word_done(&words->v[i]);
	vec_done(words);
}

/* What a record calls its item by, the surest word first; only a name wants its kind. */
static int
word_of(struct jtext record, struct feed_word *out, struct fault *f)
{
	char *kind = jtext_plain_dup(jtext_member(record, "kind"));
	int is_item = kind && item_kind_ok(kind), status = 1;

	out->text = jtext_plain_dup(jtext_member(record, "item"));
	if (!out->text && is_item)
		out->text = jtext_plain_dup(jtext_member(record, "ref"));
	if (!out->text && is_item) {
		out->text = jtext_plain_dup(jtext_member(record, "name"));
		out->kind = mem_dup(kind);
	}
	if (!out->text)
		status = !kind     ? fault_set(f, FAULT_BAD, "a record without kind")
			 : is_item ? fault_set(f, FAULT_BAD, "a record without ref")
				   : 0;
	free(kind);
	return status;
}

int
feed_word(const char *line, size_t len, struct feed_word *out, struct fault *f)
{
	struct str canonical = STR_INIT;
	int found = -1;

	*out = (struct feed_word){0};
	if (*line != '{') {
		out->text = mem_dup(line);
		return 1;
	}
	if (jtext_canonical(line, len, &canonical, f) == 0)
		found = word_of((struct jtext){canonical.text, canonical.len}, out, f);
	str_done(&canonical);
	if (found < 1) {
		word_done(out);
		*out = (struct feed_word){0};
	}
	return found;
}

static int
find(struct session *s, const char *line, size_t len, int64_t *id, struct fault *f)
{
	struct feed_word word;
	int found = feed_word(line, len, &word, f);

	if (found == 1 && ref_want(s, word.kind, word.text, id, f) < 0)
		found = -1;
	word_done(&word);
	return found;
}

int
feed_next(struct feed *in, struct session *s, int64_t *id, struct fault *f)
{
	char *line;
	size_t len;
	int status = 0, more = 1;

	while (status == 0 && (more = jsonl_line(&in->lines, &line, &len, f)) == 1)
		status = find(s, line, len, id, f);
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
