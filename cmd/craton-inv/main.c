/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "io/args.h"

static const struct args_verb verbs[] = {
    {"add", "add an item", inv_add},
	{"import", "import what a source of truth says", inv_import},
    {"list", "list items", inv_list},
    {0},
};

int
main(int argc, char **argv)
{
	return args_main("craton-inv", "the inventory: what do we have?", verbs, argc, argv);
}
