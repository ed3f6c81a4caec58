/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/mem.h"
#include "base/near.h"
#include "base/report.h"
#include "fleet/label/rule.h"
#include "fleet/log/blame.h"
#include "fleet/pairs.h"
#include "fleet/past/past.h"
#include "fleet/ref.h"
#include "fleet/sheet/sheet.h"
#include "fleet/view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct get {
	int json, blame;
};

/* ---- paths ---- */

static struct jtext
element(struct jtext array, const char *index, size_t len)
{
	struct jtext none, value;
	size_t at = 0;
	unsigned long n;

	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)index[i]))
			return (struct jtext){0};
	n = len && len < 10 ? strtoul(index, NULL, 10) : (unsigned long)-1;
	while (jtext_each(array, &at, &none, &value))
		if (n-- == 0)
			return value;
	return (struct jtext){0};
}

/* The longest key that the path begins with leads on, so keys may hold dots themselves. */
static struct jtext
follow(struct jtext value, const char *path)
{
	size_t len = strlen(path);
	struct jtext found = {0};

	while (len && !found.text) {
		char *key = mem_dupn(path, len);
		struct jtext next = jtext_type(value) == JTEXT_ARRAY ? element(value, key, len)
								     : jtext_member(value, key);

		free(key);
		if (next.text)
			found = path[len] ? follow(next, path + len + 1) : next;
		for (len--; len && path[len] != '.';)
			len--;
	}
	return found;
}

/* ---- answers ---- */

static int
print(const struct get *g, struct jtext value)
{
	char *plain = NULL;

	if (!g->json && jtext_type(value) == JTEXT_STRING)
		plain = jtext_plain_dup(value);
	if (plain)
		puts(plain);
	else
		printf("%.*s\n", (int)value.len, value.text);
	free(plain);
	return 0;
}

/* meant is what the key surely stands for, NULL where only its letters tell. */
static int
no_such(struct session *s, const struct item *i, const char *what, const char *key,
    const char *meant, const struct words *known, struct fault *f)
{
	struct near near = {.word = key, .best = meant};
	struct str ref = STR_INIT;
	char hint[NEAR_HINT];

	for (size_t n = 0; !meant && n < known->n; n++)
		near_offer(&near, known->v[n]);
	if (ref_text(s, i, &ref, f) == 0)
		fault_set(f, FAULT_NO, "%s: no such %s \"%s\"%s", ref.text, what, key,
		    near_hint(&near, hint));
	str_done(&ref);
	return -1;
}

static int
no_variable(struct session *s, const struct item *i, const char *key, struct fault *f)
{
	char *attribute = mem_printf(PAIRS_ATTRIBUTE "%s", key);
	struct str json = STR_INIT;
	struct resolution all = {0};
	struct words known = {0};
	int is_attribute = 0, status = view_json(s, i, VIEW_PLAIN, &json, f);

	if (status == 0) {
		is_attribute = jtext_member(JTEXT(json.text), key).text != NULL;
		status = resolve_item(s, i, NULL, 0, &all, f);
	}
	for (size_t n = 0; status == 0 && n < all.keys.n; n++)
		words_add(&known, all.keys.v[n].key);
	if (status == 0)
		no_such(s, i, "variable", key, is_attribute ? attribute : NULL, &known, f);
	str_done(&json);
	free(attribute);
	words_done(&known);
	resolution_done(&all);
	return -1;
}

/* ---- variables ---- */

static int
answer(struct session *s, const struct get *g, const struct item *i, const struct resolution *r,
    const char *path, const char *rest, struct fault *f)
{
	struct str json = STR_INIT;
	struct jtext value = r->keys.v[0].candidates.v[0].value;
	int status = 0;

	if (g->blame && !g->json)
		return sheet_explain(s, i, r, f);
	if (g->blame) {
		status = blame_to_json(s, &r->keys.v[0], &json, f);
		value = (struct jtext){json.text, json.len};
	} else if (rest) {
		value = follow(value, rest);
	}
	if (status == 0)
		status = value.text ? print(g, value) : no_variable(s, i, path, f);
	str_done(&json);
	return status;
}

/* The longest key that the path begins with and that some level has: 1, 0 or -1. */
static int
resolve_path(struct session *s, const struct item *i, const char *path, struct resolution *r,
    const char **rest, struct fault *f)
{
	size_t len = strlen(path);
	int status = 0;

	*r = (struct resolution){0};
	while (status == 0 && len && !r->keys.n) {
		char *key = mem_dupn(path, len);

		resolution_done(r);
		status = resolve_item(s, i, key, 0, r, f);
		*rest = path[len] ? path + len + 1 : NULL;
		free(key);
		for (len--; len && path[len] != '.';)
			len--;
	}
	return status < 0 ? -1 : r->keys.n > 0;
}

static int
get_variable(
    struct session *s, const struct get *g, const struct item *i, const char *path, struct fault *f)
{
	struct resolution r;
	const char *rest = NULL;
	int found = resolve_path(s, i, path, &r, &rest, f);

	if (found == 1)
		found = answer(s, g, i, &r, path, rest, f);
	else if (found == 0)
		found = no_variable(s, i, path, f);
	resolution_done(&r);
	return found;
}

/* ---- attributes ---- */

/* 1 told, 0 no source says it, -1. */
static int
blame_of_attribute(
    struct session *s, const struct get *g, const struct item *i, const char *name, struct fault *f)
{
	struct resolution r = {0};
	struct str json = STR_INIT;
	int told = sheet_explain_ties(s, i, name, g->json ? &json : NULL, f), status = 0;

	if (!told) {
		status = resolve_attributes(s, i->id, name, &r, f);
		told = r.keys.n > 0;
		if (status == 0 && told && g->json)
			status = blame_to_json(s, &r.keys.v[0], &json, f);
		else if (status == 0 && told)
			status = sheet_explain_attribute(s, i, &r, f);
	}
	if (status == 0 && told > 0 && json.len)
		puts(json.text);
	resolution_done(&r);
	str_done(&json);
	return status < 0 ? -1 : told;
}

static int
get_attribute(
    struct session *s, const struct get *g, const struct item *i, const char *name, struct fault *f)
{
	struct str json = STR_INIT;
	struct words known = {0};
	struct jtext key, value;
	size_t at = 0;
	int status;

	if (g->blame && (status = blame_of_attribute(s, g, i, name, f)))
		return status < 0 ? -1 : 0;
	status = view_json(s, i, VIEW_PLAIN, &json, f);
	if (status == 0 && (value = follow(JTEXT(json.text), name)).text) {
		status = print(g, value);
	} else if (status == 0) {
		while (jtext_each(JTEXT(json.text), &at, &key, &value))
			vec_push(&known, jtext_plain_dup(key));
		status = no_such(s, i, "attribute", name, NULL, &known, f);
	}
	words_done(&known);
	str_done(&json);
	return status;
}

static int
get(struct session *s, const struct get *g, const char *name, const char *key, struct fault *f)
{
	const char *attribute = pairs_attribute(key);
	struct item i = {0};
	int64_t id;
	int status = ref_want(s, NULL, name, &id, f);

	if (status == 0)
		status = item_get(s, id, &i, f);
	if (status == 1)
		status = attribute ? get_attribute(s, g, &i, attribute, f)
				   : get_variable(s, g, &i, key, f);
	item_done(&i);
	return status;
}

int
inv_get(int argc, char **argv)
{
	struct session_options base = {0};
	const char *at = NULL;
	struct get g = {0};
	const struct args_opt own[] = {PAST_OPTION(&at),
	    {'b', "blame", NULL, ARGS_FLAG, &g.blame, "every level, what it says, who said it"},
	    {0, "json", NULL, ARGS_FLAG, &g.json, "as JSON, texts too"}, {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"get [options] NAME KEY",
	    "Print a variable as an item sees it: its own, or the nearest one it inherits. "
	    "os.release reaches inside a value; item.KEY is an attribute.",
	    "craton-inv get host:dfw/db1 ntp\n"
	    "craton-inv get --blame host:dfw/db1 ntp",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0 && n != 2)
		status = fault_set(&f, FAULT_USAGE, "get: NAME KEY is wanted");
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = past_enter(&s, at, &f);
	if (status == 0)
		status = get(&s, &g, argv[1], argv[2], &f);
	rules_doubts(&s, inv_warn, NULL);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
