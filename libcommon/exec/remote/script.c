/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/remote/script.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/*
 * w SECONDS COMMAND: timeout(1) where there is one that knows -k. Else a watchdog of the shell's,
 * whose own streams hold no session open; set -m gives the command a process group, without which
 * it is ended alone.
 */
static const char watchdog[] =
    "if timeout -k 2 9 true </dev/null >/dev/null 2>&1; then\n"
    "w() { exec timeout -k 2 \"$@\"; }\n"
    "else\n"
    "w() {\n"
    "l=$1; shift; set -m 2>/dev/null; ( exec \"$@\" ) & c=$!; set +m\n"
    "( e() { kill -s \"$1\" -- -$c || kill -s \"$1\" $c; }\n"
    "sleep \"$l\"; e TERM; sleep 2; e KILL ) </dev/null >/dev/null 2>&1 & d=$!\n"
    "wait $c; r=$?; kill $d 2>/dev/null; return $r\n"
    "}\n"
    "fi\n";

int
script_init(struct script *s)
{
	unsigned char random[SCRIPT_TOKEN / 2];

	*s = (struct script){0};
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -1;
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(s->token + 2 * i, 3, "%02x", random[i]);
	str_addf(&s->text,
	    "f() { printf '\\n%s %%s\\n' \"$1\"; printf '\\n%s %%s\\n' \"$1\" >&2; }\n", s->token,
	    s->token);
	return 0;
}

void
script_done(struct script *s)
{
	str_done(&s->text);
	vec_done(&s->turns);
}

void
script_quote(struct str *out, const char *word)
{
	str_addc(out, '\'');
	for (const char *at = word, *quote; *at; at = quote + 1) {
		quote = strchrnul(at, '\'');
		str_addn(out, at, (size_t)(quote - at));
		if (!*quote)
			break;
		str_add(out, "'\\''");
	}
	str_addc(out, '\'');
}

/*
 * exec, so that a word is a program and never a function or builtin of that shell; its stdin
 * is empty, for the shell's own is the script.
 */
void
script_add(struct script *s, const struct words *argv, int64_t limit)
{
	if (limit && !s->watched)
		str_add(&s->text, watchdog);
	s->watched |= limit != 0;
	str_addf(&s->text, "f 'begin %zu'; ( ", s->turns.n);
	if (limit)
		str_addf(&s->text, "w %" PRId64, (limit + 999) / 1000 + 1);
	else
		str_add(&s->text, "exec");
	for (size_t i = 0; i < argv->n; i++) {
		str_addc(&s->text, ' ');
		script_quote(&s->text, argv->v[i]);
	}
	str_addf(&s->text, " ) </dev/null; f \"end %zu $?\"\n", s->turns.n);
	vec_add(&s->turns);
}

void
script_set(struct script *s, const char *name, const char *value)
{
	str_addf(&s->text, "%s=", name);
	script_quote(&s->text, value);
	str_addf(&s->text, "; export %s\n", name);
}

/* ---- reading ---- */

/* One fence, the words behind its token. What is not as we wrote it is somebody's output. */
static void
pass(struct script *s, enum script_stream which, const char *words, size_t start, size_t end)
{
	struct script_turn *turn;
	int begins = !strncmp(words, "begin ", 6), ends = !strncmp(words, "end ", 4);
	char *rest = NULL;
	unsigned long place = strtoul(words + (begins ? 6 : ends ? 4 : 0), &rest, 10);
	long status = ends ? strtol(rest, NULL, 10) : -1;

	if ((!begins && !ends) || place >= s->turns.n || status > 255)
		return;
	turn = &s->turns.v[place];
	if (status < 0) {
		if (which == SCRIPT_OUT && !s->begun)
			s->before = start;
		turn->from[which] = end;
		turn->begun = 1;
		s->begun = s->begun > place ? s->begun : place + 1;
		return;
	}
	turn->to[which] = start;
	if (which == SCRIPT_OUT) {
		turn->ended = 1;
		turn->status = (int)status;
	}
}

static void
read_stream(struct script *s, enum script_stream which, const struct str *stream)
{
	char fence[SCRIPT_TOKEN + 3], words[32];
	size_t len = (size_t)snprintf(fence, sizeof(fence), "\n%s ", s->token);

	while (s->read[which] < stream->len) {
		const char *from = stream->text + s->read[which];
		size_t left = stream->len - s->read[which];
		const char *at = memmem(from, left, fence, len), *end;

		if (!at) /* the last bytes may be the beginning of one */
			s->read[which] = stream->len - (left < len ? left : len - 1);
		if (!at)
			return;
		end = memchr(at + len, '\n', left - (size_t)(at + len - from));
		if (!end)
			return;
		snprintf(words, sizeof(words), "%.*s", (int)(end - at - (ptrdiff_t)len), at + len);
		pass(
		    s, which, words, (size_t)(at - stream->text), (size_t)(end + 1 - stream->text));
		s->read[which] = (size_t)(end - stream->text);
	}
}

void
script_read(struct script *s, const struct str streams[SCRIPT_STREAMS])
{
	for (int i = 0; i < SCRIPT_STREAMS; i++)
		if (streams[i].text)
			read_stream(s, (enum script_stream)i, &streams[i]);
}

struct jtext
script_output(
    const struct script *s, size_t turn, enum script_stream which, const struct str *stream)
{
	const struct script_turn *t = &s->turns.v[turn];
	size_t to = t->to[which] ? t->to[which] : stream->len;

	if (!t->from[which] || t->from[which] >= to)
		return (struct jtext){"", 0};
	return (struct jtext){stream->text + t->from[which], to - t->from[which]};
}
