/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands for a POSIX shell elsewhere, several in one session, each with an output and an
 * exit status of its own. They go as a script on the shell's stdin, so that no login shell
 * has anything to quote or split. On both streams a fence stands before and after what a
 * command prints: a line with a token that nothing which runs there can have known. What
 * start-up files print is thereby told from what a command prints, and a command's exit
 * status 255 from that of ssh(1) itself.
 */
#ifndef EXEC_REMOTE_SCRIPT_H
#define EXEC_REMOTE_SCRIPT_H

#include "base/str.h"
#include "base/vec.h"
#include "io/jtext.h"

#define SCRIPT_TOKEN 32

enum script_stream { SCRIPT_OUT, SCRIPT_ERR, SCRIPT_STREAMS };

/* One command's time; places are offsets in what was read. */
struct script_turn {
	int begun, ended;
	int status; /* 0 to 255, as the shell at the other end has it */
	size_t from[SCRIPT_STREAMS], to[SCRIPT_STREAMS];
};

struct script {
	struct str text; /* what the shell is to read */
	VEC(struct script_turn) turns;
	size_t begun;  /* how many turns have */
	size_t before; /* bytes on stdout before the first fence: not ours */
	int watched;   /* the text has what ends commands */
	char token[SCRIPT_TOKEN + 1];
	size_t read[SCRIPT_STREAMS]; /* looked through so far */
};

/* 0, or -1 with errno: no random token could be had. */
int script_init(struct script *s);
void script_done(struct script *s);

/*
 * One more command: words as they are, no expansion of any kind. The other end ends it by itself,
 * TERM and after two seconds KILL, up to two seconds after limit ms, so that it does not outlive a
 * session that was given up; 0: it may take any time.
 */
void script_add(struct script *s, const struct words *argv, int64_t limit);

/* Sets and exports a variable for all commands that follow. */
void script_set(struct script *s, const char *name, const char *value);

/* Looks at what has come since it last looked; streams only ever grow. */
void script_read(struct script *s, const struct str streams[SCRIPT_STREAMS]);

/* What a command has printed, up to now if it has not ended. Borrowed from the stream. */
struct jtext script_output(
    const struct script *s, size_t turn, enum script_stream which, const struct str *stream);

/* Appends a word in single quotes for a POSIX shell. */
void script_quote(struct str *out, const char *word);

#endif
