/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/formats/fields.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void
apply(struct draft *d, const struct field *table, field_put other, struct jtext record,
    int with_empty)
{
	struct str name = STR_INIT;
	struct jtext key, value;
	size_t at = 0;

	while (jtext_each(record, &at, &key, &value)) {
		const struct field *rule = table;
		struct field unknown = {0};

		if (!with_empty && draft_is_empty(value))
			continue;
		str_reset(&name);
		jtext_plain(key, &name);
		while (rule->field && strcmp(rule->field, name.text) != 0)
			rule++;
		unknown.field = name.text;
		if (rule->field)
			rule->put(d, rule, value);
		else
			other(d, &unknown, value);
	}
	str_done(&name);
}

void
fields_apply(struct draft *d, const struct field *table, field_put other, struct jtext record)
{
	apply(d, table, other, record, 0);
}

void
fields_apply_all(struct draft *d, const struct field *table, field_put other, struct jtext record)
{
	apply(d, table, other, record, 1);
}

static const char *
word_of(const struct field *rule)
{
	return rule->word ? rule->word : rule->field;
}

/* The member that is meant, or the value itself where it is no object or has none. */
static struct jtext
part_of(const struct field *rule, struct jtext value)
{
	struct jtext part = rule->part ? jtext_member(value, rule->part) : (struct jtext){0};

	return part.text ? part : value;
}

static int
is_scalar(struct jtext v)
{
	enum jtext_type type = jtext_type(v);

	return type != JTEXT_ARRAY && type != JTEXT_OBJECT;
}

void
field_nothing(struct draft *d, const struct field *rule, struct jtext value)
{
	(void)d, (void)rule, (void)value;
}

void
field_text(struct draft *d, const struct field *rule, struct jtext value)
{
	struct jtext part = part_of(rule, value);
	char *plain;

	if (!is_scalar(part)) {
		field_attribute(d, &(struct field){.field = rule->field}, value);
		return;
	}
	plain = jtext_plain_dup(part);
	draft_text(d, word_of(rule), plain);
	free(plain);
}

int
field_is_address(const char *text)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

void
field_address(struct draft *d, const struct field *rule, struct jtext value)
{
	struct jtext part = part_of(rule, value);
	char *plain = jtext_plain_dup(part), *mask = strchr(plain, '/');

	if (mask)
		*mask = '\0';
	if (field_is_address(plain))
		draft_text(d, "ip_address", plain);
	else if (*plain)
		draft_variable(d, "ip_address", value);
	free(plain);
}

static void
put_label(struct draft *d, const char *key, const struct field *rule, struct jtext value)
{
	struct jtext part = part_of(rule, value);
	char *plain;

	if (draft_is_empty(part))
		return;
	if (!is_scalar(part)) {
		draft_variable(d, word_of(rule), value);
		return;
	}
	plain = jtext_plain_dup(part);
	draft_label(d, key, plain);
	free(plain);
}

static void
put_labels(struct draft *d, const char *key, const struct field *rule, struct jtext value)
{
	struct jtext none, each;
	size_t at = 0;

	if (jtext_type(value) != JTEXT_ARRAY)
		put_label(d, key, rule, value);
	else
		while (jtext_each(value, &at, &none, &each))
			put_label(d, key, rule, each);
}

void
field_label(struct draft *d, const struct field *rule, struct jtext value)
{
	put_labels(d, word_of(rule), rule, value);
}

void
field_tag(struct draft *d, const struct field *rule, struct jtext value)
{
	put_labels(d, NULL, rule, value);
}

void
field_variable(struct draft *d, const struct field *rule, struct jtext value)
{
	draft_variable(d, word_of(rule), part_of(rule, value));
}

void
field_attribute(struct draft *d, const struct field *rule, struct jtext value)
{
	draft_attribute(d, "source", word_of(rule), part_of(rule, value));
}

void
field_decoded(struct draft *d, const struct field *rule, struct jtext value)
{
	struct str canonical = STR_INIT;
	char *plain = jtext_plain_dup(value);
	struct fault why;

	if (jtext_type(value) == JTEXT_STRING && strchr("{[", *plain) && *plain &&
	    jtext_canonical(plain, strlen(plain), &canonical, &why) == 0)
		draft_variable(d, word_of(rule), (struct jtext){canonical.text, canonical.len});
	else
		draft_variable(d, word_of(rule), value);
	free(plain);
	str_done(&canonical);
}

void
field_members(struct draft *d, const struct field *rule, struct jtext value)
{
	if (jtext_type(value) == JTEXT_OBJECT)
		draft_variables(d, value);
	else
		field_variable(d, rule, value);
}

/* Longer words are no kinds; item.h. */
#define WORD_LONGEST 40

char *
field_word(const char *text)
{
	const char *dot = strrchr(text, '.');
	struct str out = STR_INIT;
	int capital = 1; /* the character before is one, or none */

	for (const char *p = dot ? dot + 1 : text; *p && out.len < WORD_LONGEST; p++) {
		int is_word = isascii((unsigned char)*p) && isalnum((unsigned char)*p);
		int gap = !is_word || (isupper((unsigned char)*p) && !capital);

		if (gap && out.len && out.text[out.len - 1] != '-')
			str_addc(&out, '-');
		if (is_word && (out.len || isalpha((unsigned char)*p)))
			str_addc(&out, (char)tolower((unsigned char)*p));
		capital = !is_word || isupper((unsigned char)*p);
	}
	while (out.len && out.text[out.len - 1] == '-')
		str_cut(&out, out.len - 1);
	if (!out.len)
		str_add(&out, "other");
	return str_take(&out);
}
