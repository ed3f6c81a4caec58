/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/event/event.h"

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
	if (e->hash && *e->hash)
		jtext_text(out, "hash", e->hash);
	jtext_close(out);
}

/* So many are read at a time: no transaction stays open while a slow reader takes them. */
#define PAGE 256

struct page VEC_BODY(struct event);

static int
read_page(struct db *db, int64_t run, int64_t since, struct page *page, struct fault *f)
{
	static const char of_run[] = "SELECT seq, at, event, body, hash, run FROM event"
				     " WHERE run = $1 AND seq > $2 ORDER BY seq LIMIT $3";
	static const char all[] = "SELECT seq, at, event, body, hash, run FROM event"
				  " WHERE seq > $1 ORDER BY seq LIMIT $2";
	struct db_rows rows;
	int more = run ? db_query(db, &rows, f, of_run, "iii", run, since, (int64_t)PAGE)
		       : db_query(db, &rows, f, all, "ii", since, (int64_t)PAGE);

	while (more >= 0 && (more = db_next(&rows, f)) == 1)
		vec_push(page,
		    ((struct event){db_int(&rows, 0), db_int(&rows, 5), db_int(&rows, 1),
			db_text_dup(&rows, 2), db_text_dup(&rows, 3), db_text_dup(&rows, 4)}));
	db_end(&rows);
	return more;
}

static void
free_page(struct page *page)
{
	for (size_t i = 0; i < page->n; i++) {
		free((char *)(uintptr_t)page->v[i].word);
		free((char *)(uintptr_t)page->v[i].body);
		free((char *)(uintptr_t)page->v[i].hash);
	}
	vec_done(page);
}

int
event_each(struct db *db, int64_t run, int64_t *since,
    void (*each)(const struct event *e, void *ctx), void *ctx, struct fault *f)
{
	struct page page = {0};
	size_t n;
	int rc;

	do {
		rc = read_page(db, run, *since, &page, f);
		for (size_t i = 0; i < page.n && rc == 0; i++) {
			*since = page.v[i].seq;
			each(&page.v[i], ctx);
		}
		n = page.n;
		free_page(&page);
	} while (rc == 0 && n == PAGE);
	return rc;
}
