/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/finding.h"

#include "fleet/log/change.h"
#include "fleet/record.h"
#include "fleet/source.h"
#include "flow/audit/ledger.h"

#include "tap.h"

#define DAY ((int64_t)86400000)

static struct session s;
static struct fault f;
static int64_t host;

static void
make_host(void)
{
	static const char text[] =
	    "{\"kind\":\"host\",\"labels\":[\"cabinet=a1\"],\"name\":\"h1\"}";
	struct record r;
	struct change c;

	ok(record_read(&r, JTEXT(text), &f) == 0 && change_begin(&c, &s, s.operator, & f) == 0 &&
		record_put(&c, &r, RECORD_MERGE, &host, &f) >= 0 && change_commit(&c, &f) == 0,
	    "there is a host");
	record_done(&r);
}

static int64_t
new_run(void)
{
	db_run(s.db, &f,
	    "INSERT INTO audit_run (project, audit, definition, narrowed, started, actor) "
	    "VALUES ($1, 'a', '', 0, 0, 'x')",
	    "i", s.project);
	return db_last_id(s.db);
}

/* A run at that time sees the check fail. */
static struct finding
see(int64_t run, int64_t at)
{
	struct finding x = {.item = host,
	    .check = mem_dup("a/c"),
	    .status = VERDICT_FAIL,
	    .severity = SEVERITY_HIGH,
	    .expected = mem_dup("ram_gb > 1"),
	    .observed = mem_dup("{\"ram_gb\":1}"),
	    .last_seen = at,
	    .run = run};

	if (finding_put(&s, &x, &f) < 0)
		printf("# %s\n", f.text);
	return x;
}

static void
test_life(void)
{
	struct finding x = see(new_run(), 1 * DAY), y;

	is_int(x.times, 1, "a new finding has been seen once");
	is_int(x.first_seen, 1 * DAY, "and first now");
	finding_done(&x);
	y = see(new_run(), 2 * DAY);
	is_int(y.times, 2, "seen by a second run it has been seen twice");
	is_int(y.first_seen, 1 * DAY, "and first when it was new");
	is_int(y.reopened, 0, "without having been away");
	is_int(finding_resolve(&s, y.id, RESOLUTION_PASS, 3 * DAY, &f), 0, "it is resolved");
	finding_done(&y);
	is_int(finding_get(&s, host, "a/c", 4 * DAY, &x, &f), 1, "it is kept");
	is_int(x.resolved, 3 * DAY, "with the time it was resolved at");
	is_int(x.resolution, RESOLUTION_PASS, "and why");
	finding_done(&x);
	x = see(new_run(), 5 * DAY);
	is_int(x.reopened, 1, "when it comes back it is reopened");
	is_int(x.resolved, 0, "and no longer resolved");
	finding_done(&x);
	is_int(finding_get(&s, host, "a/other", 0, &x, &f), 0, "another check has no finding");
}

static void
test_record(void)
{
	struct str out = STR_INIT;
	struct finding x;

	finding_get(&s, host, "a/c", 5 * DAY, &x, &f);
	is_int(finding_to_json(&s, &x, &out, &f), 0, "a finding is written as a record");
	ok(strstr(out.text, "{\"kind\":\"finding\",\"check\":\"a/c\",\"item\":\"host:h1\","
			    "\"status\":\"fail\",\"severity\":\"high\","
			    "\"expected\":\"ram_gb > 1\",\"observed\":{\"ram_gb\":1},"
			    "\"at\":\"1970-01-06T00:00:00Z\",") == out.text,
	    "its keys are in the order of the manual");
	str_done(&out);
	finding_done(&x);
}

static enum verdict
status_at(int64_t at)
{
	struct finding x;
	enum verdict status;

	if (finding_get(&s, host, "a/c", at, &x, &f) != 1)
		return VERDICT_PASS;
	status = finding_status(&x);
	finding_done(&x);
	return status;
}

static int64_t
waive(const char *selector, const char *pattern, int64_t expires)
{
	struct waiver w = {.selector = mem_dup(selector),
	    .pattern = mem_dup(pattern),
	    .reason = mem_dup("known"),
	    .expires = expires};
	int64_t covered = waiver_add(&s, &w, 6 * DAY, &f);

	waiver_done(&w);
	return covered;
}

static void
test_waivers(void)
{
	struct waiver_set *set;

	is_int(waive("cabinet=b7", "*", 0), 0, "a waiver of another cabinet covers nothing");
	is_int(status_at(7 * DAY), VERDICT_FAIL, "and the finding stands");
	is_int(waive("cabinet=a1", "b/*", 0), 0, "nor does one of another audit");
	is_int(waive("cabinet=a1", "a/*", 10 * DAY), 1, "one of its cabinet and audit does");
	is_int(status_at(7 * DAY), VERDICT_WAIVED, "and the finding counts as waived");
	is_int(status_at(10 * DAY), VERDICT_FAIL, "until it has expired");
	set = waiver_set_new(&s, 7 * DAY, &f);
	is_int(waiver_of(set, host, "a/new"), 3, "a finding to come is covered, too");
	is_int(waiver_of(set, host, "c/new"), 0, "but not one of another audit");
	waiver_set_free(set);
	is_int(waiver_end(&s, 3, 8 * DAY, &f), 0, "a waiver is ended");
	is_int(status_at(9 * DAY), VERDICT_FAIL, "and the finding is back at once");
	is_int(waiver_end(&s, 3, 8 * DAY, &f), -1, "it cannot be ended twice");
	is_text(f.text, "no waiver 3 is in force", "and that is said");
}

static int
count(const struct finding *x, void *ctx)
{
	(void)x;
	++*(int *)ctx;
	return 0;
}

static int
matching(struct finding_filter filter)
{
	int n = 0;

	finding_each(&s, &filter, 9 * DAY, count, &n, &f);
	return n;
}

static void
test_filters(void)
{
	struct ids none = {0};

	is_int(matching((struct finding_filter){.open = 1}), 1, "the open finding is listed");
	is_int(matching((struct finding_filter){.resolved = 1}), 0, "no resolved one");
	is_int(matching((struct finding_filter){.check = "a/*"}), 1, "one of audit a");
	is_int(matching((struct finding_filter){.check = "b/*"}), 0, "none of audit b");
	is_int(matching((struct finding_filter){.at_least = SEVERITY_CRITICAL}), 0,
	    "none that is critical");
	is_int(matching((struct finding_filter){.statuses = 1u << VERDICT_ERROR}), 0,
	    "none that is an error");
	is_int(matching((struct finding_filter){.since = 6 * DAY}), 0, "none seen since");
	is_int(matching((struct finding_filter){.items = &none}), 0, "none of no items");
}

static void
test_sweep(void)
{
	int64_t run = new_run();

	is_int(finding_sweep(&s, "b", run, 9 * DAY, &f), 0, "another audit's sweep leaves it");
	is_int(finding_sweep(&s, "a", run, 9 * DAY, &f), 1,
	    "a run that did not see it closes it at its end");
	is_int(matching((struct finding_filter){.resolved = 1}), 1, "it is resolved");
}

int
main(void)
{
	const struct session_options memory = {.memory = 1};

	if (session_open(&s, &memory, DB_WRITE, &f) < 0) {
		printf("Bail out! %s\n", f.text);
		return 1;
	}
	make_host();
	test_life();
	test_record();
	test_waivers();
	test_filters();
	test_sweep();
	session_close(&s);
	return tap_end();
}
