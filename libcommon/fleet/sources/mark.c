/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sources/mark.h"

#include "base/mem.h"
#include "base/pattern.h"
#include "fleet/source.h"
#include "fleet/sources/settings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SHORTEST_SERIAL 4
#define LONGEST_SERIAL 128 /* more is a text, not a serial */
#define MAC_DIGITS 12

/* ---- placeholders ---- */

/* What boards, BMCs and tools report where nobody filled in a serial; in upper case. */
static const char *const no_serials[] = {
    "0123456789",
    "012345678",
    "123456789",
    "1234567890",
    "12345678",
    "1234567",
    "BASE BOARD SERIAL NUMBER",
    "BOARD SERIAL NUMBER",
    "CHASSIS SERIAL NUMBER",
    "DEFAULT",
    "DEFAULT STRING",
    "EMPTY",
    "FILL BY OEM",
    "INVALID",
    "N/A",
    "NONE",
    "NOT APPLICABLE",
    "NOT AVAILABLE",
    "NOT PRESENT",
    "NOT SET",
    "NOT SPECIFIED",
    "NULL",
    "O.E.M.",
    "OEM",
    "SERIAL",
    "SERIAL NUMBER",
    "SYSTEM SERIAL NUMBER",
    "TBD",
    "TO BE FILLED BY O.E.M",
    "TO BE FILLED BY O.E.M.",
    "TO BE FILLED BY OEM",
    "UNDEFINED",
    "UNKNOWN",
    "UNSPECIFIED",
};

static const char *const no_macs[] = {"001122334455", "0123456789ab", "123456789abc"};

static int
is_one_of(const char *text, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], text) == 0)
			return 1;
	return 0;
}

/* 0000, XXXXXXXX, ....... */
static int
is_one_character(const char *text)
{
	return text[strspn(text, (char[]){text[0], '\0'})] == '\0';
}

/* ---- forms ---- */

/* NULL if the text is no serial. To be freed. */
static char *
serial_of(const char *text)
{
	struct str out = STR_INIT;
	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	while (len && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	if (len < SHORTEST_SERIAL || len > LONGEST_SERIAL)
		return NULL;
	for (size_t i = 0; i < len; i++)
		str_addc(&out, (char)toupper((unsigned char)text[i]));
	if (!is_one_character(out.text) &&
	    !is_one_of(out.text, no_serials, sizeof(no_serials) / sizeof(*no_serials)))
		return str_take(&out);
	str_done(&out);
	return NULL;
}

static char *
mac_of(const char *text)
{
	char digits[MAC_DIGITS + 1];
	size_t n = 0;

	for (; *text; text++) {
		if (strchr(":-.", *text))
			continue;
		if (!isxdigit((unsigned char)*text) || n == MAC_DIGITS)
			return NULL;
		digits[n++] = (char)tolower((unsigned char)*text);
	}
	digits[n] = '\0';
	if (n < MAC_DIGITS || is_one_character(digits) ||
	    is_one_of(digits, no_macs, sizeof(no_macs) / sizeof(*no_macs)))
		return NULL;
	return mem_dup(digits);
}

/* ---- in layers ---- */

enum sort { SORT_NONE, SORT_SERIAL, SORT_MAC };

/* Asked for every member of every layer of an import, so length and first letter go first. */
static enum sort
sort_of(struct jtext key)
{
	static const struct {
		const char *name;
		size_t len;
		enum sort sort;
	} names[] = {{"serial", 6, SORT_SERIAL}, {"serial_number", 13, SORT_SERIAL},
	    {"mac_address", 11, SORT_MAC}, {"mac", 3, SORT_MAC}};

	if (*key.text != 's' && *key.text != 'm')
		return SORT_NONE;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (key.len == names[i].len && memcmp(key.text, names[i].name, key.len) == 0)
			return names[i].sort;
	return SORT_NONE;
}

static void
add(struct words *out, enum sort sort, struct jtext value)
{
	char *plain, *form, *mark;

	if (!value.text || (jtext_type(value) != JTEXT_STRING && jtext_type(value) != JTEXT_NUMBER))
		return;
	plain = jtext_plain_dup(value);
	form = sort == SORT_SERIAL ? serial_of(plain) : mac_of(plain);
	if (form) {
		mark = mem_printf("%s%s", sort == SORT_SERIAL ? MARK_SERIAL : MARK_MAC, form);
		if (!words_have(out, mark))
			words_add(out, mark);
		free(mark);
	}
	free(form);
	free(plain);
}

static void
add_members(struct words *out, struct jtext object)
{
	struct jtext key, value;
	size_t at = 0;

	while (object.text && jtext_each(object, &at, &key, &value)) {
		enum sort sort = sort_of(key);

		if (sort != SORT_NONE)
			add(out, sort, value);
	}
}

static void
add_facts(struct words *out, struct jtext variables)
{
	struct jtext facts = jtext_member(variables, "facts");

	if (!facts.text)
		return;
	add(out, SORT_SERIAL,
	    jtext_member(jtext_member(jtext_member(facts, "dmi"), "product"), "serial_number"));
	add(out, SORT_MAC, jtext_member(jtext_member(facts, "networking"), "mac"));
}

static int
serials_first(const void *a, const void *b)
{
	return -strcmp(*(char *const *)a, *(char *const *)b);
}

void
mark_of(struct jtext attributes, struct jtext variables, struct words *out)
{
	add_members(out, attributes);
	add_members(out, variables);
	if (variables.text)
		add_facts(out, variables);
	if (out->n > 1)
		vec_sort(out, serials_first);
}

int
mark_write(struct session *s, int64_t item, int64_t source, const struct words *old,
    const struct words *new, struct fault *f)
{
	static const char drop[] =
	    "DELETE FROM mark WHERE value = $1 AND item = $2 AND source = $3";
	static const char put[] = "INSERT INTO mark (value, item, source) VALUES ($1, $2, $3)"
				  " ON CONFLICT (value, item, source) DO NOTHING";

	for (size_t i = 0; i < old->n; i++)
		if (!words_have(new, old->v[i]) &&
		    db_run(s->db, f, drop, "sii", old->v[i], item, source) < 0)
			return -1;
	for (size_t i = 0; i < new->n; i++)
		if (!words_have(old, new->v[i]) &&
		    db_run(s->db, f, put, "sii", new->v[i], item, source) < 0)
			return -1;
	return 0;
}

/* ---- asking ---- */

int
mark_placeholders(struct session *s, struct words *out, struct fault *f)
{
	struct sources all = {0};
	int status = source_list(s, &all, f) < 0 ? -1 : 0;

	for (size_t i = 0; status == 0 && i < all.n; i++)
		settings_words(all.v[i].settings, "placeholders", out);
	sources_done(&all);
	return status;
}

int
mark_is_placeholder(const char *mark, const struct words *patterns)
{
	const char *value = strchr(mark, ':') + 1;

	for (size_t i = 0; i < patterns->n; i++)
		if (pattern_glob(patterns->v[i], strlen(patterns->v[i]), value, strlen(value)))
			return 1;
	return 0;
}

int
mark_find(struct session *s, const char *mark, struct ids *out, struct fault *f)
{
	/* hot: each record of an import that is not known by its key */
	static const char sql[] =
	    "SELECT DISTINCT i.id FROM mark AS m JOIN item AS i ON i.id = m.item"
	    " WHERE m.value = $1 AND i.project = $2 ORDER BY i.id";

	return db_get_ids(s->db, out, f, sql, "si", mark, s->project);
}
