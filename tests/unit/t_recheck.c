/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/recheck.h"

#include "fleet.h"
#include "flow/plan/freeze.h"
#include "io/file.h"
#include "tap.h"

#include <unistd.h>

static const char text[] =
    "workflow: w\n"
    "batch: {spread: {cabinet: 1}}\n"
    "steps: {a: {run: [x, \"{item}\", \"{var.ram_gb}\"], when: \"pool = 'a'\"}}\n";

static char path[] = "/tmp/t_recheck.XXXXXX";
static struct session s;
static struct plan p;
static int64_t host;

static void
put_workflow(const char *content)
{
	struct fault f = {0};

	must(file_replace(path, content, strlen(content), &f), &f);
}

static void
make_plan(const char *selection)
{
	struct intake in = {0};
	struct fault f = {0};

	p = (struct plan){.made = 1000000, .life = PLAN_LIFE};
	policy_init(&p.policy);
	p.file = mem_dup(path);
	p.project = mem_dup("default");
	p.actor = mem_dup("ada");
	p.selection = mem_dup(selection);
	must(workflow_read(&p.workflow, "w.yaml", text, strlen(text), NULL, NULL, &f), &f);
	intake_add(&in, host);
	must(freeze_plan(&s, &in, NULL, p.made, &p, &f), &f);
	intake_done(&in);
}

/* Looks again and compares the reason; "" is: it stands. */
static void
looks(const char *wanted, const char *sentence)
{
	struct fault f = {0};
	struct recheck *r = recheck_new(&s, &p.workflow, p.selection, &p.policy, 0, &f);
	struct str why = STR_INIT;
	int rc;

	must(r ? 0 : -1, &f);
	str_reset(&why);
	rc = recheck_item(r, &p.items.v[0], &why, &f);
	must(rc, &f);
	is_int(rc, *wanted != '\0', "%s: it is told", sentence);
	is_text(why.text, wanted, "%s", sentence);
	str_done(&why);
	recheck_free(r);
}

static void
test_frozen(void)
{
	is_int(p.items.n, 1, "the item is in the plan");
	is_text(p.items.v[0].spread, "{\"cabinet\":\"a1\"}", "with its value of the spread label");
	is_text(p.items.v[0].uses,
	    "{\"attributes\":{\"active\":true,\"kind\":\"host\",\"name\":\"h1\",\"ref\":\"host:"
	    "h1\"},"
	    "\"labels\":{\"cabinet\":[\"a1\"]},\"variables\":{\"pool\":\"a\",\"ram_gb\":512}}",
	    "and all that templates and expressions name");
}

static void
test_items(void)
{
	looks("", "nothing has changed");
	fleet_put(&s, "cmdb", "{\"kind\":\"host\",\"name\":\"h1\",\"variables\":{\"other\":1}}");
	looks("", "what the plan does not use may change");
	fleet_put(&s, "cmdb", "{\"kind\":\"host\",\"name\":\"h1\",\"variables\":{\"ram_gb\":256}}");
	looks("changed variable ram_gb: 256, was 512", "a variable of a command");
	fleet_put(&s, "cmdb",
	    "{\"kind\":\"host\",\"name\":\"h1\",\"variables\":{\"ram_gb\":512,"
	    "\"pool\":\"b\"}}");
	looks("changed variable pool: b, was a", "a variable of an expression");
	fleet_put(&s, "cmdb", "{\"kind\":\"host\",\"name\":\"h1\",\"variables\":{\"pool\":\"a\"}}");
	looks("", "what has come back stands again");
	fleet_put(&s, "cmdb", "{\"kind\":\"host\",\"name\":\"h1\",\"active\":false}");
	looks("changed active: false, was true", "an item taken out of use");
	fleet_put(&s, "cmdb", "{\"kind\":\"host\",\"name\":\"h1\",\"active\":true}");
	fleet_put(
	    &s, "more", "{\"kind\":\"host\",\"name\":\"h1\",\"labels\":[\"craton/protect\"]}");
	looks("changed label craton/protect: \"\", was nothing", "an item under protection");
}

/* Against the plan as a whole. */
static void
checks(int64_t now, const char *wanted, const char *sentence)
{
	struct fault f = {0};
	int rc = plan_check(&s, &p, now, &f);

	is_int(rc, *wanted ? -1 : 0, "%s: it is told", sentence);
	if (*wanted)
		is_int(f.kind, FAULT_REFUSED, "%s: refused", sentence);
	ok(strstr(f.text, wanted) != NULL, "%s: \"%s\"", sentence, wanted);
	if (!strstr(f.text, wanted))
		printf("# %s\n", f.text);
}

static void
test_whole(void)
{
	int64_t day = PLAN_LIFE;

	checks(p.made + day, "", "a plan within its life");
	checks(p.made + day + 1, "plan void: made 1970-01-01T00:16:40Z, older than its life of 1d",
	    "a plan that is too old");
	checks(p.made - 1000000, "which is in the future", "a plan of tomorrow");
	put_workflow(
	    "# a remark\nworkflow: w\nbatch:\n  spread: {cabinet: 1}\n"
	    "steps: {a: {run: [x, \"{item}\", \"{var.ram_gb}\"], when: \"pool = 'a'\"}}\n");
	checks(p.made, "", "a workflow that is only written in another way");
	put_workflow("workflow: w\nsteps: {a: {run: [y]}}\n");
	checks(p.made, "says something else now; make a new plan", "another workflow");
	put_workflow("workflow: [\n");
	checks(p.made, "plan void: its workflow: ", "a workflow that cannot be read");
	put_workflow(text);
	free(p.project);
	p.project = mem_dup("blue");
	checks(p.made, "made for project blue, not for default", "a plan of another project");
	free(p.project);
	p.project = mem_dup("default");
}

static void
test_sources(void)
{
	is_text(p.sources, "{\"cmdb\":2}",
	    "the sources that speak of the items are counted, labels too");
	free(p.sources);
	p.sources = mem_dup("{\"cmdb\":10}");
	checks(p.made, "plan void: source cmdb lost 8 of 10 items (80.0 %) > 10 %",
	    "a source that shrank");
}

static void
test_selection(void)
{
	fleet_put(
	    &s, "cmdb", "{\"kind\":\"host\",\"name\":\"h1\",\"labels\":[\"cabinet=a1\",\"blue\"]}");
	plan_done(&p);
	make_plan("{\"labels\":\"blue\"}");
	looks("", "an item that is still selected");
	fleet_put(&s, "cmdb", "{\"kind\":\"host\",\"name\":\"h1\",\"labels\":[\"cabinet=a1\"]}");
	looks("changed: not selected any more", "an item that is not selected any more");
}

static void
run_sql(const char *sql)
{
	struct fault f = {0};

	must(db_run(s.db, &f, sql, "i", s.project) < 0 ? -1 : 0, &f);
}

/* One that fails, of a check on the host; the plan is made for it. */
static void
plan_for_finding(void)
{
	struct intake in = {0};
	struct fault f = {0};

	plan_done(&p);
	p = (struct plan){.made = 1000000, .life = PLAN_LIFE};
	policy_init(&p.policy);
	must(workflow_read(&p.workflow, "w.yaml", text, strlen(text), NULL, NULL, &f), &f);
	vec_push(&in.items, ((struct intake_item){
				.text = mem_dup("host:h1"), .check = mem_dup("t/ram"), .line = 1}));
	must(freeze_plan(&s, &in, NULL, p.made, &p, &f), &f);
	is_int(p.items.n, 1, "a finding that fails is planned");
	intake_done(&in);
}

static void
test_finding(void)
{
	run_sql("INSERT INTO audit_run (id, project, audit, definition, narrowed, started, actor)"
		" VALUES (1, $1, 't', '', 0, 0, 'ada')");
	run_sql("INSERT INTO finding (project, item, audit, name, status, severity, expected,"
		" remedy, first_seen, last_seen, run) SELECT $1, id, 't', 't/ram', 'fail', 'high',"
		" 'ram_gb > 1', 'w', 1, 1, 1 FROM item WHERE name = 'h1'");
	plan_for_finding();
	looks("", "a finding that still fails");
	run_sql("UPDATE finding SET times = 7, last_seen = 9, message = 'x' WHERE project = $1");
	looks("", "that was seen again");
	run_sql("UPDATE finding SET expected = 'ram_gb > 9' WHERE project = $1");
	looks("changed: check t/ram expects something else", "whose check was changed");
	run_sql("UPDATE finding SET expected = 'ram_gb > 1', status = 'error' WHERE project = $1");
	looks("changed: the finding is error, was fail", "that cannot be told any more");
	run_sql("UPDATE finding SET status = 'fail', resolved = 5 WHERE project = $1");
	looks("changed: the finding is gone", "that is resolved");
}

int
main(void)
{
	int fd = mkstemp(path);

	if (fd >= 0)
		close(fd);
	put_workflow(text);
	fleet_open(&s, NULL);
	host = fleet_put(&s, "cmdb",
	    "{\"kind\":\"host\",\"name\":\"h1\",\"labels\":[\"cabinet=a1\"],"
	    "\"variables\":{\"pool\":\"a\",\"ram_gb\":512}}");
	make_plan(NULL);
	test_frozen();
	test_whole();
	test_sources();
	test_selection();
	test_finding();
	plan_done(&p);
	make_plan(NULL);
	test_items();
	plan_done(&p);
	session_close(&s);
	unlink(path);
	return tap_end();
}
