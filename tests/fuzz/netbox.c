/* SPDX-License-Identifier: Apache-2.0 */
#include "format_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return translate_bytes(&format_netbox, data, size, 1);
}
