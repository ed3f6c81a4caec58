/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "io/args.h"

static const struct args_verb verbs[] = {
    {"add", "add an item", inv_add},
    {"set", "set variables and attributes", inv_set},
    {"unset", "take variables and attributes away", inv_unset},
    {"rm", "remove items and what is in them", inv_rm},
    {"list", "list items", inv_list},
    {"show", "all about an item, with who said it", inv_show},
    {"get", "the value of a variable, as an item sees it", inv_get},
    {"import", "import what a source of truth says", inv_import},
    {"export", "print all that all sources say, for import", inv_export},
    {"link", "relate one item to another", inv_link},
    {"unlink", "take a relation away", inv_unlink},
    {"impact", "what rests on an item, and what it rests on", inv_impact},
    {"log", "who changed what, when and why", inv_log},
    {"query", "ask in SQL", inv_query},
    {"diff", "what differs between times, files or sources", inv_diff},
    {"undo", "take an entry of the log back", inv_undo},
    {"prune", "shorten the log", inv_prune},
    {"snapshot", "a copy of the database, while it is in use", inv_snapshot},
    {"source", "sources of truth and their ranks", inv_source},
    {"conflicts", "where sources contradict each other", inv_conflicts},
    {"merge", "make one item of two, or say that they are two", inv_merge},
    {"complete", "words that begin with a prefix, for shells", inv_complete},
    {"fsck", "check the database against its own log", inv_fsck},
    {0},
};

int
main(int argc, char **argv)
{
	return args_main("craton-inv", "the inventory: what do we have?", verbs, argc, argv);
}
