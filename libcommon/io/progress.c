/* SPDX-License-Identifier: Apache-2.0 */
#include "io/progress.h"

#include "base/num.h"
#include "base/report.h"
#include "base/show.h"
#include "base/str.h"
#include "base/when.h"
#include "io/table.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BETWEEN 200 /* ms: five times a second is smooth, and costs nothing to write */

#define WIPE "\r\033[K" /* to the first column, and erase in line (ECMA-48) */

static volatile sig_atomic_t asked;

static void
ask(int signal)
{
	(void)signal;
	asked = 1;
}

/* "120 of 1000 hosts, 24/s, 36s to go, 3 failed of 8 allowed" */
static void
describe(const struct progress *p, int64_t now, struct str *line)
{
	int64_t elapsed = now - p->started;
	char togo[24];

	str_addf(line, "%" PRId64, p->done);
	if (p->total)
		str_addf(line, " of %" PRId64, p->total);
	str_addf(line, " %s", p->what);
	if (p->done && elapsed >= 1000) {
		double rate = (double)p->done * 1000 / (double)elapsed;

		str_addf(line, ", %.*f/s", rate < 10 ? 1 : 0, rate);
		if (p->total > p->done)
			str_addf(line, ", %s to go",
			    num_duration_text(
				(int64_t)((double)(p->total - p->done) / rate + 1) * 1000, togo));
	}
	if (*p->extra)
		str_addf(line, ", %s", p->extra);
}

static void
send(const char *text, size_t len)
{
	/* progress is for the eye: what cannot be shown is no failure of the job */
	(void)!write(STDERR_FILENO, text, len);
}

static void
draw(const struct progress *p, int64_t now)
{
	size_t width = table_width(stderr);
	struct str plain = STR_INIT, line = STR_INIT;

	describe(p, now, &plain);
	str_add(&line, WIPE);
	show_text(&line, plain.text);
	if (width > 1) /* a full line would wrap */
		str_cut(&line, strlen(WIPE) + show_fit(line.text + strlen(WIPE), width - 1));
	send(line.text, line.len);
	str_done(&plain);
	str_done(&line);
}

static void
answer(const struct progress *p, int64_t now)
{
	struct str line = STR_INIT;

	asked = 0;
	describe(p, now, &line);
	report_warn("%s", line.text);
	str_done(&line);
}

void
progress_start(struct progress *p, const char *what, int64_t total)
{
	struct sigaction act = {.sa_handler = ask, .sa_flags = SA_RESTART};
	const char *term = getenv("TERM");

	*p = (struct progress){.what = what, .total = total, .started = when_boot()};
	p->on = isatty(STDERR_FILENO) && !report_quiet() && term && strcmp(term, "dumb") != 0;
	asked = 0;
	sigaction(SIGUSR1, &act, NULL);
}

void
progress_draw(struct progress *p)
{
	int64_t now;

	if (!p->on && !asked)
		return;
	now = when_boot();
	if (asked && !p->on)
		answer(p, now);
	if (!p->on || now - p->drawn < BETWEEN)
		return;
	p->drawn = now;
	p->is_shown = 1;
	draw(p, now);
}

void
progress_pause(struct progress *p)
{
	if (!p->is_shown)
		return;
	send(WIPE, strlen(WIPE));
	p->is_shown = 0;
}

void
progress_end(struct progress *p)
{
	progress_pause(p);
	p->on = 0;
}
