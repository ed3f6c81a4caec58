/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each field of a foreign record becomes, as a table. A translator applies its table to a
 * record, field by field; what no rule names is put by the translator's own choice.
 */
#ifndef FLEET_FIELDS_H
#define FLEET_FIELDS_H

#include "fleet/formats/draft.h"

struct field;

/* Writes what one value says; the value is not empty. */
typedef void (*field_put)(struct draft *d, const struct field *rule, struct jtext value);

struct field {
	const char *field;
	field_put put;
	const char *word; /* see the put; NULL: the field's own name */
	const char
	    *part; /* the member of an object that is meant: "slug"; NULL: the value itself */
};

/*
 * Puts every member of the record that is not empty; those without a rule by other. The table
 * ends with a field of NULL.
 */
void fields_apply(struct draft *d, const struct field *table, field_put other, struct jtext record);

/* The same with the empty ones, where they mean something. */
void fields_apply_all(
    struct draft *d, const struct field *table, field_put other, struct jtext record);

/* Nothing: said elsewhere, or made by the source from other fields. */
void field_nothing(struct draft *d, const struct field *rule, struct jtext value);

/* The field `word` of the record: a text, or a number as text. */
void field_text(struct draft *d, const struct field *rule, struct jtext value);

/* ip_address, without a mask behind it. What is no address becomes the variable ip_address. */
void field_address(struct draft *d, const struct field *rule, struct jtext value);

/* The label word=VALUE, one for each value of a list; the variable `word` where it is no text. */
void field_label(struct draft *d, const struct field *rule, struct jtext value);

/* The same without a key. */
void field_tag(struct draft *d, const struct field *rule, struct jtext value);

/* The variable or attribute `word`, as it is. */
void field_variable(struct draft *d, const struct field *rule, struct jtext value);
void field_attribute(struct draft *d, const struct field *rule, struct jtext value);

/* A text that holds a JSON object or array is that, anything else as it is. */
void field_decoded(struct draft *d, const struct field *rule, struct jtext value);

/* Each member of an object is a variable. */
void field_members(struct draft *d, const struct field *rule, struct jtext value);

/* Whether a text is an IPv4 or IPv6 address. */
int field_is_address(const char *text);

/*
 * "bom.DependsOn" or "Depends on" to the word "depends-on" that a kind or a relation can be:
 * what stands before the last dot is left out. To be freed; never empty.
 */
char *field_word(const char *text);

#endif
