/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/plan.h"

#include "flow/plan/intake.h"
#include "io/file.h"
#include "open_policy.h"
#include "tap.h"

#include <inttypes.h>
#include <unistd.h>

static char path[] = "/tmp/t_plan.XXXXXX";

static int
put_file(const char *text)
{
	struct fault f;

	return file_replace(path, text, strlen(text), &f);
}

/* A plan of n items for a workflow with this batch; written by hand, as freeze would. */
static void
make(struct plan *p, const char *batch, int n)
{
	char *text = mem_printf("workflow: w\n%s\nsteps: {a: {run: [x, \"{item}\"]}}\n", batch);
	struct fault f;

	*p = (struct plan){.made = 1700000000000, .life = PLAN_LIFE, .fleet = 1000000};
	open_policy(&p->policy);
	if (workflow_read(&p->workflow, "w.yaml", text, strlen(text), NULL, NULL, &f) < 0)
		printf("# %s\n", f.text);
	p->file = mem_dup("/w.yaml");
	p->project = mem_dup("default");
	p->actor = mem_dup("ada");
	p->sources = mem_dup("{\"netbox\":3}");
	for (int i = 0; i < n; i++) {
		struct plan_item *item = vec_add(&p->items);

		item->item = i + 1;
		item->name = mem_printf("h%d", i);
		item->ref = mem_printf("host:h%d", i);
		item->spread = mem_dup("{}");
		item->uses = mem_dup("{\"attributes\":{},\"labels\":{},\"variables\":{}}");
	}
	plan_arrange(p);
	free(text);
}

/* The sizes of the waves, "1 2 2"; with a dash for a canary that is not. */
static void
waves(const char *batch, int n, const char *wanted)
{
	struct str got = STR_INIT;
	struct plan p;
	int64_t size;

	make(&p, batch, n);
	str_reset(&got);
	for (int64_t wave = 0; wave <= p.limits.waves; wave++) {
		size = 0;
		for (size_t i = 0; i < p.items.n; i++)
			size += p.items.v[i].wave == wave;
		str_addf(&got, wave ? " %" PRId64 : "%" PRId64, size);
	}
	is_text(got.text, wanted, "%d items with \"%s\"", n, batch);
	str_done(&got);
	plan_done(&p);
}

static void
test_waves(void)
{
	waves("", 5, "1 4");
	waves("batch: {canary: 0}", 5, "0 5");
	waves("batch: {canary: 9}", 5, "5");
	waves("batch: {canary: 2, size: 3}", 10, "2 3 3 2");
	waves("batch: {canary: 1, size: [5%, 25%]}", 40, "1 2 10 10 10 7");
	waves("batch: {canary: 1, size: 5%}", 3, "1 1 1");
	waves("batch: {canary: 1, size: doubling}", 17, "1 1 2 4 8 1");
	waves("", 0, "0");
}

static void
test_limits(void)
{
	struct spread cabinet = {.limit = {.is_percent = 1, .value = 25000}};
	struct str out = STR_INIT;
	struct plan p;

	make(&p, "batch: {max_fail: 2%, in_flight: 7, wait: 90s, strict: true}", 149);
	plan_limits_json(&p.limits, &out);
	is_text(out.text,
	    "{\"items\":149,\"canary\":1,\"waves\":1,\"in_flight\":7,\"together\":1000000,\"max_"
	    "fail\":2,\"strict\":"
	    "true,"
	    "\"wait\":\"90s\"}",
	    "limits are worked out in items, shares rounded down");
	is_int(
	    plan_spread_limit(&cabinet, 9), 2, "a share of a domain is of its items in the plan");
	is_int(plan_spread_limit(&cabinet, 3), 1, "and at least one");
	str_done(&out);
	plan_done(&p);
}

static void
test_round_trip(void)
{
	struct str text = STR_INIT, again = STR_INIT;
	struct plan p, q;
	struct fault f;

	make(&p, "batch: {size: 2}", 3);
	p.reason = mem_dup("a \"reason\"");
	p.items.v[1].finding = 7;
	p.items.v[1].check = mem_dup("a/b");
	plan_write(&p, &text);
	put_file(text.text);
	if (!ok(plan_read(&q, path, &f) == 0, "a plan is read as it was written"))
		printf("# %s\n", f.text);
	is_text(q.hash, p.hash, "its hash is the same");
	is_text(q.reason, "a \"reason\"", "so is its reason");
	is_int(q.made, p.made, "and its time");
	is_int(q.items.n, 3, "and its items");
	if (q.items.n == 3) {
		is_int(q.items.v[1].finding, 7, "with their findings");
		is_text(q.items.v[1].check, "a/b", "and checks");
		is_int(q.items.v[2].wave, 1, "and waves");
	}
	plan_write(&q, &again);
	is_text(again.text, text.text, "written again it is the same file");
	str_done(&text);
	str_done(&again);
	plan_done(&p);
	plan_done(&q);
}

/* Reads a plan of three items after a change of its text. */
static void
refuses(const char *from, const char *to, enum fault_kind kind, const char *wanted,
    const char *sentence)
{
	struct str text = STR_INIT, changed = STR_INIT;
	struct plan p, q;
	struct fault f = {0};
	char *at;

	make(&p, "", 3);
	plan_write(&p, &text);
	at = strstr(text.text, from);
	str_addn(&changed, text.text, at ? (size_t)(at - text.text) : 0);
	str_add(&changed, to);
	str_add(&changed, at ? at + strlen(from) : "");
	put_file(changed.text);
	ok(at && plan_read(&q, path, &f) < 0 && f.kind == kind, "%s: it is refused", sentence);
	ok(strstr(f.text, wanted) != NULL, "%s: \"%s\"", sentence, wanted);
	if (!strstr(f.text, wanted))
		printf("# %s\n", f.text);
	str_done(&text);
	str_done(&changed);
	plan_done(&p);
	plan_done(&q);
}

static void
test_tampering(void)
{
	refuses("\"name\":\"h1\"", "\"name\":\"h9\"", FAULT_REFUSED,
	    "plan void: its items were changed after it was made", "an item that was edited");
	refuses("\"plan-item\",\"name\":\"h2\"", "\"host\",\"name\":\"h2\"", FAULT_BAD,
	    ":4: no plan: kind is not plan-item", "a line that is no item of a plan");
	refuses("{\"kind\":\"plan-item\",\"name\":\"h2\"", "\n", FAULT_BAD,
	    ":5: column 1:", "a line that was cut");
	refuses("\"items\":3,\"body", "\"items\":4,\"body", FAULT_REFUSED,
	    "plan void: 3 items, and its head says 4", "an item that is lost");
	refuses("\"in_flight\":10", "\"in_flight\":99", FAULT_REFUSED,
	    "plan void: its limits are not those of its workflow and policy",
	    "a limit that was loosened");
	refuses("[\"x\",", "[\"y\",", FAULT_REFUSED,
	    "plan void: the workflow in it was changed after the plan was made",
	    "a command that was edited");
	refuses("\"format\":2", "\"format\":3", FAULT_BAD,
	    "a plan of format 3; this Craton reads 2", "a later format");
	refuses("\"made\":\"2023", "\"made\":\"then", FAULT_BAD, "no plan: made is no time",
	    "a time that is none");
	refuses("\"kind\":\"plan\"", "\"kind\":\"host\"", FAULT_BAD, "no plan: it has no head",
	    "a stream of items");
}

static void
test_empty(void)
{
	struct str text = STR_INIT;
	struct plan p, q;
	struct fault f = {0};

	put_file("");
	ok(plan_read(&q, path, &f) < 0 && f.kind == FAULT_BAD, "an empty file is no plan");
	ok(strstr(f.text, "empty; even a plan of no items has a head") != NULL, "and it says so");
	plan_done(&q);
	make(&p, "", 0);
	plan_write(&p, &text);
	put_file(text.text);
	ok(plan_read(&q, path, &f) == 0 && q.items.n == 0, "a plan of no items is one");
	str_done(&text);
	plan_done(&p);
	plan_done(&q);
}

static void
test_differences(void)
{
	static const char *const was =
	    "{\"attributes\":{\"active\":true,\"region\":\"dfw\"},"
	    "\"labels\":{\"cabinet\":[\"a11\"]},\"variables\":{\"n\":1}}";
	const struct {
		const char *is, *wanted;
	} cases[] = {
	    {was, ""},
	    {"{\"attributes\":{\"active\":false,\"region\":\"dfw\"},\"labels\":{},\"variables\":{}"
	     "}",
		"active: false, was true"},
	    {"{\"attributes\":{\"active\":true,\"region\":\"dfw\"},\"labels\":{\"cabinet\":["
	     "\"a12\","
	     "\"a13\"]},\"variables\":{\"n\":1}}",
		"label cabinet: a12,a13, was a11"},
	    {"{\"attributes\":{\"active\":true,\"region\":\"dfw\"},\"labels\":{\"cabinet\":["
	     "\"a11\"],"
	     "\"craton/protect\":[\"\"]},\"variables\":{\"n\":1}}",
		"label craton/protect: \"\", was nothing"},
	    {"{\"attributes\":{\"active\":true,\"region\":\"dfw\"},\"labels\":{\"cabinet\":["
	     "\"a11\"]},"
	     "\"variables\":{}}",
		"variable n: nothing, was 1"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str why = STR_INIT;

		str_reset(&why);
		uses_differ(JTEXT(was), JTEXT(cases[i].is), &why);
		is_text(why.text, cases[i].wanted, "\"%s\" is told", cases[i].wanted);
		str_done(&why);
	}
}

/* ---- intake ---- */

static void
count_warning(const char *text, void *ctx)
{
	(void)text;
	++*(int *)ctx;
}

static int
take(struct intake *in, const char *text, int *warnings, struct fault *f)
{
	struct jsonl from;
	int rc;

	*in = (struct intake){0};
	*warnings = 0;
	put_file(text);
	if (jsonl_open(&from, path, f) < 0)
		return -1;
	rc = intake_read(in, &from, "reboot", count_warning, warnings, f);
	jsonl_close(&from);
	return rc;
}

static void
test_findings(void)
{
	struct intake in;
	struct str left = STR_INIT;
	struct fault f = {0};
	int warnings;

	ok(take(&in,
	       "{\"kind\":\"finding\",\"check\":\"k/a\",\"item\":\"host:h1\",\"status\":\"fail\","
	       "\"remedy\":\"reboot\",\"run\":7}\n"
	       "{\"kind\":\"finding\",\"item\":\"host:h2\",\"status\":\"error\",\"run\":7}\n"
	       "{\"kind\":\"finding\",\"item\":\"host:h3\",\"status\":\"unreachable\",\"run\":7}\n"
	       "not json\n{not json}\n"
	       "{\"kind\":\"finding\",\"item\":\"host:h4\",\"status\":\"fail\",\"remedy\":\"x\","
	       "\"run\":7}\n"
	       "{\"kind\":\"finding\",\"item\":\"host:h5\",\"status\":\"fail\",\"run\":7}\n"
	       "{\"kind\":\"audit\",\"run\":7,\"complete\":true}\n",
	       &warnings, &f) == 0,
	    "an audit's stream is taken in");
	is_int(in.items.n, 2, "fail with this remedy is taken, and a name");
	is_text(in.items.n ? in.items.v[0].check : "", "k/a", "with its check");
	intake_left_text(&in, &left);
	is_text(left.text, "error 1, no remedy 1, other remedy 1, unreachable 1",
	    "the others are counted by reason");
	is_int(warnings, 1, "a bad line is warned of");
	is_int(in.bad, 1, "and remembered");
	intake_done(&in);
	str_done(&left);
}

static void
test_cut_short(void)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
	    {"{\"kind\":\"finding\",\"status\":\"error\",\"run\":7}\n",
		"findings without the audit's closing record: it was cut short"},
	    {"{\"kind\":\"audit\",\"run\":7,\"complete\":false}\n",
		"the audit says that it is not complete"},
	    {"{\"kind\":\"audit\",\"run\":7,\"complete\":true}\n"
	     "{\"kind\":\"audit\",\"run\":8,\"complete\":true}\n",
		"a second audit in one stream"},
	    {"{\"kind\":\"finding\",\"status\":\"error\",\"run\":8}\n"
	     "{\"kind\":\"audit\",\"run\":7,\"complete\":true}\n",
		"findings of audit run 8, and the run that ended is 7"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct intake in;
		struct fault f = {0};
		int warnings;

		ok(take(&in, cases[i].text, &warnings, &f) < 0 && f.kind == FAULT_REFUSED &&
			strstr(f.text, cases[i].wanted),
		    "refused: %s", cases[i].wanted);
		intake_done(&in);
	}
}

static void
test_items(void)
{
	struct intake in;
	struct str left = STR_INIT;
	struct fault f = {0};
	int warnings;

	ok(take(&in,
	       "{\"kind\":\"host\",\"name\":\"h1\"}\n{\"kind\":\"host\",\"name\":\"h2\",\"ref\":"
	       "\"host:dfw/h2\"}\nh3\n{\"kind\":\"relation\",\"ref\":\"x\"}\n{}\n",
	       &warnings, &f) == 0,
	    "records and names are taken in");
	is_int(in.items.n, 3, "each is a candidate");
	if (in.items.n == 3) {
		is_text(in.items.v[0].kind, "host", "a name goes with its kind");
		is_text(in.items.v[1].text, "host:dfw/h2", "a ref goes before a name");
		is_int(in.items.v[2].line, 3, "the line is known for messages");
	}
	intake_left_text(&in, &left);
	is_text(left.text, "of kind relation 1", "what is no item is counted");
	is_int(warnings, 1, "a record without kind is a bad line");
	intake_done(&in);
	str_done(&left);
}

int
main(void)
{
	int fd = mkstemp(path);

	if (fd >= 0)
		close(fd);
	test_waves();
	test_limits();
	test_round_trip();
	test_tampering();
	test_empty();
	test_differences();
	test_findings();
	test_cut_short();
	test_items();
	unlink(path);
	return tap_end();
}
