/* SPDX-License-Identifier: Apache-2.0 */
/* What is accepted is within its limits, and what is printed of it reads as the same again. */
#include "base/num.h"
#include "base/mem.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
integer(const char *text)
{
	int64_t n, again;
	struct fault f;
	char buf[24];

	if (num_int(text, INT64_MIN, INT64_MAX, &n, &f) < 0)
		return;
	snprintf(buf, sizeof(buf), "%" PRId64, n);
	assert(num_int(buf, n, n, &again, &f) == 0 && again == n);
	assert(num_int(text, 0, 9, &again, &f) == (n >= 0 && n <= 9 ? 0 : -1));
}

static void
duration(const char *text)
{
	int64_t ms, again;
	struct fault f;
	char buf[24];

	if (num_duration(text, &ms, &f) < 0)
		return;
	assert(ms >= 0);
	assert(num_duration(num_duration_text(ms, buf), &again, &f) == 0 && again == ms);
}

static void
share(const char *text)
{
	struct num_share s;
	struct fault f;

	if (num_share(text, &s, &f) < 0)
		return;
	assert(s.value >= 0);
	if (!s.is_percent)
		return;
	assert(s.value <= 100000);
	assert(num_share_of(&s, INT64_MAX) >= 0 && num_share_of(&s, 100000) == s.value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_dupn((const char *)data, size);

	integer(text);
	duration(text);
	share(text);
	free(text);
	return 0;
}
