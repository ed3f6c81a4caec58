/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/attribute.h"

#include "base/when.h"
#include "fleet/ref.h"
#include "io/jtext.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum form { FORM_TEXT, FORM_TRUTH, FORM_TIME, FORM_PLACE, FORM_REF };

static const struct attribute {
	const char *name;
	enum form form;
	size_t offset; /* in struct item */
} attributes[] = {
    {"kind", FORM_TEXT, offsetof(struct item, kind)},
    {"name", FORM_TEXT, offsetof(struct item, name)},
    {"ref", FORM_REF, offsetof(struct item, id)},
    {"cloud", FORM_PLACE, offsetof(struct item, cloud)},
    {"region", FORM_PLACE, offsetof(struct item, region)},
    {"cell", FORM_PLACE, offsetof(struct item, cell)},
    {"parent", FORM_REF, offsetof(struct item, parent)},
    {"ip_address", FORM_TEXT, offsetof(struct item, ip_address)},
    {"device_type", FORM_TEXT, offsetof(struct item, device_type)},
    {"active", FORM_TRUTH, offsetof(struct item, active)},
    {"named", FORM_TRUTH, offsetof(struct item, named)},
    {"note", FORM_TEXT, offsetof(struct item, note)},
    {"created_at", FORM_TIME, offsetof(struct item, created)},
    {"updated_at", FORM_TIME, offsetof(struct item, updated)},
};

#define NATTRIBUTES (sizeof(attributes) / sizeof(*attributes))

const char *
attribute_name(size_t n)
{
	return n < NATTRIBUTES ? attributes[n].name : NULL;
}

static int
put_place(struct session *s, int64_t id, struct str *out, struct fault *f)
{
	char *name = NULL;
	int found = id ? item_name(s, id, &name, f) : 0;

	if (found == 1)
		jtext_put_string(out, name);
	free(name);
	return found < 0 ? -1 : 0;
}

static int
put_ref(struct session *s, int64_t id, struct str *out, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = id ? ref_of(s, id, &ref, f) : 0;

	if (status == 0 && id)
		jtext_put_string(out, ref.text);
	str_done(&ref);
	return status;
}

static void
put_time(int64_t at, struct str *out)
{
	char buf[WHEN_TEXT];

	if (at)
		jtext_put_string(out, when_text(at, buf));
}

static int
put(struct session *s, const struct attribute *a, const void *field, struct str *out,
    struct fault *f)
{
	const char *text;

	switch (a->form) {
	case FORM_TEXT:
		text = *(char *const *)field;
		if (text)
			jtext_put_string(out, text);
		return 0;
	case FORM_TRUTH: str_add(out, *(const int *)field ? "true" : "false"); return 0;
	case FORM_TIME: put_time(*(const int64_t *)field, out); return 0;
	case FORM_PLACE: return put_place(s, *(const int64_t *)field, out, f);
	case FORM_REF: return put_ref(s, *(const int64_t *)field, out, f);
	}
	abort();
}

static const void *
field_of(const struct attribute *a, const struct item *i)
{
	return (const char *)i + a->offset;
}

int
attribute_get(
    struct session *s, const struct item *i, const char *name, struct str *out, struct fault *f)
{
	struct jtext other;

	for (size_t n = 0; n < NATTRIBUTES; n++)
		if (strcmp(attributes[n].name, name) == 0)
			return put(s, &attributes[n], field_of(&attributes[n], i), out, f);
	other = jtext_member(JTEXT(i->more), name);
	if (other.text)
		str_addn(out, other.text, other.len);
	return 0;
}

int
attribute_all(struct session *s, const struct item *i, struct str *out, struct fault *f)
{
	struct str object = STR_INIT, value = STR_INIT;
	int status = 0;

	str_add(&object, i->more ? i->more : "{}");
	for (size_t n = 0; n < NATTRIBUTES && status == 0; n++) {
		struct str next = STR_INIT;

		str_reset(&value);
		status = put(s, &attributes[n], field_of(&attributes[n], i), &value, f);
		jtext_with((struct jtext){object.text, object.len}, attributes[n].name,
		    value.len ? (struct jtext){value.text, value.len} : (struct jtext){0}, &next);
		str_done(&object);
		object = next;
	}
	str_addn(out, object.text, object.len);
	str_done(&object);
	str_done(&value);
	return status;
}
