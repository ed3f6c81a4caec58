/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/policy.h"

#include <string.h>

#define LOOSENED "loosened"
#define PROTECT "protect"
#define ALL 100000 /* percent, in thousandths */

static void
put(struct policy_value *v, int64_t is, const char *from)
{
	char *copy = mem_dup(from);

	free(v->from);
	v->is = is;
	v->from = copy;
}

void
policy_init(struct policy *p)
{
	struct fault f;

	*p = (struct policy){0};
	for (int l = 0; l < LIMITS; l++) {
		int64_t is = 0;

		if (limit_parse((enum limit)l, limit_table[l].built_in, &is, &f) < 0)
			abort(); /* the table is wrong */
		put(&p->values[l], is, "default");
	}
}

void
policy_done(struct policy *p)
{
	for (int l = 0; l < LIMITS; l++)
		free(p->values[l].from);
	words_done(&p->protect);
	for (size_t i = 0; i < p->floors.n; i++)
		free(p->floors.v[i].selector);
	vec_done(&p->floors);
	words_done(&p->notify);
	calendar_done(&p->hours);
	*p = (struct policy){0};
}

void
policy_copy(struct policy *to, const struct policy *from)
{
	*to = *from;
	to->protect = (struct words){0};
	to->hours = (struct calendar){0};
	memset(&to->floors, 0, sizeof(to->floors));
	to->notify = (struct words){0};
	for (int l = 0; l < LIMITS; l++)
		to->values[l].from = mem_dup(from->values[l].from);
	for (size_t i = 0; i < from->protect.n; i++)
		words_add(&to->protect, from->protect.v[i]);
}

int64_t
policy_number(const struct policy *p, enum limit l)
{
	return p->values[l].is;
}

struct num_share
policy_share(const struct policy *p, enum limit l)
{
	return (struct num_share){.is_percent = 1, .value = p->values[l].is};
}

int64_t
policy_of(const struct policy *p, enum limit l, int64_t whole)
{
	const struct num_share share = policy_share(p, l);

	return share.value < ALL ? num_share_or_one(&share, whole) : INT64_MAX;
}

/* ---- the command line ---- */

/* The limit and its value in "at_once=5". */
static int
parse_word(const char *text, int64_t *is, struct fault *f)
{
	const char *equals = strchr(text, '=');
	char *name;
	int l;

	if (!equals)
		return fault_set(f, FAULT_BAD, "\"%.80s\": NAME=VALUE is wanted", text);
	name = mem_dupn(text, (size_t)(equals - text));
	l = limit_find(name, f);
	if (l >= 0 && limit_parse((enum limit)l, equals + 1, is, f) < 0) {
		fault_within(f, "%s", name);
		l = -1;
	}
	free(name);
	return l;
}

int
policy_tighten(struct policy *p, const char *text, struct fault *f)
{
	char was[LIMIT_TEXT];
	int64_t is;
	int l = parse_word(text, &is, f);

	if (l < 0)
		return fault_within(f, "--limit");
	if (limit_is_looser((enum limit)l, is, p->values[l].is))
		return fault_set(f, FAULT_REFUSED,
		    "refused: %s is looser than %s, by %s; --loosen %s -m REASON asks for that",
		    text, limit_text((enum limit)l, p->values[l].is, was), p->values[l].from, text);
	put(&p->values[l], is, "--limit");
	return 0;
}

int
policy_loosen(struct policy *p, const char *text, struct fault *f)
{
	char was[LIMIT_TEXT];
	struct policy_value *v;
	int64_t is;
	int l = parse_word(text, &is, f);

	if (l < 0)
		return fault_within(f, "--loosen");
	v = &p->values[l];
	if (limit_table[l].is_sites)
		return fault_set(f, FAULT_REFUSED,
		    "refused: --loosen %s: only the site's policy says that; see craton-policy(5)",
		    text);
	if (!limit_is_looser((enum limit)l, is, v->is))
		return fault_set(f, FAULT_USAGE, "--loosen: %s is no looser than %s, by %s", text,
		    limit_text((enum limit)l, v->is, was), v->from);
	v->was = v->is_loosened ? v->was : v->is;
	v->is_loosened = 1;
	put(v, is, "--loosen");
	return 0;
}

/* ---- in a plan ---- */

static void
add_loosened(const struct policy *p, struct str *out)
{
	char text[LIMIT_TEXT];

	jtext_key(out, LOOSENED);
	jtext_open(out);
	for (int l = 0; l < LIMITS; l++)
		if (p->values[l].is_loosened)
			jtext_text(out, limit_table[l].name,
			    limit_text((enum limit)l, p->values[l].was, text));
	jtext_close(out);
}

static void
add_protect(const struct policy *p, struct str *out)
{
	jtext_key(out, PROTECT);
	str_addc(out, '[');
	for (size_t i = 0; i < p->protect.n; i++) {
		str_add(out, i ? "," : "");
		jtext_put_string(out, p->protect.v[i]);
	}
	str_addc(out, ']');
}

/* Canonical: the names are in order, those of the two others come between. */
void
policy_json(const struct policy *p, struct str *out)
{
	char text[LIMIT_TEXT];

	jtext_open(out);
	for (int l = 0; l < LIMITS; l++) {
		if (l == LIMIT_MAX_FAIL)
			add_loosened(p, out);
		if (l == LIMIT_SAME_FIX_DAY)
			add_protect(p, out);
		jtext_text(
		    out, limit_table[l].name, limit_text((enum limit)l, p->values[l].is, text));
	}
	jtext_close(out);
}

/* The value of one limit in an object; 1, 0 none, -1. */
static int
get_value(struct jtext object, enum limit l, int64_t *out, struct fault *f)
{
	struct jtext value = jtext_member(object, limit_table[l].name);
	char *text;
	int rc;

	if (!value.text)
		return 0;
	text = jtext_plain_dup(value);
	rc = limit_parse(l, text, out, f);
	free(text);
	return rc < 0 ? fault_within(f, "%s", limit_table[l].name) : 1;
}

int
policy_from_json(struct policy *p, struct jtext json, struct fault *f)
{
	struct jtext loosened = jtext_member(json, LOOSENED), protect, none, value;
	size_t at = 0;

	policy_init(p);
	for (int l = 0; l < LIMITS; l++) {
		int64_t is;
		int found = get_value(json, (enum limit)l, &is, f);

		if (found == 1)
			put(&p->values[l], is, "the plan");
		if (found >= 0 && loosened.text)
			found = p->values[l].is_loosened =
			    get_value(loosened, (enum limit)l, &p->values[l].was, f);
		if (found < 0)
			return -1;
	}
	protect = jtext_member(json, PROTECT);
	while (protect.text && jtext_each(protect, &at, &none, &value))
		vec_push(&p->protect, jtext_plain_dup(value));
	return 0;
}

int
policy_check(const struct policy *frozen, const struct policy *now, struct fault *f)
{
	char is[LIMIT_TEXT], was[LIMIT_TEXT];

	for (int l = 0; l < LIMITS; l++) {
		const struct policy_value *v = &frozen->values[l];
		int64_t then = v->is_loosened ? v->was : v->is;

		if (limit_is_looser((enum limit)l, then, now->values[l].is))
			return fault_set(f, FAULT_REFUSED,
			    "plan void: policy: %s is %s now, by %s, and was %s; make a new plan",
			    limit_table[l].name, limit_text((enum limit)l, now->values[l].is, is),
			    now->values[l].from, limit_text((enum limit)l, then, was));
	}
	for (size_t i = 0; i < now->protect.n; i++)
		if (!words_have(&frozen->protect, now->protect.v[i]))
			return fault_set(f, FAULT_REFUSED,
			    "plan void: policy: it protects \"%.200s\" now, and did not when the "
			    "plan was made; make a new plan",
			    now->protect.v[i]);
	return 0;
}
