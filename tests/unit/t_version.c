/* SPDX-License-Identifier: Apache-2.0 */
#include "base/version.h"
#include "tap.h"

/* Each is older than the next. */
static const char *const ascending[] = {"", "0.9~~", "0.9~rc1", "0.9", "0.9a", "0.9+b", "0.10",
    "1~", "1", "1a", "1b", "1.0", "1.0.0", "1.1", "2", "5.9", "5.15", "5.15.0-91", "5.15.0-101",
    "99999999999999999999998", "99999999999999999999999"};

static int
compare(const char *a, const char *b)
{
	return version_compare(a, strlen(a), b, strlen(b));
}

int
main(void)
{
	/* The empty version is where a tilde is older still. */
	for (size_t i = 1; i + 1 < sizeof(ascending) / sizeof(*ascending); i++) {
		const char *a = ascending[i], *b = ascending[i + 1];

		is_int(compare(a, b), -1, "%s is older than %s", a, b);
		is_int(compare(b, a), 1, "%s is newer than %s", b, a);
		is_int(compare(a, a), 0, "%s is as old as itself", a);
	}
	is_int(compare("", "~"), 1, "a tilde is older than nothing");
	is_int(compare("", "1"), -1, "nothing is older than something");
	is_int(compare("1.02", "1.2"), 0, "zeros before a number mean nothing");
	is_int(compare("1.0", "1."), 0, "a missing number is 0");
	is_int(version_compare("1.5xxx", 3, "1.5", 3), 0, "lengths are kept");
	return tap_end();
}
