/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sources/speech.h"

#include "base/mem.h"
#include "base/str.h"
#include "fleet/sources/settings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void
speech_init(struct speech *sp, const char *source, const char *settings)
{
	*sp = (struct speech){.source = mem_dup(source)};
	settings_words(settings, "kinds", &sp->kinds);
	settings_words(settings, "keys", &sp->keys);
}

void
speech_done(struct speech *sp)
{
	free(sp->source);
	words_done(&sp->kinds);
	words_done(&sp->keys);
	map_done(&sp->passed);
	map_done(&sp->dropped);
}

int
speech_of_kind(struct speech *sp, const char *kind)
{
	if (!sp->kinds.n || words_have(&sp->kinds, kind))
		return 1;
	map_put(&sp->passed, kind, NULL)->i++;
	return 0;
}

int
speech_may(const struct speech *sp, const char *key)
{
	for (size_t i = 0; i < sp->keys.n; i++)
		if (settings_match(JTEXT(sp->keys.v[i]), key))
			return 1;
	return !sp->keys.n;
}

int
speech_says(struct speech *sp, const char *key)
{
	if (speech_may(sp, key))
		return 1;
	map_put(&sp->dropped, key, NULL)->i++;
	return 0;
}

/* ---- telling ---- */

#define TOLD 5 /* words in a message; the others are counted */

static int
by_text(const void *a, const void *b)
{
	const struct map_entry *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

/* "vm 10, rack 2 and 3 others", in order of the words; returns how often all in all. */
static int64_t
sum_up(const struct map *counts, struct str *out)
{
	VEC(const struct map_entry *) all = {0};
	const struct map_entry *e;
	size_t at = 0;
	int64_t total = 0;

	while ((e = map_each(counts, &at)))
		vec_push(&all, e);
	vec_sort(&all, by_text);
	for (size_t i = 0; i < all.n; i++) {
		total += all.v[i]->value.i;
		if (i < TOLD)
			str_addf(
			    out, "%s%s %" PRId64, i ? ", " : "", all.v[i]->key, all.v[i]->value.i);
	}
	if (all.n > TOLD)
		str_addf(out, " and %zu others", all.n - TOLD);
	vec_done(&all);
	return total;
}

static void
tell(const struct speech *sp, const struct map *counts, const char *what,
    void (*note)(void *ctx, const char *text), void *ctx)
{
	struct str words = STR_INIT;
	int64_t n = sum_up(counts, &words);
	char *line = mem_printf(
	    "source %s: %" PRId64 " %s: %s", sp->source, n, what, words.text ? words.text : "");

	if (n)
		note(ctx, line);
	free(line);
	str_done(&words);
}

void
speech_tell(const struct speech *sp, void (*note)(void *ctx, const char *text), void *ctx)
{
	tell(sp, &sp->passed, "records passed over, of kinds that it may not speak of", note, ctx);
	tell(sp, &sp->dropped, "values dropped, of keys that it may not say", note, ctx);
	if (sp->unknown) {
		char *line = mem_printf("source %s: %" PRId64 " records passed over, of items that "
					"nobody else has; it may not say item.name",
		    sp->source, sp->unknown);

		note(ctx, line);
		free(line);
	}
}
