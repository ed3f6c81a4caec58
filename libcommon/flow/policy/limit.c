/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/limit.h"

#include "base/near.h"
#include "base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MOST ((int64_t)1000000000)

#define S3 "Amazon S3, 2017: one wrong argument took out far too many servers"
#define DISKERASE "Google: an empty set stood for all, and the CDN's machines were wiped"
#define REDDIT "Reddit, 2016: an autoscaler acted on a half-migrated registry"
#define REDDIT_2 "Reddit, 2016: an autoscaler ended most servers within 16 seconds"
#define STACKSTORM "StackStorm's issues 3607 and 3720: repairing again and again hid the fault"
#define CLOUDFLARE "Cloudflare, 2019 and 2025: what was new went everywhere at once"
#define ANSIBLE "Ansible's issues 33672 and 65881: failures that counted for nothing"
#define ATLASSIAN "Atlassian, 2022: 883 sites deleted in 23 minutes by a list nobody read"
#define GITLAB "GitLab, 2017: five kinds of backup, and none of use"
#define JOYENT "Joyent, 2014: all servers booting at once overloaded the control plane"

const struct limit_info limit_table[LIMITS] = {
    [LIMIT_APPROVAL_LIFE] = {"approval_life", LIMIT_TIME, 0, "8h",
	"how long after an approval its plan may be run", ATLASSIAN, 1},
    [LIMIT_APPROVE_IRREVERSIBLE] = {"approve_irreversible", LIMIT_TRUTH, 1, "true",
	"a second person approves what cannot be undone, or was never tried to be", GITLAB, 1},
    [LIMIT_APPROVE_ITEMS] = {"approve_items", LIMIT_COUNT, 0, "50",
	"items of a plan; one of more is approved by a second person", ATLASSIAN, 1},
    [LIMIT_APPROVE_LOOSENED] = {"approve_loosened", LIMIT_TRUTH, 1, "true",
	"a second person approves a plan for which a limit was loosened", ATLASSIAN, 1},
    [LIMIT_AT_ONCE] = {"at_once", LIMIT_COUNT, 0, "10", "items in work at once, by all runs", S3,
	0},
    [LIMIT_AT_ONCE_SHARE] = {"at_once_share", LIMIT_SHARE, 0, "5%",
	"the same, as a share of the active items of these kinds", DISKERASE, 0},
    [LIMIT_CANARY] = {"canary", LIMIT_COUNT, 1, "1", "items that go first, alone", CLOUDFLARE, 0},
    [LIMIT_FINDING_AGE] = {"finding_age", LIMIT_TIME, 0, "1d",
	"age of the audit that a plan is made from", REDDIT, 0},
    [LIMIT_GAP] = {"gap", LIMIT_TIME, 1, "2s", "time between the starts of two items", JOYENT, 0},
    [LIMIT_IDENTITY] = {"identity", LIMIT_TRUTH, 1, "true",
	"before an irreversible step the machine says that it is the one",
	"GitLab, 2017: a data directory removed on the primary, not on the secondary", 0},
    [LIMIT_MAX_FAIL] = {"max_fail", LIMIT_COUNT, 0, "3",
	"items that may fail; one more trips the run", ANSIBLE, 0},
    [LIMIT_MAX_FAIL_SHARE] = {"max_fail_share", LIMIT_SHARE, 0, "10%",
	"the same, as a share of the plan's items", ANSIBLE, 0},
    [LIMIT_ONE_REGION] = {"one_region", LIMIT_TRUTH, 1, "true",
	"items of one region at a time are in work, by all runs",
	"Google, 2019: maintenance took down clusters in several places at once", 0},
    [LIMIT_PER_HOUR] = {"per_hour", LIMIT_COUNT, 0, "20",
	"items begun in any hour, by all runs; or per_hour_share, if that is more", REDDIT_2, 0},
    [LIMIT_PER_HOUR_SHARE] = {"per_hour_share", LIMIT_SHARE, 0, "5%",
	"the same, as a share of the active items of these kinds", REDDIT_2, 0},
    [LIMIT_PLAN_LIFE] = {"plan_life", LIMIT_TIME, 0, "1d", "how long a plan may be run", ATLASSIAN,
	0},
    [LIMIT_PROOF] = {"proof", LIMIT_TRUTH, 1, "true",
	"a repair of findings proves them, before and after",
	"Facebook's and Netflix's repair tools: what was not checked was not repaired", 0},
    [LIMIT_SAME_FIX_DAY] = {"same_fix_day", LIMIT_COUNT, 0, "2",
	"times in a day that a workflow is begun on one item", STACKSTORM, 0},
    [LIMIT_SHRUNK] = {"shrunk", LIMIT_SHARE, 0, "10%",
	"share of its items that a source may lose after the plan", REDDIT, 0},
    [LIMIT_SOAK] = {"soak", LIMIT_TIME, 1, "1m", "time between two waves", CLOUDFLARE, 0},
};

int
limit_find(const char *name, struct fault *f)
{
	struct near near = NEAR_INIT(name);
	char hint[NEAR_HINT];

	for (int l = 0; l < LIMITS; l++) {
		if (!strcmp(limit_table[l].name, name))
			return l;
		near_offer(&near, limit_table[l].name);
	}
	return fault_set(f, FAULT_BAD, "no limit \"%.80s\"%s", name, near_hint(&near, hint));
}

static int
parse_share(const char *text, int64_t *out, struct fault *f)
{
	struct num_share share;

	if (num_share(text, &share, f) < 0)
		return -1;
	if (!share.is_percent)
		return fault_set(f, FAULT_BAD, "\"%.80s\": a share like 5%% is wanted", text);
	*out = share.value;
	return 0;
}

int
limit_parse(enum limit l, const char *text, int64_t *out, struct fault *f)
{
	switch (limit_table[l].type) {
	case LIMIT_COUNT:
		return num_int(text, limit_table[l].more_is_stricter ? 0 : 1, MOST, out, f);
	case LIMIT_SHARE: return parse_share(text, out, f);
	case LIMIT_TIME: return num_duration(text, out, f);
	case LIMIT_TRUTH: break;
	}
	*out = !strcmp(text, "true");
	if (*out || !strcmp(text, "false"))
		return 0;
	return fault_set(f, FAULT_BAD, "\"%.80s\": true or false is wanted", text);
}

const char *
limit_text(enum limit l, int64_t value, char buf[LIMIT_TEXT])
{
	switch (limit_table[l].type) {
	case LIMIT_COUNT: snprintf(buf, LIMIT_TEXT, "%" PRId64, value); break;
	case LIMIT_SHARE: snprintf(buf, LIMIT_TEXT, "%.10g%%", (double)value / 1000); break;
	case LIMIT_TIME: num_duration_text(value, buf); break;
	case LIMIT_TRUTH: snprintf(buf, LIMIT_TEXT, "%s", value ? "true" : "false"); break;
	}
	return buf;
}

int
limit_is_looser(enum limit l, int64_t value, int64_t than)
{
	return limit_table[l].more_is_stricter ? value < than : value > than;
}
