/* SPDX-License-Identifier: Apache-2.0 */
/* source add, set and rm. */
#include "source.h"

#include "base/num.h"
#include "base/report.h"
#include "exec/plugin.h"
#include "fleet/formats/format.h"
#include "fleet/item.h"
#include "fleet/log/change.h"
#include "fleet/pairs.h"
#include "fleet/sources/settings.h"
#include "fleet/sources/staleness.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- single settings ---- */

static void
put_number(struct source *to, const char *name, int64_t given)
{
	char number[24];

	snprintf(number, sizeof(number), "%" PRId64, given);
	if (given >= 0)
		settings_put(&to->settings, name, given ? number : NULL);
}

static void
put_text(struct source *to, const char *name, const char *given)
{
	struct str json = STR_INIT;

	if (!given)
		return;
	jtext_put_string(&json, given);
	settings_put(&to->settings, name, *given ? json.text : NULL);
	str_done(&json);
}

static void
put_list(struct source *to, const char *name, char *const *list, size_t n)
{
	struct str json = STR_INIT;

	for (size_t i = 0; i < n; i++) {
		str_addc(&json, i ? ',' : '[');
		jtext_put_string(&json, list[i]);
	}
	str_addc(&json, ']');
	settings_put(&to->settings, name, n ? json.text : NULL);
	str_done(&json);
}

/* "host,vm" as a list; an empty word in it is a slip of the hand. */
static int
put_words(struct source *to, const char *name, const char *given,
    int (*check)(const char *word, struct fault *f), struct fault *f)
{
	struct words list = {0};
	int status = 0;

	if (!given)
		return 0;
	for (const char *at = given, *end; *given && status == 0; at = end + 1) {
		end = strchrnul(at, ',');
		vec_push(&list, mem_dupn(at, (size_t)(end - at)));
		status = check(list.v[list.n - 1], f);
		if (!*end)
			break;
	}
	if (status == 0)
		put_list(to, name, list.v, list.n);
	else
		fault_within(f, "--%s", name);
	words_done(&list);
	return status;
}

static int
check_kind(const char *word, struct fault *f)
{
	return item_kind_ok(word) ? 0 : fault_set(f, FAULT_USAGE, "\"%s\": not a kind", word);
}

/* What queries over the views may match. */
#define LONGEST_PATTERN 64

static int
check_pattern(const char *word, struct fault *f)
{
	return *word && strlen(word) <= LONGEST_PATTERN
		   ? 0
		   : fault_set(f, FAULT_USAGE, "\"%s\": a word of up to %d bytes is wanted", word,
			 LONGEST_PATTERN);
}

/* ---- ranks for keys ---- */

/* A place is one thing: item.region stands for all of it. */
static int
refuse_part_of_place(const char *key, struct fault *f)
{
	if (strcmp(key, PAIRS_ATTRIBUTE "cell") == 0 || strcmp(key, PAIRS_ATTRIBUTE "cloud") == 0)
		return fault_set(
		    f, FAULT_USAGE, "--rank-for %s: cloud, region and cell go by item.region", key);
	return 0;
}

static int
put_rank(struct str *ranks, const char *pair, struct fault *f)
{
	const char *equals = strrchr(pair, '=');
	char *key = equals ? mem_dupn(pair, (size_t)(equals - pair)) : mem_dup("");
	struct str with = STR_INIT;
	int64_t rank = 0;
	int status = 0;

	if (!equals || !*key || strlen(key) > LONGEST_PATTERN)
		status = fault_set(f, FAULT_USAGE, "--rank-for %s: KEY=N is wanted", pair);
	else if (equals[1] && num_int(equals + 1, 0, INT32_MAX, &rank, f) < 0)
		status = fault_within(f, "--rank-for %s", key);
	if (status == 0)
		status = refuse_part_of_place(key, f);
	if (status == 0 && equals) {
		jtext_with(JTEXT(ranks->text), key,
		    equals[1] ? JTEXT(equals + 1) : (struct jtext){0}, &with);
		str_done(ranks);
		*ranks = with;
	}
	free(key);
	return status;
}

static int
put_ranks(struct source *to, const struct words *pairs, struct fault *f)
{
	struct jtext known = jtext_member(JTEXT(to->settings), "ranks");
	struct str ranks = STR_INIT;
	int status = 0;

	str_addn(&ranks, known.text ? known.text : "{}", known.text ? known.len : 2);
	for (size_t i = 0; status == 0 && i < pairs->n; i++)
		status = put_rank(&ranks, pairs->v[i], f);
	if (status == 0 && pairs->n)
		settings_put(&to->settings, "ranks", ranks.len > 2 ? ranks.text : NULL);
	str_done(&ranks);
	return status;
}

/* ---- all of them ---- */

static int
check_program(const struct source_options *o, struct fault *f)
{
	char *path = NULL;
	int status = 0;

	if (o->how && *o->how && !format_find(o->how, f))
		return -1;
	if (o->plugin && *o->plugin)
		status = plugin_find("source", o->plugin, &path, f);
	free(path);
	return status;
}

static int
check_numbers(const struct source_options *o, struct fault *f)
{
	if (o->shrink > 100)
		return fault_set(f, FAULT_USAGE, "--shrink: a percentage from 0 to 100 is wanted");
	if (o->partial && o->full)
		return fault_set(f, FAULT_USAGE, "--partial and --full exclude each other");
	return o->rank > INT32_MAX
		   ? fault_set(f, FAULT_USAGE, "--rank: up to %d is wanted", INT32_MAX)
		   : 0;
}

/* People are asked to wait by nobody, and may say what they like. */
static int
refuse_for_operator(const struct session *s, const struct source *to,
    const struct source_options *o, int program, struct fault *f)
{
	if (to->id != s->operator|| !(program || o->stale_after > 0 || o->plugin || o->every > 0 ||
				      o->kinds || o->keys))
		return 0;
	return fault_set(f, FAULT_BAD,
	    "source operator is what people type: it has ranks and "
	    "placeholders, nothing else");
}

static int
configure(const struct session *s, struct source *to, const struct source_options *o,
    char *const *program, size_t n, struct fault *f)
{
	if (refuse_for_operator(s, to, o, n > 0, f) < 0 || check_numbers(o, f) < 0 ||
	    check_program(o, f) < 0 || put_ranks(to, &o->ranks, f) < 0 ||
	    put_words(to, "kinds", o->kinds, check_kind, f) < 0 ||
	    put_words(to, "keys", o->keys, check_pattern, f) < 0 ||
	    put_words(to, "placeholders", o->placeholders, check_pattern, f) < 0)
		return -1;
	put_number(to, "stale_after", o->stale_after);
	put_number(to, "every", o->every);
	put_number(to, "timeout", o->timeout);
	if (o->shrink >= 0) {
		char *percent = mem_printf("%" PRId64, o->shrink);

		settings_put(&to->settings, "shrink", percent);
		free(percent);
	}
	put_text(to, "plugin", o->plugin);
	put_text(to, "format", o->how);
	if (o->partial || o->full)
		settings_put(&to->settings, "partial", o->partial ? "true" : NULL);
	if (n)
		put_list(to, "command", program, n);
	return 0;
}

/* ---- add and set ---- */

static int
write(struct change *c, const struct source_options *o, struct source *to, char *const *words,
    int n, struct fault *f)
{
	if (configure(c->s, to, o, words + 1, (size_t)n - 1, f) < 0)
		return -1;
	to->removed = 0;
	if (change_source(c, to, f) < 0)
		return -1;
	return o->rank >= 0 && change_rank(c, to->id, o->rank, f) < 0 ? -1 : 0;
}

static int
finish(struct change *c, int status, struct fault *f)
{
	if (status < 0) {
		change_rollback(c);
		return -1;
	}
	return change_commit(c, f) < 0 ? -1 : staleness_judge(c->s, f);
}

static int
refuse_known(struct session *s, const char *name, struct fault *f)
{
	struct source known = {0};
	int found = source_get(s, name, &known, f);

	if (found == 1 && !known.removed)
		found = fault_set(
		    f, FAULT_BAD, "source \"%s\": is there already; set changes it", name);
	source_done(&known);
	return found < 0 ? -1 : 0;
}

/* The row of a name that is new, or was removed and comes back. */
static int
make(struct session *s, const char *name, struct source *out, struct fault *f)
{
	int found = source_get(s, name, out, f);
	int64_t id;

	if (found == 1)
		return 0;
	if (found < 0 || source_want(s, name, &id, f) < 0)
		return -1;
	return source_get_id(s, id, out, f) == 1 ? 0 : -1;
}

int
source_add(
    struct session *s, const struct source_options *o, char *const *words, int n, struct fault *f)
{
	struct source source = {0};
	struct change c;
	int status;

	if (change_begin(&c, s, s->operator, f) < 0)
		return -1;
	status = refuse_known(s, words[0], f);
	if (status == 0)
		status = make(s, words[0], &source, f);
	if (status == 0)
		status = write(&c, o, &source, words, n, f);
	source_done(&source);
	return finish(&c, status, f);
}

static int
says_nothing(const struct source_options *o, int n)
{
	return n == 1 && o->rank < 0 && o->shrink < 0 && o->stale_after < 0 && o->every < 0 &&
	       o->timeout < 0 && !o->ranks.n && !o->kinds && !o->keys && !o->placeholders &&
	       !o->how && !o->plugin && !o->partial && !o->full;
}

int
source_set(
    struct session *s, const struct source_options *o, char *const *words, int n, struct fault *f)
{
	struct source source = {0};
	struct change c;
	int status;

	if (says_nothing(o, n))
		return fault_set(
		    f, FAULT_USAGE, "source set: what to set is wanted, such as --rank N");
	if (change_begin(&c, s, s->operator, f) < 0)
		return -1;
	status = source_need(s, words[0], &source, f);
	if (status == 0)
		status = write(&c, o, &source, words, n, f);
	source_done(&source);
	return finish(&c, status, f);
}

/* ---- rm ---- */

static int
drop_layers(struct change *c, const struct source *source, int layers, struct fault *f)
{
	static const char sql[] = "SELECT id / 4096 FROM document WHERE id % 4096 = $1 ORDER BY id";
	struct ids items = {0};
	int status = db_get_ids(c->s->db, &items, f, sql, "i", source->id);

	if (status == 0 && items.n && !layers)
		status = fault_set(f, FAULT_REFUSED,
		    "refused: source %s speaks of %zu items; --layers takes away what it said",
		    source->name, items.n);
	for (size_t i = 0; status >= 0 && i < items.n; i++)
		status = change_drop(c, items.v[i], source->id, f);
	if (status >= 0 && items.n)
		report_note("%zu layers removed, %" PRId64 " items retired", items.n, c->retired);
	vec_done(&items);
	return status < 0 ? -1 : 0;
}

int
source_rm(
    struct session *s, const struct source_options *o, char *const *words, int n, struct fault *f)
{
	struct source source = {0};
	struct change c;
	int status;

	(void)n;
	if (change_begin(&c, s, s->operator, f) < 0)
		return -1;
	status = source_need(s, words[0], &source, f);
	if (status == 0 && source.id == s->operator)
		status = fault_set(f, FAULT_BAD, "source operator is what people type: it stays");
	if (status == 0)
		status = drop_layers(&c, &source, o->layers, f);
	if (status == 0) {
		source.removed = 1;
		status = change_source(&c, &source, f) < 0 ? -1 : 0;
	}
	source_done(&source);
	return finish(&c, status, f);
}
