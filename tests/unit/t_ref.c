/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory.h"

static const char *
ref(int64_t id)
{
	static struct str text;

	str_reset(&text);
	return ref_of(&s, id, &text, &f) < 0 ? f.text : text.text;
}

/* A ref leads back to its item, and reads as it should. */
static void
leads_back(const char *json, const char *wanted)
{
	int64_t id = put(json);

	ok(id, "%s is put", json);
	is_text(ref(id), wanted, "its ref is %s", wanted);
	is_int(find(wanted), id, "which leads back to it");
}

static void
kinds(void)
{
	leads_back("{\"kind\":\"cloud\",\"name\":\"us\"}", "cloud:us");
	leads_back("{\"kind\":\"region\",\"name\":\"dfw\",\"cloud\":\"us\"}", "region:us/dfw");
	leads_back("{\"kind\":\"cell\",\"name\":\"c1\",\"region\":\"dfw\"}", "cell:dfw/c1");
	leads_back("{\"kind\":\"host\",\"name\":\"db1\",\"cell\":\"c1\"}", "host:dfw/db1");
	leads_back("{\"kind\":\"host\",\"name\":\"alone\"}", "host:alone");
	leads_back("{\"kind\":\"network-device\",\"name\":\"sw1\",\"region\":\"dfw\"}",
	    "network-device:dfw/sw1");
	leads_back("{\"kind\":\"network-interface\",\"name\":\"eth0/1\",\"parent\":\"db1\"}",
	    "network-interface:dfw/db1/eth0%2F1");
	leads_back("{\"kind\":\"label\",\"name\":\"cabinet=a12\"}", "label:cabinet=a12");
	is_int(put_as("nova", "{\"kind\":\"vm\",\"name\":\"web\",\"key\":\"1/7f\"}", 0, NULL),
	    RECORD_CREATED, "a vm is known by source and key");
	is_text(ref(find("web")), "vm:nova/1%2F7f", "as its ref tells");
	is_int(find("vm:nova/1%2F7f"), find("web"), "which leads back to it");
	is_int(find("key:nova/1/7f"), find("web"), "as does its key");
}

static void
odd_names(void)
{
	leads_back("{\"kind\":\"host\",\"name\":\"a b\",\"region\":\"dfw\"}", "host:dfw/a%20b");
	leads_back("{\"kind\":\"host\",\"name\":\"50%\",\"region\":\"dfw\"}", "host:dfw/50%25");
	leads_back("{\"kind\":\"host\",\"name\":\"%41\",\"region\":\"dfw\"}", "host:dfw/%2541");
	leads_back("{\"kind\":\"host\",\"name\":\"x:y\",\"region\":\"dfw\"}", "host:dfw/x%3Ay");
	leads_back("{\"kind\":\"host\",\"name\":\"gr\xc3\xb6\xc3\x9f"
		   "e\",\"region\":\"dfw\"}",
	    "host:dfw/gr\xc3\xb6\xc3\x9f"
	    "e");
	leads_back("{\"kind\":\"label\",\"name\":\"a/b c\"}", "label:a%2Fb%20c");
}

static void
names(void)
{
	int64_t id;

	is_int(find("db1"), find("host:dfw/db1"), "a name that one item has will do");
	is_int(ref_find(&s, "network-device", "db1", &id, &f), 1, "a kind of its class, too");
	is_int(ref_find(&s, "cell", "db1", &id, &f), 0, "another kind does not");
	put("{\"kind\":\"label\",\"name\":\"db1\"}");
	is_int(find("db1"), find("host:dfw/db1"), "a label of that name is no rival");
	is_int(ref_find(&s, "label", "db1", &id, &f) == 1 ? id : 0, find("label:db1"),
	    "unless labels are asked for");
	put("{\"kind\":\"region\",\"name\":\"ord\",\"cloud\":\"us\"}");
	put("{\"kind\":\"host\",\"name\":\"db1\",\"region\":\"ord\"}");
	is_int(ref_find(&s, NULL, "db1", &id, &f), -1, "a name that two have is a fault");
	is_text(f.text, "\"db1\": more than one item has this name: host:dfw/db1, host:ord/db1",
	    "which lists them");
	is_int(f.kind, FAULT_BAD, "of this input");
	is_int(ref_want(&s, NULL, "host:dfw/db2", &id, &f), -1, "a ref to nothing is a fault");
	is_int(ref_want(&s, "region", "dwf", &id, &f), -1, "so is a mistyped name");
	is_text(f.text, "\"dwf\": no such region; did you mean \"dfw\"?", "with the near miss");
}

static void
two_regions_of_a_name(void)
{
	int64_t first = find("host:dfw/db1"), id;

	put("{\"kind\":\"cloud\",\"name\":\"eu\"}");
	session_close(&s);
	open_inventory();
	put("{\"kind\":\"cloud\",\"name\":\"us\"}");
	put("{\"kind\":\"cloud\",\"name\":\"eu\"}");
	put("{\"kind\":\"region\",\"name\":\"one\",\"cloud\":\"us\"}");
	put("{\"kind\":\"region\",\"name\":\"one\",\"cloud\":\"eu\"}");
	put("{\"kind\":\"host\",\"name\":\"h\",\"cloud\":\"eu\",\"region\":\"one\"}");
	ok(first, "where two clouds have a region of one name");
	is_text(ref(find("h")), "host:eu/one/h", "refs name the cloud");
	is_int(find("host:eu/one/h"), find("h"), "and lead back");
	is_int(ref_find(&s, NULL, "host:one/h", &id, &f), -1, "a ref without it is ambiguous");
	ok(strstr(f.text, "region:us/one, region:eu/one"), "which is told");
}

int
main(void)
{
	open_inventory();
	kinds();
	odd_names();
	names();
	two_regions_of_a_name();
	session_close(&s);
	return tap_end();
}
