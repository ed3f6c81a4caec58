/* SPDX-License-Identifier: Apache-2.0 */
#include "sim.h"

#include <libgen.h>

static const struct args_verb verbs[] = {
    {"new", "make a simulated cloud", sim_new},
    {"export", "what there is, as records for craton-inv import", sim_export},
    {"is", "whether a host is built, wiped or renewed", sim_is},
    {"open", "let the scheduler place VMs on a host", sim_open},
    {"release", "make what was built for a host a bare machine again", sim_release},
    {"serial", "print a host's serial number", sim_serial},
    {"note", "note what became of a host", sim_note},
    {"mend", "see to hosts, so that nothing fails there any more", sim_mend},
    {"customers", "boot and delete VMs meanwhile", sim_customers},
    {"check", "hold the log against what must always be so", sim_check},
    {0},
};

int
main(int argc, char **argv)
{
	int status = argc ? action_main(basename(argv[0]), argc, argv) : -1;

	return status >= 0 ? status
			   : args_main("craton-sim", "a simulated cloud, to try workflows on",
				 verbs, argc, argv);
}
