/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a host list: what is walked is in the list, and folding keeps the set. */
#include "io/hostlist.h"

#include "base/map.h"

#include <assert.h>
#include <string.h>

#define MOST 3000 /* names looked at, of a list that may have 10^17 */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static int
collect(const char *name, void *names)
{
	struct words *w = names;

	words_add(w, name);
	return w->n == MOST;
}

static void
check_fold(const struct words *names)
{
	struct words again = {0}, reversed = {0};
	struct str folded = STR_INIT, refolded = STR_INIT;
	struct map set = {0};
	struct fault f;
	int r;

	hostlist_fold(names, &folded);
	r = hostlist_each(folded.text, collect, &again, &f);
	assert(r >= 0);
	for (size_t i = 0; i < names->n; i++)
		map_put(&set, names->v[i], NULL);
	assert(again.n == set.n);
	for (size_t i = 0; i < again.n; i++) {
		assert(map_get(&set, again.v[i]));
		words_add(&reversed, again.v[again.n - 1 - i]);
	}
	hostlist_fold(&reversed, &refolded);
	assert(!strcmp(folded.text, refolded.text));
	str_done(&folded);
	str_done(&refolded);
	words_done(&again);
	words_done(&reversed);
	map_done(&set);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	char *list = mem_dupn((const char *)data, len);
	struct fault f = {0};
	struct hostlist *h = hostlist_new(list, &f);
	struct words names = {0};
	int r = hostlist_each(list, collect, &names, &f);

	assert((r < 0) == !h);
	assert(h || (f.kind == FAULT_BAD && *f.text));
	for (size_t i = 0; i < names.n; i++)
		assert(hostlist_has(h, names.v[i]));
	if (h && names.n)
		check_fold(&names);
	words_done(&names);
	hostlist_free(h);
	free(list);
	return 0;
}
