/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"
#include "tap.h"

int
main(void)
{
	int before = 0;

	for (const struct schema_step *step = schema_steps; step->number; step++) {
		is_int(step->number, before + 1, "%s is the step after %d", step->name, before);
		before = step->number;
	}
	ok(before >= 3, "there are steps");
	return tap_end();
}
