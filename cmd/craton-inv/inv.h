/* SPDX-License-Identifier: Apache-2.0 */
/* craton-inv's verbs: one file each. argv[0] is the verb; the result is the exit status. */
#ifndef INV_H
#define INV_H

#include "base/fault.h"
#include "base/str.h"
#include "base/vec.h"
#include "io/args.h"

int inv_add(int argc, char **argv);
int inv_conflicts(int argc, char **argv);
int inv_complete(int argc, char **argv);
int inv_diff(int argc, char **argv);
int inv_export(int argc, char **argv);
int inv_fsck(int argc, char **argv);
int inv_get(int argc, char **argv);
int inv_impact(int argc, char **argv);
int inv_import(int argc, char **argv);
int inv_link(int argc, char **argv);
int inv_list(int argc, char **argv);
int inv_log(int argc, char **argv);
int inv_merge(int argc, char **argv);
int inv_query(int argc, char **argv);
int inv_prune(int argc, char **argv);
int inv_rm(int argc, char **argv);
int inv_set(int argc, char **argv);
int inv_show(int argc, char **argv);
int inv_snapshot(int argc, char **argv);
int inv_source(int argc, char **argv);
int inv_undo(int argc, char **argv);
int inv_unlink(int argc, char **argv);
int inv_unset(int argc, char **argv);

/* ---- what several verbs need ---- */

/* The attributes that have options of their own: add, set. */
struct inv_attributes {
	const char *cloud, *region, *cell, *parent, *address, *type, *note;
};

#define INV_ATTRIBUTES(a)                                                                          \
	{0, "cloud", "NAME", ARGS_TEXT, &(a)->cloud, "its cloud"},                                 \
	    {0, "region", "NAME", ARGS_TEXT, &(a)->region, "its region"},                          \
	    {0, "cell", "NAME", ARGS_TEXT, &(a)->cell, "its cell; decides region and cloud"},      \
	    {0, "parent", "NAME", ARGS_TEXT, &(a)->parent, "the device it is part of or runs on"}, \
	    {0, "ip-address", "ADDRESS", ARGS_TEXT, &(a)->address, "its address"},                 \
	    {0, "device-type", "TEXT", ARGS_TEXT, &(a)->type, "what model it is"},                 \
	{                                                                                          \
		0, "note", "TEXT", ARGS_TEXT, &(a)->note, "a note for people"                      \
	}

/* Appends those that were given as members of a record: attributes.c. */
void inv_put_attributes(struct str *out, const struct inv_attributes *a);

/*
 * Says of each variable among n pairs that has an attribute's name, such as region=dfw, how
 * the attribute is set: people mean it as often as not.
 */
void inv_note_namesakes(char *const *pairs, size_t n);

/* What an import has to say: its bad records, its notes, and its end; source may be NULL. */
struct import;
void inv_say_bad(void *ctx, const struct fault *why);
void inv_say_note(void *ctx, const char *text);
void inv_say_import(const struct import *im, const char *source);
/* Prints the rows of an entry, each value under its item: log.c. */
struct session;
struct history_rows;
int inv_tell_rows(struct session *s, const struct history_rows *rows, struct fault *f);

/* The callback for select_items: a warning on stderr. */
void inv_warn(const char *text, void *ctx);

#endif
