/* SPDX-License-Identifier: Apache-2.0 */
/* Fields that are left out: told by their names, each once, so that none goes unnoticed. */
#include "fleet/formats/draft.h"
#include "fleet/formats/format.h"

#include "base/vec.h"

#include <inttypes.h>

/* More names than these are only counted. */
#define MOST_TOLD 20

void
format_left_out(struct format_run *run, const char *of, const char *field)
{
	struct str key = STR_INIT;

	str_addf(&key, "%s of %s", field, of);
	map_put(&run->left, key.text, NULL)->i++;
	str_done(&key);
}

static int
is_known(const char *field, const char *const *known)
{
	while (*known && strcmp(*known, field) != 0)
		known++;
	return *known != NULL;
}

void
format_left_others(
    struct format_run *run, const char *of, struct jtext object, const char *const *known)
{
	struct str field = STR_INIT;
	struct jtext key, value;
	size_t at = 0;

	while (jtext_each(object, &at, &key, &value)) {
		str_reset(&field);
		jtext_plain(key, &field);
		if (!draft_is_empty(value) && !is_known(field.text, known))
			format_left_out(run, of, field.text);
	}
	str_done(&field);
}

void
format_tell_left(struct format_run *run)
{
	struct words names = {0};
	struct str text = STR_INIT;
	struct map_entry *e;
	size_t at = 0;

	while ((e = map_each(&run->left, &at)))
		words_add(&names, e->key);
	words_sort(&names);
	for (size_t i = 0; i < names.n && i < MOST_TOLD; i++)
		str_addf(&text, "%s%s (%" PRId64 ")", i ? ", " : "", names.v[i],
		    map_get(&run->left, names.v[i])->i);
	if (names.n > MOST_TOLD)
		str_addf(&text, " and %zu more", names.n - MOST_TOLD);
	if (names.n)
		format_note(run, "left out: %s", text.text);
	str_done(&text);
	words_done(&names);
	map_done(&run->left);
}
