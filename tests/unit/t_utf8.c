/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "tap.h"

static void
every_character_is_well_formed(void)
{
	int wrong = 0;

	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char bytes[UTF8_MAX];
		size_t n = utf8_put(c, bytes);
		int is_surrogate = c >= 0xd800 && c <= 0xdfff;

		wrong += utf8_length(bytes, n) != (is_surrogate ? 0 : n);
		wrong += utf8_length(bytes, n - 1) != 0;
	}
	is_int(wrong, 0, "each character but a surrogate is, and no shorter piece of it");
}

/* Of all texts of two bytes these begin with a character: 128 * 256 ASCII, 30 * 64 longer. */
static void
nothing_else_is(void)
{
	static const char *const bad[] = {"\x80", "\xbf\x80", "\xc0\xaf", "\xc1\xbf",
	    "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
	    "\xe2\x82\x2c", "\xf0\x9f\x98\xc0"};
	int good = 0;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		is_int(utf8_length(bad[i], strlen(bad[i])), 0, "nor is case %zu", i);
	for (int i = 0; i < 65536; i++) {
		const char two[] = {(char)(i >> 8), (char)i};

		good += utf8_length(two, 2) > 0;
	}
	is_int(good, 128 * 256 + 30 * 64, "of all pairs of bytes just the right ones are");
	is_int(utf8_length("", 0), 0, "nothing is no character");
}

int
main(void)
{
	every_character_is_well_formed();
	nothing_else_is();
	return tap_end();
}
