/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/vars.h"

#include "base/mem.h"
#include "fleet/expr/stored.h"
#include "io/jpath.h"

#include <stdlib.h>
#include <string.h>

struct term {
	struct jpath path;
	char *value; /* canonical */
};

struct vars {
	VEC(struct term) terms;
};

void
vars_free(struct vars *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->terms.n; i++) {
		jpath_done(&v->terms.v[i].path);
		free(v->terms.v[i].value);
	}
	vec_done(&v->terms);
	free(v);
}

/* The length of a value: up to a comma that is in no string, array or object. */
static size_t
length_of_value(const char *text)
{
	int depth = 0, quoted = 0;
	size_t n = 0;

	for (; text[n]; n++) {
		if (quoted && text[n] == '\\' && text[n + 1])
			n++;
		else if (text[n] == '"')
			quoted = !quoted;
		else if (!quoted && strchr("[{", text[n]))
			depth++;
		else if (!quoted && strchr("]}", text[n]))
			depth--;
		else if (!quoted && depth <= 0 && text[n] == ',')
			break;
	}
	return n;
}

/* JSON where it can be read as JSON, and else a text; what looks like JSON has to be it. */
static int
read_value(struct term *t, const char *text, size_t len, struct fault *f)
{
	struct str json = STR_INIT;
	char *plain;

	if (!len)
		return fault_set(f, FAULT_BAD, "a value is wanted behind the colon");
	if (jtext_canonical(text, len, &json, f) < 0) {
		if (strchr("\"[{", *text)) {
			str_done(&json);
			return -1;
		}
		plain = mem_dupn(text, len);
		jtext_put_string(&json, plain);
		free(plain);
	}
	t->value = str_take(&json);
	return 0;
}

static int
read_term(struct vars *v, const char **at, struct fault *f)
{
	struct term *t = vec_add(&v->terms);
	const char *end = *at;
	size_t len;

	if (jpath_init(&t->path, *at, &end, f) < 0)
		return -1;
	if (*end != ':')
		return fault_set(f, FAULT_BAD,
		    "column %zu: PATH:VALUE is wanted, as in os:\"debian\"",
		    (size_t)(end - *at) + 1);
	len = length_of_value(++end);
	if (read_value(t, end, len, f) < 0)
		return fault_within(f, "column %zu", (size_t)(end - *at) + 1);
	*at = end + len;
	return 0;
}

struct vars *
vars_new(const char *text, struct fault *f)
{
	struct vars *v = mem_zero(1, sizeof(*v));
	const char *at = text;

	for (;;) {
		if (read_term(v, &at, f) < 0) {
			if (v->terms.n > 1)
				fault_within(f, "term %zu", v->terms.n);
			fault_within(f, "--vars");
			vars_free(v);
			return NULL;
		}
		if (*at++ != ',')
			return v;
	}
}

const char *
vars_key(const struct vars *v, size_t nth)
{
	return nth < v->terms.n ? v->terms.v[nth].path.steps.v[0].key : NULL;
}

static int
term_holds(const struct term *t, const struct judge_names *names, struct fault *f)
{
	struct str found = STR_INIT;
	struct jtext value;
	int holds = 0;

	if (names->variable(names->ctx, t->path.steps.v[0].key, &value, f) < 0)
		return -1;
	if (value.text && jpath_get(&t->path, value, &found))
		holds = jpath_contains((struct jtext){found.text, found.len}, JTEXT(t->value));
	str_done(&found);
	return holds;
}

int
vars_hold(const struct vars *v, const struct judge_names *names, struct fault *f)
{
	int holds = 1;

	for (size_t i = 0; holds == 1 && i < v->terms.n; i++)
		holds = term_holds(&v->terms.v[i], names, f);
	return holds;
}

int
vars_has(struct session *s, const struct vars *v, int64_t item, struct fault *f)
{
	struct stored *stored = stored_new(s, STORED_ALL, f);
	int holds = -1;

	if (stored) {
		stored_move(stored, item);
		holds = vars_hold(v, stored_names(stored), f);
	}
	stored_free(stored);
	return holds;
}
