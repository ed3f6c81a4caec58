/* SPDX-License-Identifier: Apache-2.0 */
#include "remediate.h"

int
remediate_status(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 0;
}
