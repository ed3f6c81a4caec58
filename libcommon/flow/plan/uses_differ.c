/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/uses.h"

#include <string.h>

static struct jtext
member(struct jtext uses, const char *section, const char *name)
{
	struct jtext members = jtext_member(uses, section);

	return members.text ? jtext_member(members, name) : members;
}

struct jtext
uses_attribute(struct jtext uses, const char *name)
{
	return member(uses, "attributes", name);
}

struct jtext
uses_variable(struct jtext uses, const char *name)
{
	return member(uses, "variables", name);
}

struct jtext
uses_label(struct jtext uses, const char *key)
{
	return member(uses, "labels", key);
}

/* What a message calls a section's members. */
static const struct {
	const char *section, *what;
} sections[] = {{"attributes", ""}, {"labels", "label "}, {"variables", "variable "}};

#define SHOWN 60 /* bytes of a value in a message */

static void
add_plain(struct jtext value, struct str *out)
{
	if (jtext_type(value) == JTEXT_STRING && !jtext_is(value, ""))
		jtext_plain(value, out);
	else
		str_addn(out, value.text, value.len);
}

static void
add_shown(struct jtext value, struct str *out)
{
	struct jtext ignored, one;
	size_t at = 0, from = out->len, end = from + SHOWN;

	if (!value.text)
		str_add(out, "nothing");
	else if (jtext_type(value) != JTEXT_ARRAY)
		add_plain(value, out);
	else
		while (jtext_each(value, &at, &ignored, &one)) {
			str_add(out, out->len > from ? "," : "");
			add_plain(one, out);
		}
	if (out->len <= end)
		return;
	while (end > from && (out->text[end] & 0xc0) == 0x80) /* not inside a character */
		end--;
	str_cut(out, end);
	str_add(out, "...");
}

static int
differ(const char *what, struct jtext key, struct jtext was, struct jtext is, struct str *why)
{
	if (jtext_same(was, is))
		return 0;
	str_add(why, what);
	jtext_plain(key, why);
	str_add(why, ": ");
	add_shown(is, why);
	str_add(why, ", was ");
	add_shown(was, why);
	return 1;
}

static struct jtext
same_member(struct jtext object, struct jtext key)
{
	struct str name = STR_INIT;
	struct jtext value = {0};

	str_reset(&name);
	jtext_plain(key, &name);
	if (object.text)
		value = jtext_member(object, name.text);
	str_done(&name);
	return value;
}

static int
section_differs(const char *what, struct jtext was, struct jtext is, struct str *why)
{
	struct jtext key, value;
	size_t at = 0;

	while (was.text && jtext_each(was, &at, &key, &value))
		if (differ(what, key, value, same_member(is, key), why))
			return 1;
	for (at = 0; is.text && jtext_each(is, &at, &key, &value);)
		if (!same_member(was, key).text)
			return differ(what, key, (struct jtext){0}, value, why);
	return 0;
}

int
uses_differ(struct jtext was, struct jtext is, struct str *why)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (section_differs(sections[i].what, jtext_member(was, sections[i].section),
			jtext_member(is, sections[i].section), why))
			return 1;
	return 0;
}
