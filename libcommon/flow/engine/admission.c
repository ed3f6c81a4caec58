/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/admission.h"

#include <inttypes.h>

void
admission_init(struct admission *a, const struct admission_limits *limits, int64_t items)
{
	*a = (struct admission){.limits = *limits, .wave = -1};
	a->items.v = mem_zero((size_t)items, sizeof(*a->items.v));
	a->items.n = a->items.room = (size_t)items;
}

void
admission_done(struct admission *a)
{
	for (size_t i = 0; i < a->items.n; i++)
		vec_done(&a->items.v[i].domains);
	for (size_t i = 0; i < a->domains.n; i++) {
		free(a->domains.v[i].name);
		vec_done(&a->domains.v[i].waiting);
	}
	vec_done(&a->items);
	vec_done(&a->domains);
	vec_done(&a->ready);
	vec_done(&a->wave_sizes);
	map_done(&a->names);
}

int64_t
admission_domain(struct admission *a, const char *name, int64_t limit)
{
	int added;
	union map_value *value = map_put(&a->names, name, &added);

	if (added) {
		value->i = (int64_t)a->domains.n;
		vec_push(&a->domains, ((struct domain){.name = mem_dup(name), .limit = limit}));
	}
	return value->i;
}

void
admission_add(struct admission *a, int64_t pos, int64_t wave)
{
	while (a->wave_sizes.n <= (size_t)wave)
		vec_push(&a->wave_sizes, 0);
	a->wave_sizes.v[wave]++;
	a->items.v[pos].wave = wave;
}

void
admission_add_domain(struct admission *a, int64_t pos, int64_t domain)
{
	vec_push(&a->items.v[pos].domains, domain);
}

void
admission_queue(struct admission *a, int64_t pos)
{
	vec_push(&a->ready, pos);
}

static void
hold(struct admission *a, int64_t pos, int64_t by)
{
	const struct ids *domains = &a->items.v[pos].domains;

	for (size_t i = 0; i < domains->n; i++)
		a->domains.v[domains->v[i]].held += by;
	a->active += by;
}

void
admission_take(struct admission *a, int64_t pos)
{
	hold(a, pos, 1);
}

void
admission_broken(struct admission *a, int64_t domain)
{
	a->domains.v[domain].held++;
	a->domains.v[domain].broken++;
}

void
admission_failures(struct admission *a, int64_t failed, int64_t in_a_row)
{
	a->failed = failed;
	a->in_a_row = in_a_row;
}

/* ---- waves ---- */

int64_t
admission_following(const struct admission *a)
{
	for (size_t w = (size_t)(a->wave + 1); w < a->wave_sizes.n; w++)
		if (a->wave_sizes.v[w])
			return (int64_t)w;
	return -1;
}

void
admission_open_wave(struct admission *a, int64_t wave)
{
	a->wave = wave;
}

int
admission_wave_over(const struct admission *a)
{
	return a->wave < 0 || (size_t)a->wave >= a->wave_sizes.n || !a->wave_sizes.v[a->wave];
}

/* ---- one item ---- */

static int
has_room(const struct domain *d)
{
	return d->held < d->limit;
}

/* The full domain that keeps an item waiting, or -1. */
static int64_t
full_one(const struct admission *a, int64_t pos)
{
	const struct ids *domains = &a->items.v[pos].domains;

	for (size_t i = 0; i < domains->n; i++)
		if (!has_room(&a->domains.v[domains->v[i]]))
			return domains->v[i];
	return -1;
}

/* Only what was taken from the front comes back to it, so there is a place. */
void
admission_again(struct admission *a, int64_t pos)
{
	a->ready.v[--a->next] = pos;
}

/* The first that waits for a domain with room goes to the front of all. */
static void
wake(struct admission *a, int64_t domain)
{
	struct domain *d = &a->domains.v[domain];

	if (!has_room(d) || d->next >= d->waiting.n)
		return;
	admission_again(a, d->waiting.v[d->next++]);
	if (d->next == d->waiting.n)
		d->next = d->waiting.n = 0;
}

static void
wake_all_of(struct admission *a, int64_t pos)
{
	const struct ids *domains = &a->items.v[pos].domains;

	for (size_t i = 0; i < domains->n; i++)
		wake(a, domains->v[i]);
}

/*
 * It found a domain full. The place that it was woken for, in another domain, is for the next
 * who waits there.
 */
static void
let_wait(struct admission *a, int64_t pos, int64_t domain)
{
	vec_push(&a->domains.v[domain].waiting, pos);
	wake_all_of(a, pos);
}

int
admission_tripped(const struct admission *a)
{
	return a->failed > a->limits.max_fail ||
	       (a->limits.max_fail_in_a_row && a->in_a_row > a->limits.max_fail_in_a_row);
}

void
admission_trip_text(const struct admission *a, struct str *out)
{
	if (a->failed > a->limits.max_fail)
		str_addf(
		    out, "failures %" PRId64 " > max_fail %" PRId64, a->failed, a->limits.max_fail);
	else
		str_addf(out, "failures in a row %" PRId64 " > max_fail_in_a_row %" PRId64,
		    a->in_a_row, a->limits.max_fail_in_a_row);
}

static int
is_full(const struct admission *a)
{
	return a->active >= a->limits.in_flight ||
	       (a->limits.strict && a->active >= a->limits.max_fail - a->failed + 1);
}

int
admission_has_room(const struct admission *a)
{
	return a->next < a->ready.n && !is_full(a) &&
	       a->items.v[a->ready.v[a->next]].wave <= a->wave;
}

enum admission_answer
admission_next(struct admission *a, int64_t *pos)
{
	if (admission_tripped(a))
		return ADMISSION_TRIPPED;
	while (a->next < a->ready.n) {
		int64_t one = a->ready.v[a->next], full;

		if (a->items.v[one].wave > a->wave)
			return ADMISSION_NONE;
		if (is_full(a))
			return ADMISSION_FULL;
		a->next++;
		full = full_one(a, one);
		if (full < 0) {
			hold(a, one, 1);
			*pos = one;
			return ADMISSION_ITEM;
		}
		let_wait(a, one, full);
	}
	return ADMISSION_NONE;
}

void
admission_put_back(struct admission *a, int64_t pos)
{
	hold(a, pos, -1);
	wake_all_of(a, pos);
}

void
admission_end(struct admission *a, int64_t pos, enum admission_end how)
{
	struct admission_item *item = &a->items.v[pos];

	hold(a, pos, -1);
	a->wave_sizes.v[item->wave]--;
	if (how == ADMISSION_KICKED) {
		a->failed++;
		a->in_a_row++;
		for (size_t i = 0; i < item->domains.n; i++)
			admission_broken(a, item->domains.v[i]);
	} else {
		a->in_a_row = how == ADMISSION_OK ? 0 : a->in_a_row;
		wake_all_of(a, pos);
	}
	vec_done(&item->domains);
}

const struct domain *
admission_full_domain(const struct admission *a)
{
	for (size_t i = 0; i < a->domains.n; i++)
		if (a->domains.v[i].next < a->domains.v[i].waiting.n)
			return &a->domains.v[i];
	return NULL;
}
