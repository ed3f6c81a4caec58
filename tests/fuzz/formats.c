/* SPDX-License-Identifier: Apache-2.0 */
/* The first line names the format, as --format does; the rest is its input. */
#include "format_fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

/* Where the input begins; 0: no format is named. */
static size_t
head(const uint8_t *data, size_t size, const struct format **format)
{
	for (const struct format *const *at = formats; *at; at++) {
		size_t len = strlen((*at)->name);

		if (size > len && data[len] == '\n' && memcmp(data, (*at)->name, len) == 0) {
			*format = *at;
			return len + 1;
		}
	}
	return 0;
}

/* What is mutated stays in its format: a changed name would be none. */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	const struct format *format;
	size_t skip = head(data, size, &format);

	(void)seed;
	return skip + LLVMFuzzerMutate(data + skip, size - skip, max - skip);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct format *format;
	size_t skip = head(data, size, &format);

	return skip ? translate_bytes(format, data + skip, size - skip, 0) : 0;
}
