/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/example.h"

#include "base/near.h"

#include <string.h>

/* ---- reading ---- */

/* The verdicts that an example can ask for. */
static int
example_verdict(const char *key, enum verdict *out)
{
	static const enum verdict some[] = {
	    VERDICT_PASS, VERDICT_FAIL, VERDICT_ERROR, VERDICT_NOT_APPLICABLE};

	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++) {
		if (!strcmp(verdict_words[some[i]], key)) {
			*out = some[i];
			return 1;
		}
	}
	return 0;
}

static int
add_example(struct definition *d, struct check *c, enum verdict wanted, const struct yaml_node *n,
    struct fault *f)
{
	if (n->type != YAML_MAP)
		return yaml_fault(n, f, "an example is a mapping of variables to values");
	for (size_t i = 0; i < n->n; i++)
		definition_know(d, n->items[i]->key);
	vec_push(&c->examples, ((struct example){n, wanted}));
	return 0;
}

/* What one item is to a check on items, a small fleet of records is to a query. */
static int
read_fleet(struct check *c, enum verdict wanted, const struct yaml_node *n, struct fault *f)
{
	if (wanted != VERDICT_PASS && wanted != VERDICT_FAIL)
		return fault_set(f, FAULT_BAD, "%s:%u: %s: a query's examples are pass and fail",
		    n->file->name, n->key_line, n->path);
	if (definition_want_list(n, "records", f) < 0)
		return -1;
	vec_push(&c->examples, ((struct example){n, wanted}));
	return 0;
}

static int
read_outcome(struct definition *d, struct check *c, enum verdict wanted,
    const struct yaml_node *n, struct fault *f)
{
	if (c->query)
		return read_fleet(c, wanted, n, f);
	if (n->type != YAML_LIST)
		return add_example(d, c, wanted, n, f);
	for (size_t i = 0; i < n->n; i++)
		if (add_example(d, c, wanted, n->items[i], f) < 0)
			return -1;
	return 0;
}

static int
read_outcomes(
    struct definition *d, struct check *c, const struct yaml_node *map, struct fault *f)
{
	enum verdict wanted;

	if (map->type != YAML_MAP)
		return yaml_fault(map, f, "a mapping with pass and fail is wanted");
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_node *n = map->items[i];

		if (!example_verdict(n->key, &wanted))
			return fault_set(f, FAULT_BAD,
			    "%s:%u: %s: an example is one of pass, fail, error, not-applicable",
			    n->file->name, n->key_line, n->path);
		if (read_outcome(d, c, wanted, n, f) < 0)
			return -1;
	}
	return 0;
}

static int
read_examples_of(struct definition *d, const struct yaml_node *n, struct fault *f)
{
	struct near near = NEAR_INIT(n->key);
	struct check *c = definition_check(d, n->key);
	char hint[NEAR_HINT];

	if (c)
		return read_outcomes(d, c, n, f);
	for (size_t i = 0; i < d->checks.n; i++)
		near_offer(&near, d->checks.v[i].id);
	return fault_set(f, FAULT_BAD, "%s:%u: %s: no such check%s", n->file->name, n->key_line,
	    n->path, near_hint(&near, hint));
}

/* pass: and fail: at the top belong to the only check; else each check's are under its id. */
int
example_read_all(struct definition *d, const struct yaml_node *map, struct fault *f)
{
	enum verdict ignored;

	if (map->type != YAML_MAP || !map->n)
		return yaml_fault(map, f, "a mapping with pass and fail is wanted");
	if (d->checks.n == 1 && example_verdict(map->items[0]->key, &ignored))
		return read_outcomes(d, &d->checks.v[0], map, f);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_node *n = map->items[i];

		if (example_verdict(n->key, &ignored))
			return fault_set(f, FAULT_BAD,
			    "%s:%u: %s: of which check? put it under the check's id",
			    n->file->name, n->key_line, n->path);
		if (read_examples_of(d, n, f) < 0)
			return -1;
	}
	return 0;
}

