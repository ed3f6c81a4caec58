/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/event.h"

#include "base/vec.h"
#include "base/when.h"
#include "io/jtext.h"

#include <string.h>

void
event_json(const struct event *e, struct str *out)
{
	jtext_open(out);
	jtext_text(out, "kind", "event");
	if (e->seq)
		jtext_int(out, "seq", e->seq);
	jtext_time(out, "at", e->at);
	if (e->run)
		jtext_int(out, "run", e->run);
	jtext_text(out, "event", e->word);
	if (strlen(e->body) > 2) { /* its members, without the braces */
		str_addc(out, ',');
		str_addn(out, e->body + 1, strlen(e->body) - 2);
	}
	jtext_close(out);
}

/* ---- for people ---- */

static void
add_value(struct jtext value, struct str *out)
{
	if (jtext_type(value) == JTEXT_STRING)
		jtext_plain(value, out);
	else
		str_addn(out, value.text, value.len);
}

static int
is_shown(struct jtext key)
{
	static const char *const hidden[] = {"item", "step", "slot", "argv", NULL};

	for (size_t i = 0; hidden[i]; i++)
		if (key.len == strlen(hidden[i]) && !strncmp(key.text, hidden[i], key.len))
			return 0;
	return 1;
}

/* What would be, in the words of a dry run. */
static const struct {
	const char *word, *text, *member;
} woulds[] = {
    {"would.run", "would run", "run"},
    {"would.skip", "skipped because", "why"},
    {"cannot.tell", "cannot tell", "why"},
    {NULL, NULL, NULL},
};

/* "would run host:dfw/db1 build: cr-build db1" */
static int
would_text(const struct event *e, struct str *out)
{
	struct jtext body = JTEXT(e->body), step = jtext_member(body, "step");
	size_t i = 0;

	while (woulds[i].word && strcmp(woulds[i].word, e->word) != 0)
		i++;
	if (!woulds[i].word)
		return 0;
	str_addf(out, "%s ", woulds[i].text);
	add_value(jtext_member(body, "item"), out);
	if (step.text) {
		str_addc(out, ' ');
		add_value(step, out);
	}
	str_add(out, ": ");
	add_value(jtext_member(body, woulds[i].member), out);
	return 1;
}

/* "step.fail host:dfw/db1 build: attempt 2, status 3" */
void
event_text(const struct event *e, struct str *out)
{
	struct jtext body = JTEXT(e->body), key, value;
	struct jtext item = jtext_member(body, "item"), step = jtext_member(body, "step");
	char at[WHEN_TEXT];
	size_t place = 0, n = 0;

	if (would_text(e, out))
		return;
	if (e->seq) {
		when_text(e->at, at);
		str_addf(out, "%.8s ", at + strlen("2026-01-02T"));
	}
	str_add(out, e->word);
	if (item.text) {
		str_addc(out, ' ');
		add_value(item, out);
	}
	if (step.text) {
		str_addc(out, ' ');
		add_value(step, out);
	}
	while (jtext_each(body, &place, &key, &value)) {
		if (!is_shown(key))
			continue;
		str_add(out, n++ ? ", " : ": ");
		str_addn(out, key.text, key.len);
		str_addc(out, ' ');
		add_value(value, out);
	}
}

/* So many are read at a time: no transaction stays open while a slow reader takes them. */
#define PAGE 256

struct page VEC_BODY(struct event);

static int
read_page(struct session *s, int64_t run, int64_t since, struct page *page, struct fault *f)
{
	static const char sql[] = "SELECT seq, at, event, body FROM event"
				  " WHERE run = $1 AND seq > $2 ORDER BY seq LIMIT $3";
	struct db_rows rows;
	int more = db_query(s->db, &rows, f, sql, "iii", run, since, (int64_t)PAGE);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(page, ((struct event){db_int(&rows, 0), run, db_int(&rows, 1),
				   db_text_dup(&rows, 2), db_text_dup(&rows, 3)}));
	db_end(&rows);
	return more;
}

int
event_each(struct session *s, int64_t run, int64_t since,
    void (*each)(const struct event *e, void *ctx), void *ctx, struct fault *f)
{
	struct page page = {0};
	size_t n;
	int rc;

	do {
		rc = read_page(s, run, since, &page, f);
		for (size_t i = 0; i < page.n; i++) {
			if (rc == 0)
				each(&page.v[i], ctx);
			since = page.v[i].seq;
			free((char *)(uintptr_t)page.v[i].word);
			free((char *)(uintptr_t)page.v[i].body);
		}
		n = page.n;
		vec_done(&page);
	} while (rc == 0 && n == PAGE);
	return rc;
}
