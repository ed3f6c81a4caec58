/* SPDX-License-Identifier: Apache-2.0 */
#include "remediate.h"

#include "io/args.h"

static const struct args_verb verbs[] = {
    {"plan", "freeze a workflow and its items into a plan, or show one", remediate_plan},
    {"lint", "check a workflow and draw its steps", remediate_lint},
    {"run", "carry out a plan", remediate_run},
    {"resume", "go on with a run that was interrupted, paused or held", remediate_resume},
    {"status", "how far a run is, what it waits for, what to do next", remediate_status},
    {"watch", "the same, drawn again and again until the run stops", remediate_watch},
    {"log", "print the events of a run", remediate_log},
    {"pause", "start nothing more of a run", remediate_pause},
    {"cancel", "end a run for good", remediate_cancel},
    {"approve", "let the next wave of a run through", remediate_approve},
    {"halt", "stop every run; --clear ends that", remediate_halt},
    {"breaker", "workflows that have tripped; reset lets one run again", remediate_breaker},
    {"policy", "the limits that no plan goes beyond, and why", remediate_policy},
    {"kicked", "list what was given up; retry it, or say that it is done", remediate_kicked},
    {0},
};

int
main(int argc, char **argv)
{
	return args_main(
	    "craton-remediate", "remediation: make it right, safely", verbs, argc, argv);
}
