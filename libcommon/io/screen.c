/* SPDX-License-Identifier: Apache-2.0 */
#include "io/screen.h"

#include "base/num.h"
#include "base/show.h"
#include "io/table.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* ECMA-48: cursor to the first place, erase to the end of the line, of the page, the page. */
#define HOME "\033[H"
#define END_LINE "\033[K"
#define END_PAGE "\033[J"
#define WIPE "\033[2J"

#define LINES 24 /* of a terminal that does not tell */

static void
on_resize(int signal)
{
	(void)signal; /* it ends the wait */
}

int
screen_open(struct screen *s)
{
	const struct sigaction act = {.sa_handler = on_resize};
	const char *term = getenv("TERM");

	*s = (struct screen){0};
	if (!isatty(STDOUT_FILENO) || !term || !*term || !strcmp(term, "dumb"))
		return 0;
	sigaction(SIGWINCH, &act, NULL);
	return 1;
}

size_t
screen_lines(void)
{
	const char *lines = getenv("LINES");
	struct winsize size;
	struct fault f;
	int64_t n;

	if (lines && num_int(lines, 1, 1000000, &n, &f) == 0)
		return (size_t)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row)
		return size.ws_row;
	return LINES;
}

static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* The line at text, cut to the width; what follows it. */
static const char *
add_line(struct str *out, const char *text, size_t width)
{
	size_t len = strcspn(text, "\n"), fits;
	char *line = mem_dupn(text, len);

	fits = width ? show_fit(line, width) : len;
	str_addn(out, line, fits);
	str_add(out, END_LINE "\n");
	free(line);
	return text + len + (text[len] == '\n');
}

void
screen_draw(struct screen *s, const char *shown)
{
	size_t room = screen_lines() - 1, lines = count_lines(shown), width = table_width(stdout);
	size_t kept = lines <= room ? lines : room ? room - 1 : 0;
	struct str out = STR_INIT;

	str_add(&out, s->is_drawn ? HOME : WIPE HOME);
	for (size_t i = 0; i < kept; i++)
		shown = add_line(&out, shown, width);
	if (kept < lines)
		str_addf(&out, "... and %zu more lines" END_LINE "\n", lines - kept);
	str_add(&out, END_PAGE);
	fwrite(out.text, 1, out.len, stdout);
	fflush(stdout);
	s->is_drawn = 1;
	str_done(&out);
}

void
screen_wait(int64_t ms)
{
	const struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&ts, NULL);
}
