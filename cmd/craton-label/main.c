/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

static const struct args_verb verbs[] = {
    {"add", "put a label on items", label_add},
    {"rm", "take a label off items", label_rm},
    {"list", "list labels, or the labels of items", label_list},
    {"show", "a label's variables and members", label_show},
    {"rule", "labels by expression: add, rm, list, show, test", label_rule},
    {"set", "set variables on a label", label_set},
    {0},
};

int
main(int argc, char **argv)
{
	return args_main("craton-label", "labels: which items belong together?", verbs, argc, argv);
}
