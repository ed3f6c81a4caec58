/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory.h"

#include "fleet/view.h"

static struct str text;

static const char *
view(const char *name)
{
	struct item i = {0};

	str_reset(&text);
	if (item_get(&s, find(name), &i, &f) == 1)
		view_json(&s, &i, VIEW_RELATIONS, &text, &f);
	item_done(&i);
	return text.text;
}

static void
refused(const char *json, const char *why)
{
	is_int(put_as("operator", json, RECORD_MERGE, NULL), -1, "refused: %s", json);
	is_text(f.text, why, "and why is told");
	is_int(f.kind, FAULT_BAD, "and only that record");
}

static void
bad_records(void)
{
	refused("[1]", "not a JSON object");
	refused("{\"name\":\"x\"}", "no kind");
	refused("{\"kind\":\"host\"}", "host: neither a name nor a key");
	refused("{\"kind\":\"Host\",\"name\":\"x\"}", "kind \"Host\": not a kind of item");
	refused("{\"kind\":\"finding\",\"name\":\"x\"}", "kind \"finding\": not a kind of item");
	refused("{\"kind\":7}", "kind: a text is wanted, not 7");
	refused("{\"kind\":\"host\",\"name\":\"\"}", "name: empty");
	refused(
	    "{\"kind\":\"host\",\"name\":\"a\\nb\"}", "name \"a\nb\": holds a control character");
	refused("{\"kind\":\"host\",\"name\":\"x\",\"labels\":\"a\"}", "labels: a list is wanted");
	refused(
	    "{\"kind\":\"host\",\"name\":\"x\",\"labels\":[1]}", "labels: a text is wanted, not 1");
	refused("{\"kind\":\"host\",\"name\":\"x\",\"variables\":[]}",
	    "variables: an object is wanted");
	refused("{\"kind\":\"host\",\"name\":\"x\",\"active\":\"yes\"}",
	    "active: true or false is wanted");
	refused("{\"kind\":\"host\",\"name\":\"x\",\"ip_address\":\"10.0.0\"}",
	    "ip_address \"10.0.0\": not an IPv4 or IPv6 address");
	refused("{\"kind\":\"host\",\"name\":\"x\",\"region\":\"nowhere\"}",
	    "\"nowhere\": no such region");
	refused("{\"kind\":\"host\",\"name\":\"x\",\"relations\":[{\"type\":\"runs-on\"}]}",
	    "relations: {\"type\":\"runs-on\",\"to\":\"host:...\"} is wanted");
	is_int(number("SELECT count(*) FROM item WHERE class <> 'project'"), 0, "nothing was made");
	is_int(number("SELECT count(*) FROM txn"), 0, "nor logged");
}

static void
merging(void)
{
	put("{\"kind\":\"host\",\"name\":\"h\",\"serial\":\"x\",\"labels\":[\"a\",\"b\"],"
	    "\"variables\":{\"one\":1,\"two\":2}}");
	put("{\"kind\":\"host\",\"name\":\"h\",\"note\":\"n\",\"variables\":{\"two\":22}}");
	is_text(view("h"),
	    "{\"kind\":\"host\",\"name\":\"h\",\"ref\":\"host:h\",\"note\":\"n\",\"serial\":\"x\","
	    "\"labels\":[\"a\",\"b\"],\"variables\":{\"one\":1,\"two\":22}}",
	    "what a record does not name stays");
	put("{\"kind\":\"host\",\"name\":\"h\",\"labels\":[\"b\"],\"note\":null}");
	ok(strstr(view("h"), "\"labels\":[\"b\"]"), "labels are a set: named, it is replaced");
	ok(strstr(view("h"), "\"note\":\"n\""), "null attributes count as absent");
	is_int(put_as("operator", "{\"kind\":\"host\",\"name\":\"h\",\"labels\":[\"b\",\"b\"]}",
		   RECORD_MERGE, NULL),
	    RECORD_SAME, "the same again changes nothing");
	is_int(put_as("operator", "{\"kind\":\"host\",\"name\":\"h\"}", RECORD_NEW, NULL), -1,
	    "new: an item that is there is refused");
	is_text(f.text, "host:h: is there already", "by its ref");
	is_int(put_as("operator", "{\"kind\":\"host\",\"name\":\"h\",\"variables\":{\"z\":0}}",
		   RECORD_WHOLE, NULL),
	    RECORD_CHANGED, "whole: the record is all that the source says");
	is_text(view("h"),
	    "{\"kind\":\"host\",\"name\":\"h\",\"ref\":\"host:h\",\"variables\":{\"z\":0}}",
	    "and nothing else is left");
}

static void
describing_fields(void)
{
	put("{\"kind\":\"host\",\"name\":\"d\",\"id\":7,\"resolved\":{\"a\":1},\"blame\":{},"
	    "\"members\":3,\"created_at\":\"x\",\"cidr\":\"10/8\"}");
	is_text(view("d"),
	    "{\"kind\":\"host\",\"name\":\"d\",\"ref\":\"host:d\",\"cidr\":\"10/8\"}",
	    "fields that describe are passed over, unknown ones are attributes");
}

static void
identity(void)
{
	int64_t first = 0, again = 0;

	put_as("cmdb", "{\"kind\":\"host\",\"name\":\"old\",\"key\":\"42\"}", 0, &first);
	is_int(put_as("cmdb", "{\"kind\":\"host\",\"name\":\"new\",\"key\":\"42\"}", 0, &again),
	    RECORD_CHANGED, "a record with a known key is that item");
	is_int(again, first, "the same one");
	is_int(find("new"), first, "a rename at the source is a rename here");
	is_int(find("old"), 0, "the old name is free");
	is_int(put_as("cmdb", "{\"kind\":\"host\",\"name\":\"h\",\"key\":\"42\"}", 0, NULL), -1,
	    "unless the name is taken");
	is_int(put_as("other", "{\"kind\":\"host\",\"name\":\"new\",\"key\":\"9\"}", 0, &again),
	    RECORD_CHANGED, "another source finds it by name");
	is_int(find("key:other/9"), first, "and from then on by its own key");
	put_as("cmdb", "{\"kind\":\"rack\",\"key\":\"r1\"}", 0, &again);
	is_text(view("rack-r1"), "{\"kind\":\"rack\",\"ref\":\"rack:cmdb/r1\"}",
	    "an item without a name is called by kind and key, and has no name");
}

static void
relations(void)
{
	put("{\"kind\":\"host\",\"name\":\"h\",\"relations\":[{\"type\":\"runs-on\",\"to\":\"d\"}]"
	    "}");
	ok(strstr(view("h"), "\"relations\":[{\"type\":\"runs-on\",\"to\":\"host:d\"}]"),
	    "relations name their ends");
	refused("{\"kind\":\"host\",\"name\":\"d\",\"relations\":[{\"type\":\"runs-on\",\"to\":"
		"\"h\"}]}",
	    "relation runs-on would close a cycle: host:d -> host:h -> host:d");
	refused(
	    "{\"kind\":\"host\",\"name\":\"d\",\"relations\":[{\"type\":\"Runs\",\"to\":\"h\"}]}",
	    "relation \"Runs\": not a word like runs-on");
	is_int(
	    put_as("operator", "{\"kind\":\"host\",\"name\":\"h\",\"relations\":[],\"note\":\"x\"}",
		RECORD_NO_EDGES, NULL),
	    RECORD_CHANGED, "a first pass may leave them");
	ok(strstr(view("h"), "runs-on"), "as they are");
	put_as("operator", "{\"kind\":\"host\",\"name\":\"h\",\"relations\":[],\"note\":\"y\"}",
	    RECORD_EDGES, NULL);
	ok(!strstr(view("h"), "runs-on") && strstr(view("h"), "\"x\""),
	    "a second pass puts them, and only them");
}

static void
fields(void)
{
	is_int(record_field("note"), RECORD_TEXT_ATTRIBUTE, "note is a text");
	is_int(record_field("serial"), RECORD_ATTRIBUTE, "any other name is an attribute");
	is_int(record_field("labels"), RECORD_NO_ATTRIBUTE, "labels are none");
	is_int(record_field(""), RECORD_NO_ATTRIBUTE, "no name is none");
}

int
main(void)
{
	open_inventory();
	bad_records();
	merging();
	describing_fields();
	identity();
	relations();
	fields();
	str_done(&text);
	session_close(&s);
	return tap_end();
}
