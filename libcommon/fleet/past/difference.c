/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/past/difference.h"

#include "base/mem.h"
#include "base/show.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct walk {
	int (*each)(const struct difference *d, void *ctx);
	void *ctx;
};

/* ---- objects ---- */

static int
order_of(struct jtext a, struct jtext b)
{
	int order = memcmp(a.text, b.text, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int
tell_member(
    const struct walk *w, const char *what, struct jtext key, struct jtext old, struct jtext new)
{
	struct difference d = {.what = what, .old = old, .new = new};
	struct str plain = STR_INIT;
	int stop;

	if (jtext_same(old, new))
		return 0;
	jtext_plain(key, &plain);
	d.key = plain.text ? plain.text : "";
	stop = w->each(&d, w->ctx);
	str_done(&plain);
	return stop;
}

/* Both are sorted by key: one walk over two lists. */
static int
walk_members(const struct walk *w, const char *what, struct jtext old, struct jtext new)
{
	struct jtext ok = {0}, ov = {0}, nk = {0}, nv = {0}, none = {0};
	size_t o_at = 0, n_at = 0;
	int more_old = old.text && jtext_each(old, &o_at, &ok, &ov);
	int more_new = new.text &&jtext_each(new, &n_at, &nk, &nv), stop = 0;

	while (!stop && (more_old || more_new)) {
		int order = !more_old ? 1 : !more_new ? -1 : order_of(ok, nk);

		stop = tell_member(
		    w, what, order <= 0 ? ok : nk, order <= 0 ? ov : none, order >= 0 ? nv : none);
		if (order <= 0)
			more_old = jtext_each(old, &o_at, &ok, &ov);
		if (order >= 0)
			more_new = jtext_each(new, &n_at, &nk, &nv);
	}
	return stop;
}

/* ---- lists ---- */

static void
add_text(struct words *to, struct jtext element)
{
	vec_push(to, jtext_plain_dup(element));
}

static void
add_relation(struct words *to, struct jtext element)
{
	char *type = jtext_plain_dup(jtext_member(element, "type"));
	char *ref = jtext_plain_dup(jtext_member(element, "to"));

	vec_push(to, mem_printf("%s %s", type ? type : "", ref ? ref : ""));
	free(type);
	free(ref);
}

static void
read_list(struct jtext list, void (*add)(struct words *, struct jtext), struct words *to)
{
	struct jtext none, element;

	for (size_t at = 0; list.text && jtext_each(list, &at, &none, &element);)
		add(to, element);
	words_sort(to);
}

static int
walk_lists(const struct walk *w, const char *what, void (*add)(struct words *, struct jtext),
    struct jtext old, struct jtext new)
{
	struct words a = {0}, b = {0};
	size_t i = 0, j = 0;
	int stop = 0;

	read_list(old, add, &a);
	read_list(new, add, &b);
	while (!stop && (i < a.n || j < b.n)) {
		int order = i == a.n ? 1 : j == b.n ? -1 : strcmp(a.v[i], b.v[j]);
		struct difference d = {
		    .what = what, .key = order < 0 ? a.v[i] : b.v[j < b.n ? j : 0]};

		if (order < 0)
			d.old = JTEXT("true");
		if (order > 0)
			d.new = JTEXT("true");
		if (order)
			stop = w->each(&d, w->ctx);
		i += order <= 0;
		j += order >= 0;
	}
	words_done(&a);
	words_done(&b);
	return stop;
}

int
difference_each(struct jtext old, struct jtext new,
    int (*each)(const struct difference *d, void *ctx), void *ctx)
{
	const struct walk w = {each, ctx};
	int stop = walk_members(
	    &w, "attribute", jtext_member(old, "attributes"), jtext_member(new, "attributes"));

	if (!stop)
		stop = walk_members(
		    &w, "variable", jtext_member(old, "variables"), jtext_member(new, "variables"));
	if (!stop)
		stop = walk_lists(&w, "label", add_text, jtext_member(old, "labels"),
		    jtext_member(new, "labels"));
	if (!stop)
		stop = walk_lists(&w, "relation", add_relation, jtext_member(old, "relations"),
		    jtext_member(new, "relations"));
	if (!stop)
		stop = walk_lists(
		    &w, "key", add_text, jtext_member(old, "keys"), jtext_member(new, "keys"));
	return stop;
}

/* ---- telling ---- */

void
difference_to_json(const struct difference *d, struct str *out)
{
	jtext_text(out, "what", d->what);
	jtext_text(out, "key", d->key);
	jtext_rawn(out, "old", d->old.text, d->old.len);
	jtext_rawn(out, "new", d->new.text, d->new.len);
}

static void
add_shown(struct str *out, struct jtext value)
{
	char *text = mem_dupn(value.text, value.len);

	show_text(out, text);
	free(text);
}

/* An attribute is named as get and set name it; a variable by its key alone. */
void
difference_to_text(const struct difference *d, struct str *out)
{
	int is_value = !strcmp(d->what, "variable") || !strcmp(d->what, "attribute");

	str_addf(out, "  %c ", !d->old.text ? '+' : !d->new.text ? '-' : '~');
	if (!strcmp(d->what, "attribute"))
		str_add(out, "item.");
	else if (!is_value)
		str_addf(out, "%s%s", d->what, d->key ? " " : "");
	if (d->key)
		show_text(out, d->key);
	if (is_value) {
		str_add(out, ": ");
		if (d->old.text)
			add_shown(out, d->old);
		if (d->old.text && d->new.text)
			str_add(out, " -> ");
		if (d->new.text)
			add_shown(out, d->new);
	}
	str_addc(out, '\n');
}
