/* SPDX-License-Identifier: Apache-2.0 */
#include "io/markup.h"

#include "base/utf8.h"

#include <string.h>

static const char *
reference(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;"; /* HTML 4 has no &apos; */
	default: return NULL;
	}
}

static int
allowed(uint32_t c)
{
	return c == '\t' || c == '\n' || (!utf8_controls(c) && c != 0xfffe && c != 0xffff);
}

void
markup_text(struct str *out, const char *plain)
{
	size_t left = plain ? strlen(plain) : 0;

	while (left) {
		size_t len = utf8_length(plain, left);
		const char *ref = reference(*plain);

		if (ref)
			str_add(out, ref);
		else if (len && allowed(utf8_get(plain, len)))
			str_addn(out, plain, len);
		else
			str_add(out, "\xef\xbf\xbd");
		plain += len ? len : 1;
		left -= len ? len : 1;
	}
}

void
markup_attribute(struct str *out, const char *name, const char *value)
{
	if (!value)
		return;
	str_addf(out, " %s=\"", name);
	markup_text(out, value);
	str_addc(out, '"');
}

void
markup_number(struct str *out, const char *name, long long value)
{
	str_addf(out, " %s=\"%lld\"", name, value);
}
