/* SPDX-License-Identifier: Apache-2.0 */
/* Words that several forms of a report use. */
#include "flow/report/write.h"

#include <inttypes.h>

void
report_message(const struct report_finding *x, struct str *out)
{
	if (x->x.message)
		str_add(out, x->x.message);
	else if (x->x.expected)
		str_addf(out, "not so: %s", x->x.expected);
	else
		str_add(out, verdict_words[x->x.status]);
}

void
report_found(const int64_t found[SEVERITY_COUNT], struct str *out)
{
	const char *between = "";

	for (int s = SEVERITY_COUNT - 1; s >= 0; s--) {
		if (!found[s])
			continue;
		str_addf(out, "%s%" PRId64 " %s", between, found[s], severity_words[s]);
		between = ", ";
	}
	if (!*between)
		str_add(out, "nothing");
}

void
report_age(int64_t ms, struct str *out)
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = {{86400000, "day"}, {3600000, "hour"}, {60000, "minute"}, {1000, "second"}};
	size_t u = 0;

	while (u < 3 && ms < units[u].ms)
		u++;
	ms /= units[u].ms;
	str_addf(out, "%" PRId64 " %s%s", ms, units[u].name, ms == 1 ? "" : "s");
}
