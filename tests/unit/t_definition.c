/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/audit/definition.h"

#include "tap.h"

static struct definition d;
static struct fault f;

static int
parse(const char *text)
{
	definition_close(&d);
	f = (struct fault){0};
	return definition_parse(&d, "a.yaml", text, strlen(text), &f);
}

/* A definition that is refused with these words. */
static void
refused(const char *text, const char *words, const char *says)
{
	int status = parse(text);

	if (!ok(status < 0 && strstr(f.text, words), "%s", says))
		printf("# %s\n", status < 0 ? f.text : "was read");
}

#define HEAD "audit: kernel\ntitle: Kernels\n"
#define CHECK "checks:\n  - {id: a, severity: low, expect: ram_gb > 1}\n"

static void
test_whole(void)
{
	static const char text[] = "audit: kernel-currency\n"
				   "title: Hosts run a supported kernel\n"
				   "select: kind=host\n"
				   "every: 6h\n"
				   "gather:\n"
				   "  - probe: local\n"
				   "    run: [uname, -r]\n"
				   "    into: running_kernel\n"
				   "    timeout: 20s\n"
				   "    max_age: 1h\n"
				   "checks:\n"
				   "  - id: supported\n"
				   "    severity: high\n"
				   "    expect: vercmp(running_kernel, '5.15') >= 0\n"
				   "    when: family = 'linux'\n"
				   "    remedy: reboot\n"
				   "    domain: [cabinet]\n"
				   "examples:\n"
				   "  pass: {family: linux, running_kernel: 6.1.0}\n"
				   "  fail:\n"
				   "    - {family: linux, running_kernel: 4.4.0}\n"
				   "    - {family: linux, running_kernel: 3.10.0}\n";
	const struct check *c;

	is_int(parse(text), 0, "the definition of the manual is read");
	is_text(d.audit, "kernel-currency", "it has a name");
	is_int(d.every, 6 * 3600 * 1000, "how often it runs is in milliseconds");
	is_int(d.gathers.n, 1, "it has a probe");
	is_int(d.gathers.v[0].timeout, 20000, "the probe has its time limit");
	is_int(d.checks.n, 1, "it has a check");
	c = &d.checks.v[0];
	is_text(c->name, "kernel-currency/supported", "a check's full name has the audit's");
	is_text(c->title, d.title, "a check without title has the audit's");
	is_int(c->severity, SEVERITY_HIGH, "a severity is read");
	is_text(c->domain.n ? c->domain.v[0] : NULL, "cabinet", "a failure domain is read");
	is_int(c->examples.n, 3, "one example or a list of them are examples");
	ok(definition_check(&d, "supported") == c, "a check is found by its id");
	ok(!definition_check(&d, "nothing"), "no check is found by another");
	is_int(strlen(d.hash), 64, "the text is hashed");
}

static void
test_head(void)
{
	refused("", "a.yaml", "an empty definition");
	refused("audit: Kernel\ntitle: T\n" CHECK, "a.yaml:1: audit:", "a name with a capital");
	refused(HEAD "chekcs: []\n", "did you mean \"checks\"?", "a key that is mistyped");
	refused(HEAD, "checks is missing", "no checks");
	refused(HEAD "checks: []\n", "a.yaml:3: checks:", "an empty list of checks");
	refused(HEAD "every: 6 hours\n" CHECK, "a.yaml:3: every:", "no length of time");
	refused(HEAD "where: ram_gb >\n" CHECK, "a.yaml:3: where", "half an expression");
}

static void
test_gather(void)
{
#define GATHER(what) HEAD "gather:\n  - " what "\n" CHECK
	refused(GATHER("{probe: telnet, run: [id], into: who}"), "no plug-in probe/telnet",
	    "a probe that there is none of");
	refused(GATHER("{probe: local, run: uname -r, into: who}"),
	    "a.yaml:4: gather[0].run:", "a command line instead of words");
	refused(GATHER("{probe: local, run: [id, '{nme}'], into: who}"), "gather[0].run",
	    "a template that means nothing");
	refused(GATHER("{probe: local, run: [id, '{result}'], into: who}"), "a workflow's",
	    "a template that only a workflow has");
	refused(GATHER("{probe: local, run: [id], into: who, parse: xml}"), "text, json, lines",
	    "an unknown way of reading the output");
	refused(GATHER("{probe: local, run: [id], into: who}\n"
		       "  - {probe: local, run: [id], into: who}"),
	    "a.yaml:5: gather[1].into: who is filled", "two probes for one variable");
#undef GATHER
}

static void
test_checks(void)
{
#define ONE(what) HEAD "checks:\n  - " what "\n"
	refused(ONE("{id: a, severity: low}"), "a.yaml:4: checks[0]: either expect or query",
	    "a check that checks nothing");
	refused(ONE("{id: a, severity: low, expect: a, query: select 1}"), "either",
	    "a check that is of both kinds");
	refused(ONE("{id: a, severity: low, query: select 1, when: b}"), "its own WHERE",
	    "a query with when:");
	refused(ONE("{id: a, severity: lwo, expect: a}"), "did you mean \"low\"?",
	    "a severity that is mistyped");
	refused(ONE("{id: pass, severity: low, expect: a}"), "has a meaning of its own",
	    "a check that is called like a verdict");
	refused(ONE("{id: a, severity: low, expect: a}\n"
		    "  - {id: a, severity: low, expect: b}"),
	    "a.yaml:5: checks[1].id: another check", "two checks of one name");
	refused(ONE("{id: a, severity: low, expect: a >= }"), "a.yaml:4: checks[0].expect",
	    "an expression that ends early");
#undef ONE
}

static void
test_examples(void)
{
#define TWO                                                                                        \
	HEAD "checks:\n  - {id: a, severity: low, expect: x}\n"                                    \
	     "  - {id: b, severity: low, query: select 1}\nexamples:\n"
	refused(TWO "  pass: {x: true}\n", "of which check?", "an example of one of two checks");
	refused(TWO "  c: {pass: {x: true}}\n", "no such check", "an example of no check");
	refused(TWO "  a: {good: {x: true}}\n", "pass, fail, error", "an unknown verdict");
	refused(TWO "  a: {pass: [1]}\n", "a mapping of variables", "an example that is a number");
	refused(TWO "  a: {pass: {labels: x}}\n", "a list of labels", "labels that are no list");
	refused(
	    TWO "  a: {pass: {item: x}}\n", "a mapping of attributes", "an item that is a text");
	refused(TWO "  b: {pass: {x: 1}}\n", "a list of records", "a query's example of one item");
	refused(TWO "  b: {error: [{x: 1}]}\n", "pass and fail", "a query's example of an error");
	is_int(parse(TWO "  a: {pass: {x: true}, not-applicable: {labels: [y]}}\n"
			 "  b: {fail: [{kind: host, name: h}]}\n"),
	    0, "examples of both kinds of checks are read");
#undef TWO
}

static void
test_warnings(void)
{
	is_int(parse(HEAD "checks:\n  - {id: a, severity: low, expect: x, message: 5.10}\n"), 0,
	    "a number where a text is wanted is read");
	ok(d.file.warnings.n == 1 && strstr(d.file.warnings.v[0], "5.10"), "and warned of");
}

int
main(void)
{
	test_whole();
	test_head();
	test_gather();
	test_checks();
	test_examples();
	test_warnings();
	definition_close(&d);
	return tap_end();
}
