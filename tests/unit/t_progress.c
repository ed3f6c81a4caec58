/* SPDX-License-Identifier: Apache-2.0 */
#include "io/progress.h"

#include "base/report.h"

#include "tap.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

static char seen[512];

/* What has arrived at the descriptor within a moment. */
static const char *
arrived(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(seen) - 1 && poll(&p, 1, 200) == 1 &&
	       (n = read(fd, seen + len, sizeof(seen) - 1 - len)) > 0)
		len += (size_t)n;
	seen[len] = '\0';
	return seen;
}

static void
asked_by_a_signal(void)
{
	struct progress p;
	int ends[2];

	if (pipe(ends) < 0 || dup2(ends[1], STDERR_FILENO) < 0)
		tap_bail("no pipe");
	progress_start(&p, "hosts", 10);
	p.done = 5;
	strcpy(p.extra, "1 failed of 8 allowed");
	progress_draw(&p);
	is_text(arrived(ends[0]), "", "without a terminal nothing is drawn");
	raise(SIGUSR1);
	progress_draw(&p);
	is_text(arrived(ends[0]), "craton: 5 of 10 hosts, 1 failed of 8 allowed\n",
	    "SIGUSR1 gets a line");
	progress_draw(&p);
	is_text(arrived(ends[0]), "", "one line each");
	p.total = 0;
	p.started -= 10000;
	raise(SIGUSR1);
	progress_draw(&p);
	is_text(arrived(ends[0]), "craton: 5 hosts, 0.5/s, 1 failed of 8 allowed\n",
	    "after a while with the rate");
	p.total = 10;
	raise(SIGUSR1);
	progress_draw(&p);
	ok(strstr(arrived(ends[0]), "0.5/s, 1"), "and with the time to go");
	ok(strstr(seen, "s to go"), "where the total is known");
	progress_end(&p);
	is_text(arrived(ends[0]), "", "and nothing is left to wipe");
}

static void
on_a_terminal(void)
{
	struct winsize size = {.ws_row = 24, .ws_col = 12};
	int master = posix_openpt(O_RDWR | O_NOCTTY), terminal;
	struct progress p;

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0 ||
	    (terminal = open(ptsname(master), O_RDWR | O_NOCTTY)) < 0 ||
	    ioctl(master, TIOCSWINSZ, &size) < 0 || dup2(terminal, STDERR_FILENO) < 0)
		tap_bail("no terminal");
	setenv("TERM", "xterm", 1);
	unsetenv("COLUMNS");
	progress_start(&p, "hosts", 10);
	progress_draw(&p);
	progress_draw(&p);
	is_text(
	    arrived(master), "\r\033[K0 of 10 hos", "a line is drawn, no wider than the terminal");
	progress_end(&p);
	is_text(arrived(master), "\r\033[K", "and wiped at the end");
	report_level(-1);
	progress_start(&p, "hosts", 10);
	progress_draw(&p);
	is_text(arrived(master), "", "with -q nothing is drawn");
	report_level(0);
	setenv("TERM", "dumb", 1);
	progress_start(&p, "hosts", 10);
	progress_draw(&p);
	is_text(arrived(master), "", "nor on a terminal that cannot wipe");
}

int
main(void)
{
	asked_by_a_signal();
	on_a_terminal();
	return tap_end();
}
