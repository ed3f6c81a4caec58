/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/select/selector.h"

#include "base/mem.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

/* Kubernetes' lexer: these are marks, white space divides, all else is a word. */
#define SPACE " \t\r\n"
#define MARKS "=!(),<>"

enum token { END, WORD, EQUALS, NOT_EQUALS, NOT, OPEN, CLOSE, COMMA, ORDER };

struct parser {
	const char *start, *p; /* p: behind the token */
	enum token token;
	char *word; /* of a WORD */
	size_t column;
	struct fault *f;
};

/* In quotes a word holds anything: cabinet='row 1, left'. A quote that is never closed is text. */
static void
word(struct parser *p)
{
	const char *close = *p->p == '\'' || *p->p == '"' ? strchr(p->p + 1, *p->p) : NULL;
	size_t len = strcspn(p->p, SPACE MARKS);

	if (close) {
		p->word = mem_dupn(p->p + 1, (size_t)(close - p->p - 1));
		p->p = close + 1;
	} else {
		p->word = mem_dupn(p->p, len);
		p->p += len;
	}
}

static void
advance(struct parser *p)
{
	static const struct {
		const char *text;
		enum token token;
	} marks[] = {{"==", EQUALS}, {"=", EQUALS}, {"!=", NOT_EQUALS}, {"!", NOT}, {"(", OPEN},
	    {")", CLOSE}, {",", COMMA}, {"<", ORDER}, {">", ORDER}};
	size_t len;

	free(p->word);
	p->word = NULL;
	p->p += strspn(p->p, SPACE);
	p->column = (size_t)(p->p - p->start) + 1;
	p->token = *p->p ? WORD : END;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		len = strlen(marks[i].text);
		if (strncmp(p->p, marks[i].text, len) == 0) {
			p->token = marks[i].token;
			p->p += len;
			return;
		}
	}
	if (p->token == WORD)
		word(p);
}

static int
unexpected(struct parser *p, const char *wanted)
{
	if (p->token == ORDER)
		return fault_set(p->f, FAULT_BAD,
		    "column %zu: labels are not ordered; compare variables with --where",
		    p->column);
	if (p->token == END)
		return fault_set(
		    p->f, FAULT_BAD, "column %zu: the end where %s should be", p->column, wanted);
	return fault_set(p->f, FAULT_BAD, "column %zu: \"%.*s\" where %s should be", p->column,
	    p->word ? (int)strlen(p->word) : 1, p->start + p->column - 1, wanted);
}

static enum selector_about
about(const char *key)
{
	static const struct {
		const char *key;
		enum selector_about about;
	} attributes[] = {{"kind", ABOUT_KIND}, {"name", ABOUT_NAME}, {"region", ABOUT_REGION},
	    {"cell", ABOUT_CELL}, {"cloud", ABOUT_CLOUD}};

	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		if (strcmp(attributes[i].key, key) == 0)
			return attributes[i].about;
	return ABOUT_LABEL;
}

/*
 * A value may be left out, and is then empty: "cabinet=", "service in (a,)". Unlike
 * Kubernetes', ours may be several words, since names of places are: "region=New York".
 */
static void
value(struct parser *p, struct requirement *r)
{
	struct str text = STR_INIT;
	const char *end = NULL;

	str_reset(&text);
	for (; p->token == WORD; advance(p)) {
		const char *start = p->start + p->column - 1;

		if (end)
			str_addn(&text, end, (size_t)(start - end));
		str_add(&text, p->word);
		end = p->p;
	}
	words_add(&r->values, text.text);
	str_done(&text);
}

static int
list(struct parser *p, struct requirement *r)
{
	advance(p);
	if (p->token != OPEN)
		return unexpected(p, "( and a list of values");
	do {
		advance(p);
		value(p, r);
	} while (p->token == COMMA);
	if (p->token != CLOSE)
		return unexpected(p, ", or )");
	advance(p);
	return 0;
}

static int
operator_and_values(struct parser *p, struct requirement *r)
{
	switch (p->token) {
	case END:
	case COMMA: r->any = 1; return 0;
	case EQUALS:
	case NOT_EQUALS:
		r->negated = p->token == NOT_EQUALS;
		advance(p);
		value(p, r);
		return 0;
	case WORD:
		r->negated = strcmp(p->word, "notin") == 0;
		if (r->negated || strcmp(p->word, "in") == 0)
			return list(p, r);
		break;
	default: break;
	}
	return unexpected(p, "=, !=, in, notin or a comma");
}

static int
requirement(struct parser *p, struct requirement *r)
{
	int negated = p->token == NOT;

	if (negated)
		advance(p);
	if (p->token != WORD)
		return unexpected(p, "a label's key");
	r->key = mem_dup(p->word);
	r->about = about(r->key);
	advance(p);
	if (!negated)
		return operator_and_values(p, r);
	r->negated = r->any = 1;
	return p->token == END || p->token == COMMA ? 0 : unexpected(p, "a comma");
}

/* They become one expression of SQL, which SQLite nests a level a term, up to 1000. */
#define MOST_REQUIREMENTS 200

static int
parse(struct parser *p, struct selector *sel)
{
	for (;;) {
		if (sel->requirements.n == MOST_REQUIREMENTS)
			return fault_set(p->f, FAULT_BAD, "column %zu: more than %d terms",
			    p->column, MOST_REQUIREMENTS);
		if (requirement(p, vec_add(&sel->requirements)) < 0)
			return -1;
		if (p->token == END)
			return 0;
		if (p->token != COMMA)
			return unexpected(p, "a comma");
		advance(p);
	}
}

struct selector *
selector_new(const char *text, struct fault *f)
{
	struct selector *sel = mem_zero(1, sizeof(*sel));
	struct parser p = {.start = text, .p = text, .f = f};
	int status;

	advance(&p);
	status = p.token == END ? fault_set(f, FAULT_BAD, "an empty selector") : parse(&p, sel);
	free(p.word);
	if (status == 0)
		return sel;
	fault_within(f, "label selector");
	selector_free(sel);
	return NULL;
}

/* ---- building, freeing ---- */

void
selector_add(struct selector *to, const struct selector *from)
{
	for (size_t i = 0; i < from->requirements.n; i++) {
		const struct requirement *r = &from->requirements.v[i];
		struct requirement *copy = vec_add(&to->requirements);

		*copy = (struct requirement){.key = mem_dup(r->key),
		    .about = r->about,
		    .negated = r->negated,
		    .any = r->any};
		for (size_t n = 0; n < r->values.n; n++)
			words_add(&copy->values, r->values.v[n]);
	}
}

void
selector_add_kind(struct selector *to, const char *kind)
{
	struct requirement *r = vec_add(&to->requirements);

	*r = (struct requirement){.key = mem_dup("kind"), .about = ABOUT_KIND};
	words_add(&r->values, kind);
}

void
selector_add_label(struct selector *to, const char *key)
{
	vec_push(&to->requirements,
	    ((struct requirement){.key = mem_dup(key), .about = ABOUT_LABEL, .any = 1}));
}

void
selector_clear(struct selector *sel)
{
	for (size_t i = 0; i < sel->requirements.n; i++) {
		free(sel->requirements.v[i].key);
		words_done(&sel->requirements.v[i].values);
	}
	vec_done(&sel->requirements);
}

void
selector_free(struct selector *sel)
{
	if (sel)
		selector_clear(sel);
	free(sel);
}
