/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "base/when.h"
#include "io/jtext.h"
#include "io/jtext_string.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What stands for bytes that are no character: U+FFFD. */
static const char replacement[] = "\xef\xbf\xbd";

/* How many bytes can be copied as they are. */
static size_t
clean_run(const char *text, size_t len)
{
	char bytes[JTEXT_ESCAPE_MAX];
	size_t n = 0, length;

	while (n < len && (length = utf8_length(text + n, len - n)))
		if (length > 1 || jtext_escape(text[n], bytes) == 1)
			n += length;
		else
			break;
	return n;
}

void
jtext_put_string(struct str *out, const char *plain)
{
	size_t len = strlen(plain);

	str_addc(out, '"');
	while (len > 0) {
		size_t run = clean_run(plain, len);

		str_addn(out, plain, run);
		plain += run;
		len -= run;
		if (!len)
			break;
		if ((unsigned char)*plain < 0x80)
			str_grown(out, jtext_escape(*plain, str_space(out, JTEXT_ESCAPE_MAX)));
		else
			str_add(out, replacement);
		plain++;
		len--;
	}
	str_addc(out, '"');
}

void
jtext_open(struct str *out)
{
	str_addc(out, '{');
}

void
jtext_close(struct str *out)
{
	str_addc(out, '}');
}

/* Between members; the first one stands behind the brace, where no value can end. */
static void
add_comma(struct str *out)
{
	if (out->len && out->text[out->len - 1] != '{')
		str_addc(out, ',');
}

void
jtext_key(struct str *out, const char *key)
{
	add_comma(out);
	jtext_put_string(out, key);
	str_addc(out, ':');
}

void
jtext_text(struct str *out, const char *key, const char *plain)
{
	if (!plain)
		return;
	jtext_key(out, key);
	jtext_put_string(out, plain);
}

void
jtext_int(struct str *out, const char *key, int64_t n)
{
	jtext_key(out, key);
	str_addf(out, "%" PRId64, n);
}

void
jtext_bool(struct str *out, const char *key, int truth)
{
	jtext_key(out, key);
	str_add(out, truth ? "true" : "false");
}

void
jtext_time(struct str *out, const char *key, int64_t ms)
{
	char text[WHEN_TEXT];

	if (ms)
		jtext_text(out, key, when_text(ms, text));
}

void
jtext_raw(struct str *out, const char *key, const char *json)
{
	if (json)
		jtext_rawn(out, key, json, strlen(json));
}

void
jtext_rawn(struct str *out, const char *key, const char *json, size_t len)
{
	if (!json)
		return;
	jtext_key(out, key);
	str_addn(out, json, len);
}

/* The same with a key that is escaped already. */
static void
add_member(struct str *out, struct jtext key, struct jtext value)
{
	add_comma(out);
	str_addc(out, '"');
	str_addn(out, key.text, key.len);
	str_add(out, "\":");
	str_addn(out, value.text, value.len);
}

void
jtext_with(struct jtext object, const char *key, struct jtext value, struct str *out)
{
	struct str quoted = STR_INIT;
	struct jtext wanted, k, v;
	int pending = value.text != NULL;
	size_t at = 0;

	jtext_put_string(&quoted, key);
	wanted = (struct jtext){quoted.text + 1, quoted.len - 2};
	jtext_open(out);
	while (jtext_each(object, &at, &k, &v)) {
		int order = jtext_compare(k.text, k.len, wanted.text, wanted.len);

		if (order >= 0 && pending) {
			add_member(out, wanted, value);
			pending = 0;
		}
		if (order != 0)
			add_member(out, k, v);
	}
	if (pending)
		add_member(out, wanted, value);
	jtext_close(out);
	str_done(&quoted);
}
