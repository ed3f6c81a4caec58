/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"
#include "translate.h"

static void
files(struct translated *t)
{
	translate(t, "facter",
	    "{\"file\":\"facts/4.2/almalinux-8-x86_64.facts\",\"facts\":{\"kernel\":\"Linux\"}}\n"
	    "{\"file\":\"facts/4.8/almalinux-8-x86_64.facts\",\"facts\":{\"load\":0.08}}\n");
	is_text(t->records.text,
	    "{\"key\":\"facts/4.2/almalinux-8-x86_64.facts\",\"kind\":\"host\","
	    "\"name\":\"almalinux-8-x86_64@4.2\",\"variables\":{\"facts\":{\"kernel\":\"Linux\"}}}"
	    "\n"
	    "{\"key\":\"facts/4.8/almalinux-8-x86_64.facts\",\"kind\":\"host\","
	    "\"name\":\"almalinux-8-x86_64@4.8\",\"variables\":{\"facts\":{\"load\":0.08}}}\n",
	    "the same file in two folders gives two hosts, numbers as they were written");
	translate(t, NULL, "{\"file\":\"a/b/windows-2012 r2.facts\",\"facts\":{}}\n");
	ok(times(&t->records, "\"name\":\"windows-2012 r2@b\""), "a name may hold a space");
	translate(t, NULL, "{\"file\":\"db1.facts\",\"facts\":{}}\n");
	ok(times(&t->records, "\"name\":\"db1\""), "a file without a folder is named after itself");
	translate(t, NULL, "{\"file\":\"/db1.facts\",\"facts\":{}}\n");
	ok(times(&t->records, "\"name\":\"db1\""), "nor is the root a folder to be named after");
}

static void
plain_output(struct translated *t)
{
	translate(t, NULL,
	    "{\n  \"facterversion\": \"4.2.14\",\n  \"networking\": {\n"
	    "    \"fqdn\": \"db1.example.com\",\n    \"hostname\": \"db1\"\n  }\n}\n");
	is_text(t->records.text,
	    "{\"key\":\"db1.example.com\",\"kind\":\"host\",\"name\":\"db1.example.com\","
	    "\"variables\":{\"facts\":{\"facterversion\":\"4.2.14\",\"networking\":"
	    "{\"fqdn\":\"db1.example.com\",\"hostname\":\"db1\"}}}}\n",
	    "what facter --json prints, over several lines, is one host");
	translate(t, "facter", "{\"hostname\":\"old1\",\"kernel\":\"Linux\"}\n");
	ok(times(&t->records, "\"name\":\"old1\""), "flat facts name the host too");
	translate(t, "facter", "{\"kernel\":\"Linux\"}\n");
	is_text(t->bad.text,
	    "in:1: neither {\"file\",\"facts\"} nor facts with a networking.fqdn or hostname\n",
	    "facts that name no host are said to");
}

static void
bad_lines(struct translated *t)
{
	translate(t, "facter",
	    "{\"file\":1,\"facts\":{}}\n"
	    "{\"file\":\"a\",\"facts\":[]}\n"
	    "\n"
	    "not json\n"
	    "[7]\n"
	    "{\"file\":\"a\",\"facts\":{\"x\":1,\"x\":2}}\n"
	    "{\"file\":\"ok\",\"facts\":{}}\n");
	is_int(t->status, 0, "bad lines do not stop a translation");
	is_int(t->nbad, 5, "each is counted");
	is_int(times(&t->records, "\n"), 1, "the good one comes through");
	ok(times(&t->bad, "in:1: \"file\" is not the path of a fact file\n") &&
		times(&t->bad, "in:2: \"facts\" is not a JSON object\n") &&
		times(&t->bad, "in:4: ") && times(&t->bad, "in:5: not a JSON object\n") &&
		times(&t->bad, "in:6: "),
	    "each is reported with its line");
}

int
main(void)
{
	struct translated t = {0};

	files(&t);
	plain_output(&t);
	bad_lines(&t);
	ok(golden(&t, NULL, "facter"), "real fact files give the records in tests/golden");
	translated_done(&t);
	return tap_end();
}
