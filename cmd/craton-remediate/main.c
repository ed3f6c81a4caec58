/* SPDX-License-Identifier: Apache-2.0 */
#include "remediate.h"

#include "io/args.h"

static const struct args_verb verbs[] = {
    {"plan", "freeze a workflow and its items into a plan, or show one", remediate_plan},
    {"lint", "check a workflow and draw its steps", remediate_lint},
    {"kicked", "list what was given up; retry it, or say that it is done", remediate_kicked},
    {0},
};

int
main(int argc, char **argv)
{
	return args_main(
	    "craton-remediate", "remediation: make it right, safely", verbs, argc, argv);
}
