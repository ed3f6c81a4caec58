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
		vec_done(&a->domains.v[i].waiting.ids);
	}
	for (size_t i = 0; i < a->classes.n; i++) {
		vec_done(&a->classes.v[i].domains);
		vec_done(&a->classes.v[i].items.ids);
	}
	vec_done(&a->items);
	vec_done(&a->domains);
	vec_done(&a->classes);
	vec_done(&a->woken);
	vec_done(&a->ready.ids);
	vec_done(&a->wave_sizes);
	str_done(&a->tripped);
	map_done(&a->names);
	map_done(&a->sets);
}

/* ---- queues ---- */

static int
is_empty(const struct admission_queue *q)
{
	return q->next == q->ids.n;
}

static int64_t
first(const struct admission_queue *q)
{
	return q->ids.v[q->next];
}

static int64_t
pop(struct admission_queue *q)
{
	return q->ids.v[q->next++];
}

static void
push(struct admission_queue *q, int64_t id)
{
	if (is_empty(q))
		q->next = q->ids.n = 0;
	vec_push(&q->ids, id);
}

/* ---- what there is ---- */

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
	a->items.v[pos].class = -1;
}

void
admission_add_domain(struct admission *a, int64_t pos, int64_t domain)
{
	vec_push(&a->items.v[pos].domains, domain);
}

/* The class of an item whose domains are all known. */
static struct admission_class *
class_of(struct admission *a, int64_t pos)
{
	struct admission_item *item = &a->items.v[pos];
	struct str set = STR_INIT;
	union map_value *value;
	int added;

	if (item->class < 0) {
		str_add(&set, "");
		for (size_t i = 0; i < item->domains.n; i++)
			str_addf(&set, "%" PRId64 " ", item->domains.v[i]);
		value = map_put(&a->sets, set.text, &added);
		if (added) {
			value->i = (int64_t)a->classes.n;
			vec_push(&a->classes, ((struct admission_class){.domains = item->domains}));
		} else {
			vec_done(&item->domains);
		}
		item->domains = (struct ids){0};
		item->class = value->i;
		str_done(&set);
	}
	return &a->classes.v[item->class];
}

void
admission_queue(struct admission *a, int64_t pos)
{
	vec_push(&a->ready.ids, pos);
}

static void
hold(struct admission *a, int64_t pos, int64_t by)
{
	const struct ids *domains = &class_of(a, pos)->domains;

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

/* ---- waiting ---- */

static int
has_room(const struct domain *d)
{
	return d->held < d->limit;
}

/* The full domain that keeps a class waiting, or NULL. */
static struct domain *
full_one(const struct admission *a, const struct admission_class *c)
{
	for (size_t i = 0; i < c->domains.n; i++)
		if (!has_room(&a->domains.v[c->domains.v[i]]))
			return &a->domains.v[c->domains.v[i]];
	return NULL;
}

/* Sorted by their first items, so that those that may start do so in the order of the plan. */
static void
ask_soon(struct admission *a, int64_t class)
{
	int64_t pos = first(&a->classes.v[class].items);
	size_t i;

	vec_push(&a->woken, class);
	for (i = a->woken.n - 1; i && first(&a->classes.v[a->woken.v[i - 1]].items) < pos; i--)
		a->woken.v[i] = a->woken.v[i - 1];
	a->woken.v[i] = class;
}

/* Whoever waits longest for a place in these domains is to be asked, where there is one. */
static void
wake(struct admission *a, const struct ids *domains)
{
	for (size_t i = 0; i < domains->n; i++) {
		struct domain *d = &a->domains.v[domains->v[i]];

		if (has_room(d) && !is_empty(&d->waiting))
			ask_soon(a, pop(&d->waiting));
	}
}

/*
 * It found a domain full. The place that it was woken for, in another domain, is for the next
 * who waits there.
 */
static void
let_wait(struct admission *a, int64_t class, struct domain *d)
{
	push(&d->waiting, class);
	a->classes.v[class].is_held = 1;
	wake(a, &a->classes.v[class].domains);
}

/* Only what was taken from the front comes back to it, so there is a place; in its order. */
void
admission_again(struct admission *a, int64_t pos)
{
	int64_t *v = a->ready.ids.v;
	size_t i = --a->ready.next;

	for (; i + 1 < a->ready.ids.n && v[i + 1] < pos; i++)
		v[i] = v[i + 1];
	v[i] = pos;
}

void
admission_join(struct admission *a, int64_t pos)
{
	int64_t *v;
	size_t i;

	if (a->ready.next) {
		admission_again(a, pos);
		return;
	}
	vec_push(&a->ready.ids, pos);
	v = a->ready.ids.v;
	for (i = a->ready.ids.n - 1; i && v[i - 1] > pos; i--)
		v[i] = v[i - 1];
	v[i] = pos;
}

/* ---- limits ---- */

const char *
admission_tripped(const struct admission *a)
{
	return a->tripped.text;
}

static void
check_limits(struct admission *a)
{
	const struct admission_limits *l = &a->limits;

	if (a->tripped.text)
		return;
	if (a->failed > l->max_fail)
		str_addf(&a->tripped, ADMISSION_TRIPPED_ON " %" PRId64 " > max_fail %" PRId64,
		    a->failed, l->max_fail);
	else if (l->max_fail_in_a_row && a->in_a_row > l->max_fail_in_a_row)
		str_addf(&a->tripped,
		    ADMISSION_TRIPPED_ON " in a row %" PRId64 " > max_fail_in_a_row %" PRId64,
		    a->in_a_row, l->max_fail_in_a_row);
}

void
admission_failures(struct admission *a, int64_t failed, int64_t in_a_row)
{
	a->failed = failed;
	a->in_a_row = in_a_row;
	check_limits(a);
}

static int
is_full(const struct admission *a)
{
	return a->active >= a->limits.in_flight ||
	       (a->limits.strict && a->active >= a->limits.max_fail - a->failed + 1);
}

/* Whether the next to be looked at is of a woken class, and not one that comes for the first time.
 */
static int
is_woken_first(const struct admission *a)
{
	if (!a->woken.n || is_empty(&a->ready))
		return a->woken.n > 0;
	return first(&a->classes.v[a->woken.v[a->woken.n - 1]].items) < first(&a->ready);
}

static int
is_any(const struct admission *a)
{
	return a->woken.n || (!is_empty(&a->ready) && a->items.v[first(&a->ready)].wave <= a->wave);
}

int
admission_has_room(const struct admission *a)
{
	return is_any(a) && !is_full(a);
}

/* ---- one item ---- */

/* A class that was woken: its first item, or -1 if another domain of it is full. */
static int64_t
look_at_woken(struct admission *a)
{
	int64_t class = a->woken.v[--a->woken.n], pos;
	struct admission_class *c = &a->classes.v[class];
	struct domain *full = full_one(a, c);

	if (full) {
		let_wait(a, class, full);
		return -1;
	}
	pos = pop(&c->items);
	hold(a, pos, 1);
	c->is_held = !is_empty(&c->items);
	if (c->is_held)
		ask_soon(a, class);
	else
		wake(a, &c->domains);
	return pos;
}

/* An item that comes for the first time: it, or -1 if it has to wait. */
static int64_t
look_at_new(struct admission *a)
{
	int64_t pos = pop(&a->ready);
	struct admission_class *c = class_of(a, pos);
	struct domain *full = c->is_held ? NULL : full_one(a, c);

	if (!c->is_held && !full) {
		hold(a, pos, 1);
		return pos;
	}
	push(&c->items, pos);
	if (full)
		let_wait(a, a->items.v[pos].class, full);
	return -1;
}

enum admission_answer
admission_next(struct admission *a, int64_t *pos)
{
	if (admission_tripped(a))
		return ADMISSION_TRIPPED;
	while (is_any(a)) {
		if (is_full(a))
			return ADMISSION_FULL;
		a->looks++;
		*pos = is_woken_first(a) ? look_at_woken(a) : look_at_new(a);
		if (*pos >= 0)
			return ADMISSION_ITEM;
	}
	return ADMISSION_NONE;
}

void
admission_put_back(struct admission *a, int64_t pos)
{
	hold(a, pos, -1);
	wake(a, &class_of(a, pos)->domains);
}

void
admission_end(struct admission *a, int64_t pos, enum admission_end how)
{
	const struct ids *domains = &class_of(a, pos)->domains;

	hold(a, pos, -1);
	a->wave_sizes.v[a->items.v[pos].wave]--;
	if (how == ADMISSION_KICKED) {
		a->failed++;
		a->in_a_row++;
		check_limits(a);
		for (size_t i = 0; i < domains->n; i++)
			admission_broken(a, domains->v[i]);
	} else {
		a->in_a_row = how == ADMISSION_OK ? 0 : a->in_a_row;
		wake(a, domains);
	}
}

const struct domain *
admission_full_domain(const struct admission *a)
{
	for (size_t i = 0; i < a->domains.n; i++)
		if (!is_empty(&a->domains.v[i].waiting))
			return &a->domains.v[i];
	return NULL;
}
