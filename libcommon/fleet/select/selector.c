/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/selector.h"

#include "base/mem.h"
#include "fleet/item.h"
#include "fleet/label/carry.h"
#include "fleet/label/rule.h"
#include "fleet/select/known.h"

#include <stdlib.h>
#include <string.h>

const char *
selector_place(enum selector_about about)
{
	switch (about) {
	case ABOUT_REGION: return "region";
	case ABOUT_CELL: return "cell";
	case ABOUT_CLOUD: return "cloud";
	default: return NULL;
	}
}

int
selector_kind(const struct selector *sel, const char *kind)
{
	int named = 0;

	for (size_t i = 0; i < sel->requirements.n; i++) {
		const struct requirement *r = &sel->requirements.v[i];

		named |= (r->about == ABOUT_KIND || r->about == ABOUT_NAME) && !r->negated;
		if (r->about == ABOUT_KIND &&
		    (r->any || words_have(&r->values, kind)) == r->negated)
			return 0;
	}
	return named || (strcmp(kind, "label") != 0 && strcmp(kind, "project") != 0);
}

/* ---- one item, by its own words: labels made since then count too ---- */

int
selector_label(const struct requirement *r, const char *text)
{
	size_t len = strlen(r->key);

	if (strncmp(text, r->key, len) != 0 || (text[len] && text[len] != '='))
		return 0;
	return r->any || words_have(&r->values, text[len] ? text + len + 1 : "");
}

static int
any_label(struct session *s, const struct requirement *r, const struct item *item,
    const struct words *labels, struct fault *f)
{
	const struct rule_list *rules;
	int holds = 0;

	for (size_t i = 0; i < labels->n; i++)
		if (selector_label(r, labels->v[i]))
			return 1;
	if (rules_get(s, &rules, f) < 0)
		return -1;
	for (size_t i = 0; holds == 0 && i < rules->n; i++)
		if (selector_label(r, rules->v[i].name))
			holds = rule_holds(s, &rules->v[i], item->id, f);
	return holds;
}

static int
place_matches(struct session *s, const struct requirement *r, int64_t id, struct fault *f)
{
	char *name = NULL;
	int found;

	if (!id || r->any)
		return id != 0;
	found = item_name(s, id, &name, f);
	if (found == 1)
		found = words_have(&r->values, name);
	free(name);
	return found;
}

static int
matches(struct session *s, const struct requirement *r, const struct item *i,
    const struct words *labels, struct fault *f)
{
	switch (r->about) {
	case ABOUT_LABEL: return any_label(s, r, i, labels, f);
	case ABOUT_KIND: return r->any || words_have(&r->values, i->kind);
	case ABOUT_NAME: return r->any || words_have(&r->values, i->name);
	case ABOUT_REGION: return place_matches(s, r, i->region, f);
	case ABOUT_CELL: return place_matches(s, r, i->cell, f);
	case ABOUT_CLOUD: return place_matches(s, r, i->cloud, f);
	}
	abort();
}

int
selector_has(struct session *s, const struct selector *sel, int64_t id, struct fault *f)
{
	struct words labels = {0};
	struct item i = {0};
	int found = item_get(s, id, &i, f);

	if (found == 1 && (i.retired || i.project != s->project || !selector_kind(sel, i.kind)))
		found = 0;
	if (found == 1 && carry_texts(s, id, CARRY_PLAIN, &labels, f) < 0)
		found = -1;
	for (size_t n = 0; found == 1 && n < sel->requirements.n; n++) {
		const struct requirement *r = &sel->requirements.v[n];

		found = matches(s, r, &i, &labels, f);
		if (found >= 0)
			found = found != r->negated;
	}
	words_done(&labels);
	item_done(&i);
	return found;
}

/* ---- near misses ---- */

struct unknown {
	void (*call)(const char *text, void *ctx);
	void *ctx;
	int n;
};

static void
tell(struct unknown *u, const char *what, const char *word, const char *hint)
{
	char *text = mem_printf("unknown %s %s%s", what, word, hint);

	u->call(text, u->ctx);
	u->n++;
	free(text);
}

static int
check_values(struct session *s, const struct requirement *r, struct unknown *u, struct fault *f)
{
	char hint[NEAR_HINT];
	int found = 1;

	for (size_t i = 0; found >= 0 && i < r->values.n; i++) {
		const char *value = r->values.v[i];

		found = r->about == ABOUT_KIND
			    ? known_kind(s, value, hint, f)
			    : known_place(s, selector_place(r->about), value, hint, f);
		if (found == 0)
			tell(u, r->key, value, hint);
	}
	return found;
}

int
selector_check(struct session *s, const struct selector *sel,
    void (*unknown)(const char *text, void *ctx), void *ctx, struct fault *f)
{
	struct unknown u = {unknown, ctx, 0};
	char hint[NEAR_HINT];
	int found = 0;

	for (size_t i = 0; found >= 0 && i < sel->requirements.n; i++) {
		const struct requirement *r = &sel->requirements.v[i];

		if (r->about == ABOUT_LABEL) {
			found = known_label(s, r->key, hint, f);
			if (found == 0)
				tell(&u, "label", r->key, hint);
		} else if (r->about != ABOUT_NAME) {
			found = check_values(s, r, &u, f);
		}
	}
	return found < 0 ? -1 : u.n;
}
