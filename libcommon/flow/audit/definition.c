/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/definition.h"

#include "flow/audit/example.h"
#include "flow/audit/trust.h"
#include "flow/gather/probe.h"
#include "io/file.h"

#include <stddef.h>
#include <string.h>

/* What an audit that does not say otherwise is held to; see trust.h. Thousandths of a percent. */
#define DISTRUST 20000
#define COVERAGE 95000
#define QUIET ((int64_t)60 * 60 * 1000)

#define LARGEST ((size_t)1 << 20)

static const char *const parse_words[] = {
    [GATHER_TEXT] = "text", [GATHER_JSON] = "json", [GATHER_LINES] = "lines", NULL};

int
definition_know(struct definition *d, const char *word)
{
	for (size_t i = 0; i < d->known.n; i++)
		if (!strcmp(d->known.v[i], word))
			return 0;
	words_add(&d->known, word);
	return 1;
}

int
definition_want_list(const struct yaml_node *n, const char *of, struct fault *f)
{
	if (n->type != YAML_LIST || !n->n)
		return yaml_fault(n, f, "a list of %s is wanted", of);
	return 0;
}

#define FIELD(type, member, wanted, ...)                                                           \
	{                                                                                          \
		.key = #member, .want = YAML_WANT_##wanted, .offset = offsetof(type, member),      \
		__VA_ARGS__                                                                        \
	}

/* ---- gather ---- */

static const struct yaml_field gather_fields[] = {
    FIELD(struct gather, probe, WORD, .required = 1),
    FIELD(struct gather, run, TEXTS),
    {.key = "with", .want = YAML_WANT_NODE, .offset = offsetof(struct gather, with_node)},
    FIELD(struct gather, into, WORD, .required = 1),
    FIELD(struct gather, timeout, DURATION),
    FIELD(struct gather, max_age, DURATION),
    FIELD(struct gather, parse, WORD, .words = parse_words),
    {0},
};

static int
read_gather(struct definition *d, const struct yaml_node *n, struct fault *f)
{
	struct gather *g = vec_add(&d->gathers);

	g->node = n;

	if (yaml_read(n, gather_fields, g, f) < 0)
		return -1;
	if (probe_prepare(g, f) < 0)
		return -1;
	if (!definition_know(d, g->into))
		return yaml_fault(
		    yaml_get(n, "into"), f, "%s is filled by an earlier probe", g->into);
	return 0;
}

/* ---- checks ---- */

static const struct yaml_field check_fields[] = {
    FIELD(struct check, id, WORD, .required = 1),
    FIELD(struct check, title, TEXT),
    FIELD(struct check, severity, WORD, .required = 1, .words = severity_words),
    FIELD(struct check, why, TEXT),
    FIELD(struct check, expect, TEXT),
    FIELD(struct check, query, TEXT),
    FIELD(struct check, when, TEXT),
    FIELD(struct check, message, TEXT),
    FIELD(struct check, remedy, WORD),
    FIELD(struct check, domain, TEXTS),
    FIELD(struct check, references, TEXTS),
    FIELD(struct check, distrust, SHARE),
    {0},
};

/* The expression under a key, or nothing if there is none. */
static int
compile(const struct yaml_node *map, const char *key, const char *text, struct expr **out,
    struct fault *f)
{
	const struct yaml_node *n = yaml_get(map, key);
	char *what;

	if (!n)
		return 0;
	what = mem_printf("%s:%u: %s", n->file->name, n->line, n->path);
	*out = expr_new(what, text, f);
	free(what);
	return *out ? 0 : -1;
}

struct check *
definition_check(struct definition *d, const char *id)
{
	for (size_t i = 0; i < d->checks.n; i++)
		if (d->checks.v[i].id && !strcmp(d->checks.v[i].id, id))
			return &d->checks.v[i];
	return NULL;
}

static int
is_one_of(const char *const *words, const char *word)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

static int
check_shape(struct definition *d, struct check *c, struct fault *f)
{
	const struct yaml_node *when = yaml_get(c->node, "when");

	if (definition_check(d, c->id) != c)
		return yaml_fault(yaml_get(c->node, "id"), f, "another check is called %s", c->id);
	if (is_one_of(verdict_words, c->id) || is_one_of(trust_words, c->id))
		return yaml_fault(yaml_get(c->node, "id"), f,
		    "%s has a meaning of its own and is no name for a check", c->id);
	if (!c->expect == !c->query)
		return yaml_fault(c->node, f, "either expect or query is wanted");
	if (c->query && when)
		return yaml_fault(when, f, "goes with expect; a query has its own WHERE");
	return 0;
}

static int
read_check(struct definition *d, const struct yaml_node *n, struct fault *f)
{
	struct check *c = vec_add(&d->checks);

	c->node = n;
	c->distrust = (struct num_share){1, DISTRUST};
	if (yaml_read(n, check_fields, c, f) < 0 || check_shape(d, c, f) < 0)
		return -1;
	c->name = mem_printf("%s/%s", d->audit, c->id);
	if (!c->title)
		c->title = mem_dup(d->title);
	if (compile(n, "expect", c->expect, &c->expect_expr, f) < 0 ||
	    compile(n, "when", c->when, &c->when_expr, f) < 0 ||
	    compile(n, "message", c->message, &c->message_expr, f) < 0)
		return -1;
	return 0;
}

/* ---- the whole ---- */

struct head {
	char *audit, *title, *select, *where;
	int64_t every, quiet;
	struct num_share coverage;
	const struct yaml_node *gather, *checks, *examples;
};

static const struct yaml_field head_fields[] = {
    FIELD(struct head, audit, WORD, .required = 1),
    FIELD(struct head, title, TEXT, .required = 1),
    FIELD(struct head, select, TEXT),
    FIELD(struct head, where, TEXT),
    FIELD(struct head, every, DURATION),
    FIELD(struct head, quiet, DURATION),
    FIELD(struct head, coverage, SHARE),
    FIELD(struct head, gather, NODE),
    FIELD(struct head, checks, NODE, .required = 1),
    FIELD(struct head, examples, NODE),
    {0},
};

static int
each_of(struct definition *d, const struct yaml_node *list, const char *what,
    int (*read)(struct definition *, const struct yaml_node *, struct fault *), struct fault *f)
{
	if (definition_want_list(list, what, f) < 0)
		return -1;
	for (size_t i = 0; i < list->n; i++)
		if (read(d, list->items[i], f) < 0)
			return -1;
	return 0;
}

static int
read_all(struct definition *d, struct fault *f)
{
	const struct yaml_node *root = d->file.root;
	struct head head = {.quiet = QUIET, .coverage = {1, COVERAGE}};
	int status = yaml_read(root, head_fields, &head, f);

	d->audit = head.audit;
	d->title = head.title;
	d->select = head.select;
	d->where = head.where;
	d->every = head.every;
	d->quiet = head.quiet;
	d->coverage = head.coverage;
	if (status < 0 || compile(root, "where", d->where, &d->where_expr, f) < 0)
		return -1;
	if (head.gather && each_of(d, head.gather, "probes", read_gather, f) < 0)
		return -1;
	if (each_of(d, head.checks, "checks", read_check, f) < 0)
		return -1;
	return head.examples ? example_read_all(d, head.examples, f) : 0;
}

int
definition_parse(
    struct definition *d, const char *name, const char *text, size_t len, struct fault *f)
{
	struct hash hash;

	*d = (struct definition){0};
	hash_init(&hash);
	hash_add(&hash, text, len);
	hash_end(&hash, d->hash);
	if (yaml_parse(&d->file, name, text, len, f) < 0)
		return -1;
	if (!d->file.root)
		return fault_set(f, FAULT_BAD, "%s: empty; an audit definition is wanted", name);
	return read_all(d, f);
}

int
definition_open(struct definition *d, const char *path, struct fault *f)
{
	const char *name = strcmp(path, "-") ? path : "stdin";
	struct str text = STR_INIT;
	int status;

	*d = (struct definition){0};
	status = file_read(path, LARGEST, &text, f);
	if (status == 0)
		status = definition_parse(d, name, text.text ? text.text : "", text.len, f);
	if (strcmp(path, "-") != 0)
		d->path = realpath(path, NULL);
	str_done(&text);
	return status;
}

static void
check_done(struct check *c)
{
	free(c->id);
	free(c->name);
	free(c->title);
	free(c->expect);
	free(c->query);
	free(c->when);
	free(c->message);
	free(c->remedy);
	words_done(&c->domain);
	words_done(&c->references);
	free(c->why);
	expr_free(c->expect_expr);
	expr_free(c->when_expr);
	expr_free(c->message_expr);
	vec_done(&c->examples);
}

static void
gather_done(struct gather *g)
{
	free(g->probe);
	free(g->into);
	free(g->with);
	words_done(&g->run);
	templates_done(&g->argv);
	uses_done(&g->uses);
}

void
definition_close(struct definition *d)
{
	for (size_t i = 0; i < d->checks.n; i++)
		check_done(&d->checks.v[i]);
	for (size_t i = 0; i < d->gathers.n; i++)
		gather_done(&d->gathers.v[i]);
	vec_done(&d->checks);
	vec_done(&d->gathers);
	words_done(&d->known);
	expr_free(d->where_expr);
	free(d->path);
	free(d->audit);
	free(d->title);
	free(d->select);
	free(d->where);
	yaml_close(&d->file);
}

static int
names_known(const struct definition *d, const struct expr *e, struct session *s, struct fault *f)
{
	return e ? expr_check_names(e, s, &d->known, f) : 0;
}

int
definition_check_names(struct definition *d, struct session *s, struct fault *f)
{
	if (names_known(d, d->where_expr, s, f) < 0)
		return -1;
	for (size_t i = 0; i < d->checks.n; i++) {
		const struct check *c = &d->checks.v[i];

		if (names_known(d, c->expect_expr, s, f) < 0 ||
		    names_known(d, c->when_expr, s, f) < 0)
			return -1;
		/* A query's message speaks of the query's columns. */
		if (c->expect && names_known(d, c->message_expr, s, f) < 0)
			return -1;
	}
	return 0;
}
