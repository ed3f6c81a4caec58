/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/example.h"

#include "base/near.h"
#include "fleet/record.h"
#include "fleet/source.h"
#include "flow/audit/assess.h"
#include "flow/audit/fleet_check.h"
#include "io/jtext.h"

#include <string.h>

/* The keys of an example that are no variables. */
#define ITEM "item"
#define LABELS "labels"

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
check_special(const struct yaml_node *map, struct fault *f)
{
	const struct yaml_node *labels = yaml_get(map, LABELS), *item = yaml_get(map, ITEM);

	if (item && item->type != YAML_MAP)
		return yaml_fault(item, f, "a mapping of attributes to values is wanted");
	if (labels && labels->type != YAML_LIST)
		return yaml_fault(labels, f, "a list of labels is wanted");
	for (size_t i = 0; labels && i < labels->n; i++)
		if (!labels->items[i]->text)
			return yaml_fault(labels->items[i], f, "a label's text is wanted");
	return 0;
}

/* What an example uses is known, wherever it stands: a fleet may have none of it yet. */
static void
know_words(struct definition *d, const struct yaml_node *map)
{
	const struct yaml_node *labels = yaml_get(map, LABELS), *item = yaml_get(map, ITEM);

	for (size_t i = 0; i < map->n; i++)
		if (map->items[i] != labels && map->items[i] != item)
			definition_know(d, map->items[i]->key);
	for (size_t i = 0; item && i < item->n; i++)
		definition_know(d, item->items[i]->key);
	for (size_t i = 0; labels && i < labels->n; i++) {
		const char *text = labels->items[i]->text;
		char *key = mem_dupn(text, strcspn(text, "="));

		definition_know(d, key);
		free(key);
	}
}

static int
add_example(struct definition *d, struct check *c, enum verdict wanted, const struct yaml_node *n,
    struct fault *f)
{
	if (n->type != YAML_MAP)
		return yaml_fault(n, f, "an example is a mapping of variables to values");
	if (check_special(n, f) < 0)
		return -1;
	know_words(d, n);
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
read_outcome(struct definition *d, struct check *c, enum verdict wanted, const struct yaml_node *n,
    struct fault *f)
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
read_outcomes(struct definition *d, struct check *c, const struct yaml_node *map, struct fault *f)
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
			    "%s:%u: %s: of which check? put it under the check's id", n->file->name,
			    n->key_line, n->path);
		if (read_examples_of(d, n, f) < 0)
			return -1;
	}
	return 0;
}

/* ---- trying ---- */

static int
wrong(const struct example *x, const struct check *c, const char *is, const char *why,
    struct str *says)
{
	str_addf(says, "%s:%u: %s is %s, should be %s", x->node->file->name, x->node->line, c->id,
	    is, verdict_words[x->wanted]);
	if (why)
		str_addf(says, ": %s", why);
	return 0;
}

/* An item that has what the example says, and otherwise what every item has. */
static void
put_attributes(const struct yaml_node *given, struct str *out)
{
	struct str object = STR_INIT, value = STR_INIT, next = STR_INIT;

	str_add(&object, "{\"active\":true,\"kind\":\"host\",\"name\":\"example\","
			 "\"named\":true,\"ref\":\"host:example\"}");
	for (size_t i = 0; given && i < given->n; i++) {
		str_reset(&value);
		str_reset(&next);
		yaml_to_json(given->items[i], &value);
		jtext_with((struct jtext){object.text, object.len}, given->items[i]->key,
		    (struct jtext){value.text, value.len}, &next);
		str_reset(&object);
		str_addn(&object, next.text, next.len);
	}
	str_addn(out, object.text, object.len);
	str_done(&object);
	str_done(&value);
	str_done(&next);
}

/* All keys of an example but these two are variables. */
static void
put_variables(const struct yaml_node *map, struct str *out)
{
	struct str all = STR_INIT, next = STR_INIT;

	yaml_to_json(map, &all);
	jtext_with((struct jtext){all.text, all.len}, ITEM, (struct jtext){0}, &next);
	jtext_with((struct jtext){next.text, next.len}, LABELS, (struct jtext){0}, out);
	str_done(&all);
	str_done(&next);
}

static void
make_subject(const struct yaml_node *map, struct expr_subject *out)
{
	const struct yaml_node *labels = yaml_get(map, LABELS);
	struct str attributes = STR_INIT, variables = STR_INIT;

	*out = (struct expr_subject){0};
	for (size_t i = 0; labels && i < labels->n; i++)
		words_add(&out->labels, labels->items[i]->text);
	words_sort(&out->labels);
	put_attributes(yaml_get(map, ITEM), &attributes);
	out->attributes = str_take(&attributes);
	put_variables(map, &variables);
	out->variables = str_take(&variables);
}

static int
try_item(const struct check *c, const struct example *x, struct judge *judge, struct str *says,
    struct fault *f)
{
	struct expr_subject subject;
	struct assessment a;
	int right;

	make_subject(x->node, &subject);
	right = assess(judge, c, &subject, &a, f);
	if (right == 0)
		right = a.verdict == x->wanted ||
			wrong(x, c, verdict_words[a.verdict], a.message, says);
	assessment_done(&a);
	expr_subject_done(&subject);
	return right;
}

/* ---- a fleet of records in memory ---- */

static int
put_record(struct change *c, const struct yaml_node *n, struct fault *f)
{
	struct str json = STR_INIT;
	struct record r = {0};
	int status;

	yaml_to_json(n, &json);
	status = record_read(&r, (struct jtext){json.text, json.len}, f);
	if (status == 0) {
		if (r.source)
			status = source_want(c->s, r.source, &c->source, f);
		if (status == 0)
			status = record_put(c, &r, RECORD_MERGE, NULL, f);
	}
	record_done(&r);
	str_done(&json);
	return status < 0 ? yaml_fault(n, f, "%s", strdupa(f->text)) : 0;
}

/* A change has one source, so each record is a change of its own. */
static int
put_fleet(struct session *s, const struct yaml_node *list, struct fault *f)
{
	for (size_t i = 0; i < list->n; i++) {
		struct change c;

		if (change_begin(&c, s, s->operator, f) < 0)
			return -1;
		if (put_record(&c, list->items[i], f) < 0) {
			change_rollback(&c);
			return -1;
		}
		if (change_commit(&c, f) < 0)
			return -1;
	}
	return 0;
}

static int
try_fleet(const struct check *c, const struct example *x, struct str *says, struct fault *f)
{
	const struct session_options memory = {.memory = 1};
	struct session s = {0};
	int64_t n = -1;

	if (session_open(&s, &memory, DB_WRITE, f) == 0 && put_fleet(&s, x->node, f) == 0)
		n = fleet_check_findings(&s, c, f);
	session_close(&s);
	if (n < 0)
		return -1;
	return (n > 0) == (x->wanted == VERDICT_FAIL) ||
	       wrong(x, c, verdict_words[n ? VERDICT_FAIL : VERDICT_PASS], NULL, says);
}

int
example_try(const struct check *c, const struct example *x, struct judge *judge, struct str *says,
    struct fault *f)
{
	return c->query ? try_fleet(c, x, says, f) : try_item(c, x, judge, says, f);
}

/* An example that cannot even be tried, by a fault of its own, is one that does not hold. */
static int
holds(const struct check *c, const struct example *x, struct judge *judge, struct fault *f)
{
	struct str says = STR_INIT;
	int right = example_try(c, x, judge, &says, f);

	str_done(&says);
	return right < 0 && f->kind == FAULT_BAD ? 0 : right;
}

int
example_holds(const struct check *c, struct judge *judge, const char **why, struct fault *f)
{
	const unsigned wanted = 1u << VERDICT_PASS | 1u << VERDICT_FAIL;
	unsigned shown = 0;
	int right = 1;

	for (size_t i = 0; right == 1 && i < c->examples.n; i++) {
		right = holds(c, &c->examples.v[i], judge, f);
		shown |= 1u << c->examples.v[i].wanted;
	}
	if (right < 0)
		return -1;
	*why = right ? "has no example of pass and of fail" : "fails its own examples";
	return right && (shown & wanted) == wanted;
}
