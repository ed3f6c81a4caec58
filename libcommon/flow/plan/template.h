/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text with places for values, as the elements of a step's argv are written. Each element is
 * expanded on its own, never split, and never passes a shell: a value with spaces or quotes
 * stays one argument.
 *
 *	{item} {ref}          the item's name, its ref
 *	{kind} {cloud} {region} {cell} {ip_address}
 *	                      attributes of the item as the plan froze them
 *	{key}                 RUN/ITEM/STEP: the same for all attempts of a step
 *	{result}              ok, kicked, undone or cancelled; in finally only
 *	{var.ram_gb}          a variable, resolved, as the plan froze it
 *	{label.cabinet}       the value of a label, as the plan froze it
 *	{build.target}        a member of the last JSON object that step build printed
 *	{each} {each.host}    the element that a step of for_each is at, a member of it
 *	{{ }}                 braces
 *
 * After var. stands one key, a dot in it included; after a step's name, members separated by
 * dots. Text is put as it is, other values as JSON.
 */
#ifndef FLOW_TEMPLATE_H
#define FLOW_TEMPLATE_H

#include "base/fault.h"
#include "base/str.h"
#include "base/vec.h"
#include "io/jtext.h"

enum template_kind {
	TEMPLATE_LITERAL,   /* text */
	TEMPLATE_ATTRIBUTE, /* text is its name: "name" for {item}, "ref", ... */
	TEMPLATE_KEY,
	TEMPLATE_RESULT,
	TEMPLATE_VARIABLE, /* text is the key */
	TEMPLATE_LABEL,    /* text is the key */
	TEMPLATE_OUTPUT,   /* text is the step, member the path in its output */
	TEMPLATE_EACH      /* member is the path in the element; NULL: itself */
};

struct template_part {
	enum template_kind kind;
	char *text, *member;
};

struct template VEC_BODY(struct template_part);
struct templates VEC_BODY(struct template); /* an argv */

/* FAULT_BAD for a brace that is not closed, an empty or an unknown name (with the near miss). */
int template_parse(struct template *t, const char *text, struct fault *f);
void template_done(struct template *t);
void templates_done(struct templates *t);

/* Whether a word means something in a template already, and so can be no step's name. */
int template_reserved(const char *word);

/* Calls each(part) for all parts of an argv that are no literals, until it returns non-zero. */
int templates_each(
    const struct templates *t, int (*each)(const struct template_part *p, void *ctx), void *ctx);

/* Where values come from. */
struct template_values {
	struct jtext uses;  /* the item's frozen values: see flow/plan/uses.h */
	const char *key;    /* "7/host:dfw%2Fdb1/build" or however the engine makes it */
	const char *result; /* NULL but in finally */
	struct jtext each;  /* of for_each; {NULL, 0}: there is none */
	/* The output of an earlier step, {NULL, 0} if it printed none. */
	struct jtext (*output)(const char *step, void *ctx);
	void *ctx;
};

/* Appends to out. FAULT_BAD names what has no value: "step build printed no member target". */
int template_expand(const struct template *t, const struct template_values *values, struct str *out,
    struct fault *f);

/* The array that a template of one value stands for. FAULT_BAD: it is none, or too long. */
int template_array(const struct template *t, const struct template_values *values, size_t most,
    struct jtext *out, struct fault *f);

/*
 * A whole argv, one word an element. An element that begins with a value and comes out with a
 * leading "-" is FAULT_BAD, unless an earlier element is "--": the fleet's names are no options.
 */
int templates_expand(const struct templates *t, const struct template_values *values,
    struct words *out, struct fault *f);

/*
 * The same for a canonical JSON value (an action's with:): every string in it is a template,
 * keys are not. Appends canonical text. template_parse_json checks it and collects the
 * templates, for templates_each.
 */
int template_parse_json(struct jtext json, struct templates *out, struct fault *f);
int template_expand_json(
    struct jtext json, const struct template_values *values, struct str *out, struct fault *f);

#endif
