/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/event.h"

#include "base/vec.h"
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
event_each(struct session *s, int64_t run, int64_t *since,
    void (*each)(const struct event *e, void *ctx), void *ctx, struct fault *f)
{
	struct page page = {0};
	size_t n;
	int rc;

	do {
		rc = read_page(s, run, *since, &page, f);
		for (size_t i = 0; i < page.n; i++) {
			if (rc == 0)
				each(&page.v[i], ctx);
			*since = page.v[i].seq;
			free((char *)(uintptr_t)page.v[i].word);
			free((char *)(uintptr_t)page.v[i].body);
		}
		n = page.n;
		vec_done(&page);
	} while (rc == 0 && n == PAGE);
	return rc;
}
