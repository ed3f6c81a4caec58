/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include "io/args.h"

static const struct args_verb verbs[] = {
    {"run", "run audits: gather, judge, remember", verb_run},
    {"lint", "check definitions, and checks by their examples", verb_lint},
    {"explain", "say what checks are for, and how bad it is", verb_explain},
    {"list", "list the audits there are", verb_list},
    {"findings", "list what is wrong, or was", verb_findings},
    {"report", "report on the fleet, for people and other programs", verb_report},
    {"waive", "tolerate findings for a time", verb_waive},
    {"prove", "judge one check on one item again", verb_prove},
    {0},
};

int
main(int argc, char **argv)
{
	return args_main("craton-audit", "audits: what is wrong?", verbs, argc, argv);
}
