/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sources/staleness.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/when.h"
#include "fleet/sources/settings.h"

#include <stdlib.h>

static int
is_silent(const struct source *source, int64_t now)
{
	int64_t limit = settings_int(source->settings, "stale_after", 0);

	return limit > 0 && source->seen && now - source->seen > limit;
}

static char *
reason_of(const struct source *source)
{
	char limit[24], seen[WHEN_TEXT];

	if (!source->stale)
		return mem_printf("source %s is not stale any more", source->name);
	num_duration_text(settings_int(source->settings, "stale_after", 0), limit);
	return mem_printf("source %s is stale: silent since %s, more than %s", source->name,
	    when_second(source->seen, seen), limit);
}

static int
turn(struct session *s, const struct source *as, struct fault *f)
{
	const char *given = s->reason;
	char *reason = reason_of(as);
	struct change c;
	int status = change_begin(&c, s, s->operator, f);

	s->reason = reason;
	if (status == 0) {
		status = change_source(&c, as, f);
		if (status < 0)
			change_rollback(&c);
		else
			status = change_commit(&c, f);
	}
	s->reason = given;
	free(reason);
	return status;
}

int
staleness_judge(struct session *s, struct fault *f)
{
	struct sources all = {0};
	int64_t now = when_now();
	int status = source_list(s, &all, f) < 0 ? -1 : 0;

	for (size_t i = 0; status == 0 && i < all.n; i++) {
		struct source *one = &all.v[i];

		if (is_silent(one, now) == one->stale)
			continue;
		one->stale = !one->stale;
		status = turn(s, one, f);
	}
	sources_done(&all);
	return status;
}

int
staleness_reported(struct change *c, int64_t id, struct fault *f)
{
	static const char sql[] = "UPDATE source SET seen = $2 WHERE id = $1";
	struct source source = {0};
	int status = -1;

	if (db_run(c->s->db, f, sql, "ii", id, when_now()) < 0)
		return -1;
	if (source_get_id(c->s, id, &source, f) == 1) {
		source.stale = 0;
		status = change_source(c, &source, f);
	}
	source_done(&source);
	return status < 0 ? -1 : 0;
}
