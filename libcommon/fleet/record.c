/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/record.h"

#include "base/mem.h"
#include "fleet/record_inside.h"
#include "fleet/relation.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Fields that are not attributes. Those passed over only describe; export writes them. */
static const struct record_entry fields[] = {
    {"kind", FIELD_TEXT, offsetof(struct record, kind)},
    {"name", FIELD_TEXT, offsetof(struct record, name)},
    {"ref", FIELD_TEXT, offsetof(struct record, ref)},
    {"key", FIELD_TEXT, offsetof(struct record, key)},
    {"source", FIELD_TEXT, offsetof(struct record, source)},
    {"cloud", FIELD_TEXT, offsetof(struct record, cloud)},
    {"region", FIELD_TEXT, offsetof(struct record, region)},
    {"cell", FIELD_TEXT, offsetof(struct record, cell)},
    {"parent", FIELD_TEXT, offsetof(struct record, parent)},
    {"labels", FIELD_LIST, offsetof(struct record, labels)},
    {"variables", FIELD_OBJECT, offsetof(struct record, variables)},
    {"relations", FIELD_LIST, offsetof(struct record, relations)},
    {"id", FIELD_PASSED, 0},
    {"project", FIELD_PASSED, 0},
    {"retired", FIELD_PASSED, 0},
    {"resolved", FIELD_PASSED, 0},
    {"blame", FIELD_PASSED, 0},
    {"members", FIELD_PASSED, 0},
    {"rule_labels", FIELD_PASSED, 0},
    {"created_at", FIELD_PASSED, 0},
    {"updated_at", FIELD_PASSED, 0},
};

#define NFIELDS (sizeof(fields) / sizeof(*fields))

const struct record_entry *
record_entry(struct jtext key)
{
	for (size_t i = 0; i < NFIELDS; i++)
		if (strlen(fields[i].name) == key.len && !memcmp(fields[i].name, key.text, key.len))
			return &fields[i];
	return NULL;
}

enum record_field
record_field(const char *name)
{
	static const char *const texts[] = {
	    "name", "cloud", "region", "cell", "parent", "ip_address", "device_type", "note"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (strcmp(texts[i], name) == 0)
			return RECORD_TEXT_ATTRIBUTE;
	return *name && !record_entry(JTEXT(name)) ? RECORD_ATTRIBUTE : RECORD_NO_ATTRIBUTE;
}

int
record_text(char **to, const char *name, struct jtext value, struct fault *f)
{
	if (jtext_type(value) != JTEXT_STRING)
		return fault_set(f, FAULT_BAD, "%s: a text is wanted, not %.*s", name,
		    value.len > 40 ? 40 : (int)value.len, value.text);
	*to = jtext_plain_dup(value);
	return item_text_ok(name, *to, f);
}

static int
read_field(struct record *r, const struct record_entry *field, struct jtext value, struct fault *f)
{
	void *to = (char *)r + field->offset;

	if (field->type == FIELD_PASSED || jtext_type(value) == JTEXT_NULL)
		return 0;
	if (field->type == FIELD_TEXT)
		return record_text(to, field->name, value, f);
	if (jtext_type(value) != (field->type == FIELD_LIST ? JTEXT_ARRAY : JTEXT_OBJECT))
		return fault_set(f, FAULT_BAD, "%s: %s is wanted", field->name,
		    field->type == FIELD_LIST ? "a list" : "an object");
	*(struct jtext *)to = value;
	return 0;
}

/* Addresses are checked when written: a rule of the original API. */
static int
check_attribute(struct jtext key, struct jtext value, struct fault *f)
{
	unsigned char address[sizeof(struct in6_addr)];
	int ok = 1;

	if (key.len == 6 && !memcmp(key.text, "active", 6)) {
		if (jtext_type(value) != JTEXT_TRUE && jtext_type(value) != JTEXT_FALSE)
			return fault_set(f, FAULT_BAD, "active: true or false is wanted");
	} else if (key.len == 10 && !memcmp(key.text, "ip_address", 10)) {
		char *text = jtext_plain_dup(value);

		ok = inet_pton(AF_INET, text, address) == 1 ||
		     inet_pton(AF_INET6, text, address) == 1;
		if (!ok)
			fault_set(
			    f, FAULT_BAD, "ip_address \"%s\": not an IPv4 or IPv6 address", text);
		free(text);
	}
	return ok ? 0 : -1;
}

static int
check_edge(struct jtext edge, struct fault *f)
{
	struct jtext type, to;
	char *word;
	int ok;

	if (jtext_type(edge) != JTEXT_OBJECT || !(type = jtext_member(edge, "type")).text ||
	    jtext_type(type) != JTEXT_STRING || !(to = jtext_member(edge, "to")).text ||
	    jtext_type(to) != JTEXT_STRING)
		return fault_set(f, FAULT_BAD,
		    "relations: {\"type\":\"runs-on\",\"to\":\"host:...\"} is wanted");
	word = jtext_plain_dup(type);
	ok = relation_type_ok(word);
	if (!ok)
		fault_set(f, FAULT_BAD, "relation \"%s\": not a word like runs-on", word);
	free(word);
	return ok ? 0 : -1;
}

/* All but what they lead to, which may stand further down in the input. */
static int
check_relations(const struct record *r, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;

	if (!r->relations.text)
		return 0;
	while (jtext_each(r->relations, &at, &key, &value))
		if (check_edge(value, f) < 0)
			return -1;
	return 0;
}

int
record_read(struct record *r, struct jtext object, struct fault *f)
{
	struct jtext key, value;
	size_t at = 0;

	*r = (struct record){.whole = object};
	if (jtext_type(object) != JTEXT_OBJECT)
		return fault_set(f, FAULT_BAD, "not a JSON object");
	while (jtext_each(object, &at, &key, &value)) {
		const struct record_entry *field = record_entry(key);

		if (field ? read_field(r, field, value, f) < 0
			  : jtext_type(value) != JTEXT_NULL && check_attribute(key, value, f) < 0)
			goto bad;
	}
	if (r->kind && !item_kind_ok(r->kind)) {
		fault_set(f, FAULT_BAD, "kind \"%s\": not a kind of item", r->kind);
		goto bad;
	}
	if (check_relations(r, f) == 0)
		return 0;
bad:
	record_done(r);
	return -1;
}

void
record_done(struct record *r)
{
	for (size_t i = 0; i < NFIELDS; i++)
		if (fields[i].type == FIELD_TEXT)
			free(*(char **)((char *)r + fields[i].offset));
	*r = (struct record){0};
}
