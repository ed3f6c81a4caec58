/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte chooses the format: '0' for the first of the list, and so on. */
#include "format_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n = 0;

	while (formats[n])
		n++;
	if (!size || data[0] < '0' || data[0] >= '0' + n)
		return 0;
	return translate_bytes(formats[data[0] - '0'], data + 1, size - 1, 0);
}
