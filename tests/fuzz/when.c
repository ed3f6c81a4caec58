/* SPDX-License-Identifier: Apache-2.0 */
/* A time that is accepted is printed as one that reads as the same again. */
#include "base/when.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The years 0000 to 9999 in UTC: a zone can carry a time beyond what has four digits. */
#define FIRST (-62167219200000)
#define LAST 253402300799999

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_dupn((const char *)data, size), buf[WHEN_TEXT];
	int64_t at, again;
	struct fault f;

	if (when_parse(text, 0, &at, &f) == 0 && at >= FIRST && at <= LAST)
		assert(when_parse(when_text(at, buf), 0, &again, &f) == 0 && again == at);
	if (when_parse(text, LAST, &at, &f) < 0)
		assert(f.kind == FAULT_BAD);
	free(text);
	return 0;
}
