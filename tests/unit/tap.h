/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Test Anything Protocol in a page: ok(condition, "sentence") counts and prints, with the
 * place of a failure; main ends with return tap_end(). A test that cannot be set up says
 * tap_bail("what is missing").
 */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_run, tap_failed;

#define ok(condition, ...) tap_ok(!!(condition), #condition, __FILE__, __LINE__, __VA_ARGS__)

/* Equal strings; shows both if not. NULL equals NULL. */
#define is_text(got, wanted, ...) tap_is_text((got), (wanted), __FILE__, __LINE__, __VA_ARGS__)

/* Equal integers; shows both if not. */
#define is_int(got, wanted, ...)                                                                   \
	tap_is_int((long long)(got), (long long)(wanted), __FILE__, __LINE__, __VA_ARGS__)

#define TAP_PRINT(pass, fmt)                                                                       \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, fmt);                                                                 \
		printf("%sok %d - ", (pass) ? "" : "not ", ++tap_run);                             \
		vprintf(fmt, ap);                                                                  \
		putchar('\n');                                                                     \
		va_end(ap);                                                                        \
		tap_failed += !(pass);                                                             \
		fflush(stdout);                                                                    \
	} while (0)

__attribute__((unused, format(printf, 5, 6))) static int
tap_ok(int pass, const char *condition, const char *file, int line, const char *fmt, ...)
{
	TAP_PRINT(pass, fmt);
	if (!pass)
		printf("# %s:%d: %s\n", file, line, condition);
	return pass;
}

__attribute__((unused, format(printf, 5, 6))) static int
tap_is_text(const char *got, const char *wanted, const char *file, int line, const char *fmt, ...)
{
	int pass = got && wanted ? !strcmp(got, wanted) : got == wanted;

	TAP_PRINT(pass, fmt);
	if (!pass)
		printf("# %s:%d: got    \"%s\"\n# wanted \"%s\"\n", file, line,
		    got ? got : "(null)", wanted ? wanted : "(null)");
	return pass;
}

__attribute__((unused, format(printf, 5, 6))) static int
tap_is_int(long long got, long long wanted, const char *file, int line, const char *fmt, ...)
{
	int pass = got == wanted;

	TAP_PRINT(pass, fmt);
	if (!pass)
		printf("# %s:%d: got %lld, wanted %lld\n", file, line, got, wanted);
	return pass;
}

__attribute__((unused)) _Noreturn static void
tap_bail(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(1);
}

__attribute__((unused)) static int
tap_end(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed ? 1 : 0;
}

#endif
