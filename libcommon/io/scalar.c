/* SPDX-License-Identifier: Apache-2.0 */
#include "io/scalar.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The words of the core schema. Three spellings each and no others: nULL is a string. */
static const struct word {
	const char *text;
	enum yaml_type type;
	int64_t integer;
} words[] = {
    {"", YAML_NULL, 0},
    {"~", YAML_NULL, 0},
    {"null", YAML_NULL, 0},
    {"Null", YAML_NULL, 0},
    {"NULL", YAML_NULL, 0},
    {"true", YAML_BOOL, 1},
    {"True", YAML_BOOL, 1},
    {"TRUE", YAML_BOOL, 1},
    {"false", YAML_BOOL, 0},
    {"False", YAML_BOOL, 0},
    {"FALSE", YAML_BOOL, 0},
};

static const char *const not_finite[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* The first place after a run of digits. */
static const char *
past_digits(const char *p)
{
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

/* 10, or for 0o17 and 0x1F 8 and 16; 0 if the text is no whole number. */
static int
base_of(const char *text)
{
	const char *digits = text + (*text == '-' || *text == '+');

	if (!strncmp(text, "0o", 2) && text[2] && !text[2 + strspn(text + 2, "01234567")])
		return 8;
	if (!strncmp(text, "0x", 2) && text[2] &&
	    !text[2 + strspn(text + 2, "0123456789abcdefABCDEF")])
		return 16;
	return *digits && !*past_digits(digits) ? 10 : 0;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static int
is_float(const char *p)
{
	const char *whole, *part;

	p += *p == '-' || *p == '+';
	whole = p;
	p = past_digits(p);
	if (p == whole && (*p != '.' || !isdigit((unsigned char)p[1])))
		return 0;
	if (*p == '.')
		p = past_digits(p + 1);
	if (*p == 'e' || *p == 'E') {
		p += 1 + (p[1] == '-' || p[1] == '+');
		part = p;
		p = past_digits(p);
		if (p == part)
			return 0;
	}
	return !*p;
}

static int
is_not_finite(const char *p)
{
	/* a sign may stand before .inf but not before .nan; with one it is as little JSON */
	p += *p == '-' || *p == '+';
	for (size_t i = 0; i < COUNT(not_finite); i++)
		if (!strcmp(p, not_finite[i]))
			return 1;
	return 0;
}

static int
read_int(const char *text, int base, struct scalar *out, struct fault *f)
{
	errno = 0;
	out->integer = strtoll(base == 10 ? text : text + 2, NULL, base);
	if (errno)
		return fault_set(f, FAULT_BAD,
		    "%.40s does not fit a 64-bit number; quote it if a text is meant", text);
	out->type = YAML_INT;
	out->real = (double)out->integer;
	return 0;
}

int
scalar_read(const char *text, struct scalar *out, struct fault *f)
{
	int base = base_of(text);

	*out = (struct scalar){.type = YAML_STRING};
	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcmp(text, words[i].text)) {
			out->type = words[i].type;
			out->integer = words[i].integer;
			return 0;
		}
	if (base)
		return read_int(text, base, out, f);
	if (is_float(text)) {
		out->type = YAML_FLOAT;
		out->real = strtod(text, NULL);
		if (isfinite(out->real))
			return 0;
	} else if (!is_not_finite(text)) {
		return 0;
	}
	return fault_set(
	    f, FAULT_BAD, "%.40s is no number that can be kept; quote it if a text is meant", text);
}

void
scalar_put_float(struct str *out, const char *text)
{
	const char *digits;

	if (*text == '-')
		str_addc(out, '-');
	text += *text == '-' || *text == '+';
	while (*text == '0' && isdigit((unsigned char)text[1]))
		text++;
	if (*text == '.')
		str_addc(out, '0');
	digits = strchr(text, '.');
	if (!digits || isdigit((unsigned char)digits[1])) {
		str_add(out, text);
		return;
	}
	str_addn(out, text, (size_t)(digits + 1 - text));
	str_addc(out, '0');
	str_add(out, digits + 1);
}
