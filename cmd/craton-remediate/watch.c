/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/event/event.h"

#include "one_run.h"
#include "remediate.h"

#include "base/report.h"
#include "base/show.h"
#include "base/when.h"
#include "io/file.h"
#include "io/screen.h"

#include <inttypes.h>
#include <string.h>

#define DRAW_MS 1000  /* on a screen */
#define LINE_MS 10000 /* in lines, and only where something has changed */
#define LATEST 8      /* of what has happened, at the foot of the screen */
#define FIXED 9       /* lines that are always there */

struct watching {
	struct screen screen;
	int has_screen;
	int64_t every; /* ms */
	struct words latest;
	int64_t seq;
	char *last; /* line that was printed */
};

/* ---- a screen ---- */

static void
remember(const struct event *e, void *ctx)
{
	struct watching *w = ctx;
	struct str text = STR_INIT;

	if (event_is_detail(e))
		return;
	event_text(e, &text);
	if (w->latest.n == LATEST) {
		free(w->latest.v[0]);
		memmove(w->latest.v, w->latest.v + 1, --w->latest.n * sizeof(*w->latest.v));
	}
	vec_push(&w->latest, str_take(&text));
}

/* Each list gets its share of the room, and what one does not need is another's. */
static void
compose(const struct watching *w, const struct status *st, struct str *out)
{
	size_t lines = screen_lines(), room = lines > FIXED + 3 ? lines - FIXED : 3;
	size_t blocks = st->blocks.n < room / 3 ? st->blocks.n : room / 3;
	size_t latest = w->latest.n < room / 3 ? w->latest.n : room / 3;
	char now[WHEN_TEXT];

	draw_status(st, room - blocks - latest, blocks, out);
	for (size_t i = w->latest.n - latest; i < w->latest.n; i++)
		str_addf(out, "%s%s\n", i == w->latest.n - latest ? "\n" : "", w->latest.v[i]);
	str_addf(out, "%s%.8s UTC; Ctrl-C ends the watch, not the run\n", latest ? "" : "\n",
	    when_text(when_now(), now) + strlen("2026-01-02T"));
}

/* Newlines are ours; all else of a text from the fleet is made harmless. */
static void
show_lines(const char *text, struct str *out)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = mem_dupn(text, len);

		show_text(out, line);
		str_addc(out, '\n');
		free(line);
		text += len + (text[len] == '\n');
	}
}

static int
draw(struct watching *w, struct session *s, const struct status *st, struct fault *f)
{
	struct str text = STR_INIT, shown = STR_INIT;
	int rc = event_each(s->db, st->run.id, &w->seq, remember, w, f);

	if (rc == 0) {
		compose(w, st, &text);
		show_lines(text.text, &shown);
		screen_draw(&w->screen, shown.text);
	}
	str_done(&text);
	str_done(&shown);
	return rc;
}

/* ---- lines ---- */

static char *
line_of(const struct status *st)
{
	const struct run *r = &st->run;

	return mem_printf("run %" PRId64 " %s%s%s, wave %" PRId64 " of %" PRId64 ": %" PRId64
			  " of %" PRId64 " ok, %" PRId64 " in work, %" PRId64 " failed of %" PRId64
			  " allowed",
	    r->id, run_words[r->state], r->why ? ": " : "", r->why ? r->why : "", r->wave,
	    r->limits.waves, r->ok, r->items, st->active, r->kicked, r->limits.max_fail);
}

static void
print_line(struct watching *w, const struct status *st)
{
	char *line = line_of(st), at[WHEN_TEXT];
	struct str shown = STR_INIT;

	if (!w->last || strcmp(w->last, line) != 0) {
		show_text(&shown, line);
		printf("%.8s %s\n", when_text(when_now(), at) + strlen("2026-01-02T"), shown.text);
		file_flush_output();
	}
	free(w->last);
	w->last = line;
	str_done(&shown);
}

/* ---- */

/* One look: 1 if the run has stopped, with its exit status; 0; -1. */
static int
look(struct watching *w, struct one_run *o, int *status, struct fault *f)
{
	struct status st = {0};
	int found = run_get(&o->session, o->run.id, &st.run, f), is_moving = 0;

	if (found == 0)
		found = fault_set(f, FAULT_BAD, "run %" PRId64 " is gone", o->run.id);
	if (found == 1) {
		is_moving = run_is_moving(&st.run);
		*status = run_exit_status(&st.run);
		found = status_read(&o->session, &st, f);
	}
	if (found == 0 && w->has_screen)
		found = draw(w, &o->session, &st, f);
	else if (found == 0)
		print_line(w, &st);
	status_done(&st);
	return found < 0 ? -1 : !is_moving;
}

static int
watch(struct one_run *o, int64_t every, struct fault *f)
{
	struct watching w = {.every = every};
	int status = 0, rc;

	w.has_screen = screen_open(&w.screen);
	if (!w.every)
		w.every = w.has_screen ? DRAW_MS : LINE_MS;
	while ((rc = look(&w, o, &status, f)) == 0)
		screen_wait(w.every);
	words_done(&w.latest);
	free(w.last);
	if (rc < 0 || file_end_output(f) < 0)
		return -1;
	return status;
}

int
remediate_watch(int argc, char **argv)
{
	struct one_run o = {0};
	int64_t every = 0;
	const struct args_opt own[] = {
	    {0, "every", "TIME", ARGS_DURATION, &every, "how often; 1s on a screen, 10s in lines"},
	    {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&o.base), {0}};
	const struct args args = {"watch [options] [RUN]",
	    "Draw how a run stands, again and again; ends with the run, and with its exit status.",
	    "craton-remediate watch\n"
	    "craton-remediate watch --every 1m 7 >>night.log",
	    own, NULL, common};
	struct fault f;
	int status = one_run_open(&o, &args, argc, argv, DB_READ, &f);

	if (status > 0)
		status = 0;
	else if (status == 0)
		status = watch(&o, every, &f);
	one_run_close(&o);
	return status < 0 ? report_fault(&f) : status;
}
