/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"
#include "translate.h"

#define ROW(model, pk, fields) "{\"model\":\"" model "\",\"pk\":" pk ",\"fields\":{" fields "}}\n"

#define REGIONS                                                                                    \
	ROW("dcim.region", "1", "\"parent\":null,\"name\":\"Europe\",\"slug\":\"eu\",\"lft\":1")   \
	ROW("dcim.region", "2", "\"parent\":1,\"name\":\"Wales\",\"slug\":\"wales\"")              \
	ROW("dcim.region", "3", "\"parent\":2,\"name\":\"Gwent\",\"slug\":\"gwent\"")
#define SITE ROW("dcim.site", "5", "\"region\":3,\"name\":\"Newport\",\"slug\":\"npt\"")
#define ROLES                                                                                      \
	ROW("dcim.devicerole", "1", "\"name\":\"App Server\",\"slug\":\"app-server\"")             \
	ROW("dcim.devicerole", "2", "\"name\":\"ToR Switch\",\"slug\":\"tor-switch\"")             \
	ROW("dcim.devicerole", "3", "\"name\":\"PDU\",\"slug\":\"pdu\"")

static void
places(struct translated *t)
{
	translate(t, NULL, SITE REGIONS);
	is_text(t->records.text,
	    "{\"key\":\"region-1\",\"kind\":\"cloud\",\"name\":\"Europe\",\"slug\":\"eu\"}\n"
	    "{\"cloud\":\"key:src/region-1\",\"key\":\"region-2\",\"kind\":\"region\","
	    "\"name\":\"Wales\",\"path\":\"Europe/Wales\",\"slug\":\"wales\"}\n"
	    "{\"cloud\":\"key:src/region-1\",\"key\":\"region-3\",\"kind\":\"region\","
	    "\"name\":\"Gwent\",\"path\":\"Europe/Wales/Gwent\",\"slug\":\"gwent\"}\n"
	    "{\"key\":\"site-5\",\"kind\":\"cell\",\"name\":\"Newport\","
	    "\"region\":\"key:src/region-3\",\"slug\":\"npt\"}\n",
	    "top regions are clouds, those below are regions, sites are cells, parents first");
	translate(t, NULL, REGIONS ROW("dcim.site", "6", "\"region\":1,\"name\":\"Brussels\""));
	ok(times(
	       &t->records, "\"key\":\"region-1-sites\",\"kind\":\"region\",\"name\":\"Europe\"") &&
		times(&t->records, "\"name\":\"Brussels\",\"region\":\"key:src/region-1-sites\""),
	    "a top region with sites is also a region");
	translate(t, NULL,
	    ROW("dcim.region", "1", "\"parent\":2,\"name\":\"a\"")
		ROW("dcim.region", "2", "\"parent\":1,\"name\":\"b\""));
	is_text(t->bad.text,
	    "in:1: dcim.region 1: its parents form a circle\n"
	    "in:2: dcim.region 2: its parents form a circle\n",
	    "regions in a circle are refused");
	translate(t, NULL, ROW("dcim.site", "6", "\"region\":9,\"name\":\"Brussels\""));
	ok(times(&t->records, "\"netbox_region\":9"),
	    "a region that is not in the input stays a number, under a name that is free");
}

static void
kinds_of_device(struct translated *t)
{
	translate(t, NULL,
	    ROLES ROW("dcim.device", "1", "\"name\":\"a\",\"role\":1") ROW("dcim.device", "2",
		"\"name\":null,\"role\":2") ROW("dcim.device", "3", "\"name\":\"\",\"role\":3")
		ROW("dcim.device", "4", "\"name\":\"b\",\"device_role\":2")
		    ROW("dcim.device", "5", "\"name\":\"c\",\"role\":77"));
	ok(times(&t->records, "\"key\":\"device-1\",\"kind\":\"host\""), "a server role is a host");
	ok(times(&t->records, "{\"key\":\"device-2\",\"kind\":\"network-device\",\"labels\":["
			      "\"role=tor-switch\"]}\n"),
	    "a switch role is a network device; one without a name has none");
	ok(times(&t->records,
	       "{\"key\":\"device-3\",\"kind\":\"device\",\"labels\":[\"role=pdu\"]}\n"),
	    "other roles are devices; an empty name is none");
	ok(times(&t->records, "\"key\":\"device-4\",\"kind\":\"network-device\""),
	    "the role may be under its old name");
	ok(times(
	       &t->records, "\"key\":\"device-5\",\"kind\":\"device\",\"name\":\"c\",\"role\":77"),
	    "a role that is not in the input stays a number");
}

static void
fields_of_device(struct translated *t)
{
	translate(t, NULL,
	    ROW("dcim.manufacturer", "1", "\"name\":\"Dell\",\"slug\":\"dell\"")
		ROW("dcim.devicetype", "1",
		    "\"manufacturer\":1,\"model\":\"R640\",\"slug\":\"r640\",\"u_height\":\"1.0\"")
		    ROW("dcim.rack", "1", "\"name\":\"A 12\"") ROW("ipam.ipaddress", "1",
			"\"address\":\"10.0.0.9/24\"") ROW("dcim.device", "1",
			"\"name\":\"a\",\"device_type\":1,\"rack\":1,\"position\":\"4.50\","
			"\"primary_ip4\":1,\"status\":\"offline\",\"description\":\"spare\","
			"\"custom_field_data\":{\"ram\":512,\"gone\":null},\"kind\":\"x\","
			"\"local_context_data\":{\"ntp\":[\"t1\"],\"ram\":1},\"_name\":\"a\""));
	ok(times(&t->records,
	       "{\"active\":false,\"device_type\":\"r640\",\"ip_address\":\"10.0.0.9\","
	       "\"key\":\"device-1\",\"kind\":\"device\",\"labels\":[\"manufacturer=dell\","
	       "\"cabinet=A 12\",\"status=offline\"],\"name\":\"a\",\"netbox_kind\":\"x\","
	       "\"note\":\"spare\",\"position\":4.5,\"relations\":[{\"to\":\"key:src/rack-1\","
	       "\"type\":\"mounted-in\"}],\"variables\":{\"ntp\":[\"t1\"],\"ram\":"),
	    "a device has its type, labels, place in the rack, address and variables");
	ok(times(&t->records,
	       "{\"kind\":\"label\",\"name\":\"manufacturer=dell\",\"title\":\"Dell\"}\n"),
	    "a manufacturer is a label item with its name as title");
	ok(times(&t->records, "\"u_height\":1}"), "decimals that Django quotes are numbers");
	is_int(times(&t->records, "_name\":\"a\""), 0, "what NetBox computed is left out");
}

static void
namesakes(struct translated *t)
{
	translate(t, NULL,
	    REGIONS SITE ROW("dcim.site", "6", "\"region\":3,\"name\":\"Cwmbran\",\"slug\":\"cwm\"")
		ROW("dcim.device", "1", "\"name\":\"PP:1\",\"site\":5")
		    ROW("dcim.device", "2", "\"name\":\"PP:1\",\"site\":6")
			ROW("dcim.device", "3", "\"name\":\"PP:2\",\"site\":5") ROW(
			    "dcim.device", "4", "\"name\":\"PP:3\",\"site\":5,\"tenant\":1")
			    ROW("dcim.device", "5", "\"name\":\"PP:3\",\"site\":5,\"tenant\":2"));
	ok(times(&t->records, "\"name\":\"PP:1@npt\",\"short_name\":\"PP:1\"") &&
		times(&t->records, "\"name\":\"PP:1@cwm\",\"short_name\":\"PP:1\""),
	    "a name that two sites of a region have gets the site behind it");
	ok(times(&t->records, "\"name\":\"PP:2\"") && !times(&t->records, "PP:2@"),
	    "one that only one has stays as it is");
	ok(times(&t->records, "\"name\":\"PP:3@device-4\"") &&
		times(&t->records, "\"name\":\"PP:3@device-5\""),
	    "one that a site has twice gets the key");
}

static void
interfaces(struct translated *t)
{
	translate(t, NULL,
	    ROW("dcim.device", "1", "\"name\":\"a\"") ROW("dcim.device", "2", "\"name\":\"b\"")
		ROW("dcim.interface", "1",
		    "\"device\":1,\"name\":\"Gi0/1/0\",\"cable\":1,\"cable_end\":\"A\",\"lag\":3")
		    ROW("dcim.interface", "2",
			"\"device\":2,\"name\":\"Gi0/1/0\",\"cable\":1,\"cable_end\":\"B\"")
			ROW("dcim.interface", "3", "\"device\":1,\"name\":\"Po1\"")
			    ROW("dcim.interface", "4", "\"device\":8,\"name\":\"lost\"")
				ROW("dcim.cable", "1", "\"color\":\"aa1409\"")
				    ROW("dcim.cable", "2", "\"status\":\"connected\""));
	ok(times(&t->records, "\"name\":\"Gi0/1/0\",\"parent\":\"key:src/device-1\""),
	    "an interface is on its device, slashes in its name stay");
	is_text(t->bad.text,
	    "in:6: dcim.interface 4: its device, dcim.device 8, is not in the input\n",
	    "an interface without its device is refused");
	ok(times(&t->records, "\"cable\":1"), "a cable without ends in the input stays a number");
	ok(times(&t->records, "{\"to\":\"key:src/interface-3\",\"type\":\"member-of\"}"),
	    "an aggregated interface is member of the other");
}

#define END(pk, letter, type, id)                                                                  \
	ROW("dcim.cabletermination", pk,                                                           \
	    "\"cable\":1,\"cable_end\":\"" letter "\",\"termination_type\":" type                  \
	    ",\"termination_id\":" id)

static void
cables(struct translated *t)
{
	translate(t, NULL,
	    ROW("dcim.device", "1", "\"name\":\"a\"") ROW("dcim.device", "2", "\"name\":\"b\"") ROW(
		"dcim.interface", "1",
		"\"device\":1,\"name\":\"x\",\"cable\":1,\"cable_end\":\"A\"") ROW("dcim.interface",
		"2", "\"device\":2,\"name\":\"y\",\"cable\":1,\"cable_end\":\"B\"")
		ROW("dcim.cable", "1", "\"type\":\"smf\"") END("1", "A", "[\"dcim\",\"interface\"]",
		    "1") END("2", "B", "[\"dcim\",\"interface\"]", "2")
		    END("3", "B", "[\"dcim\",\"powerport\"]", "2"));
	is_int(times(&t->records, "cabled-to"), 1, "two interfaces on a cable are related once");
	ok(times(&t->records,
	       "\"parent\":\"key:src/device-1\",\"relations\":[{\"to\":\"key:src/interface-2\","
	       "\"type\":\"cabled-to\"}]"),
	    "from end A to end B");
	is_int(times(&t->records, "\"type\":\"connects\""), 2, "the cable connects both");
	ok(times(&t->records, "\"ends_elsewhere\":[\"B dcim.powerport 2\"]"),
	    "an end that is not in the input is kept by its name");
}

static void
tags_and_types(struct translated *t)
{
	translate(t, NULL,
	    ROW("contenttypes.contenttype", "7", "\"app_label\":\"dcim\",\"model\":\"site\"")
		SITE ROW(
		    "extras.tag", "1", "\"name\":\"Canary\",\"slug\":\"canary\",\"color\":\"aa\"")
		    ROW("extras.taggeditem", "1", "\"content_type\":7,\"object_id\":5,\"tag\":1")
			ROW("extras.taggeditem", "2",
			    "\"content_type\":[\"dcim\",\"site\"],\"object_id\":99,\"tag\":1"));
	ok(times(
	       &t->records, "{\"color\":\"aa\",\"kind\":\"label\",\"name\":\"canary\",\"title\":"),
	    "a tag is a bare label with its colour");
	ok(times(&t->records, "\"kind\":\"cell\",\"labels\":[\"canary\"]"),
	    "which its site carries, found by the number of a content type");
	ok(times(
	       &t->notes, "1 record of extras.taggeditem: what they belong to is not in the input"),
	    "a tag on what is not there is said");
}

static void
tenants(struct translated *t)
{
	translate(t, NULL,
	    ROW("tenancy.tenant", "1",
		"\"name\":\"Acme\",\"slug\":\"acme\",\"custom_field_data\":{\"cust_id\":\"A1\"}"));
	is_text(t->records.text,
	    "{\"kind\":\"label\",\"name\":\"tenant=acme\",\"title\":\"Acme\","
	    "\"variables\":{\"cust_id\":\"A1\"}}\n"
	    "{\"key\":\"tenant-1\",\"kind\":\"tenant\",\"name\":\"Acme\",\"slug\":\"acme\"}\n",
	    "a tenant is an item, and a label that gives its custom fields to its devices");
}

static void
addresses(struct translated *t)
{
	translate(t, NULL,
	    ROW("virtualization.cluster", "1", "\"name\":\"k1\"") ROW(
		"virtualization.virtualmachine", "1",
		"\"name\":\"vm1\",\"cluster\":1,\"vcpus\":\"2.00\",\"memory\":2048")
		ROW("virtualization.vminterface", "1", "\"virtual_machine\":1,\"name\":\"eth0\"")
		    ROW("ipam.ipaddress", "1",
			"\"address\":\"2001:db8::1/64\",\"assigned_object_id\":1,"
			"\"assigned_object_type\":[\"virtualization\",\"vminterface\"]")
			ROW("ipam.ipaddress", "2",
			    "\"address\":\"192.0.2.1/24\",\"assigned_object_id\":1,"
			    "\"assigned_object_type\":[\"ipam\",\"fhrpgroup\"]"));
	ok(times(&t->records, "\"relations\":[{\"to\":\"key:src/cluster-1\",\"type\":\"runs-on\"}],"
			      "\"variables\":{\"memory\":2048,\"vcpus\":2}"),
	    "a virtual machine runs on its cluster, its size is variables");
	ok(times(&t->records, "\"key\":\"vminterface-1\",\"kind\":\"network-interface\",\"name\":"
			      "\"eth0\",\"parent\":\"key:src/virtualmachine-1\""),
	    "its interface is on it");
	ok(times(&t->records,
	       "{\"ip_address\":\"2001:db8::1\",\"key\":\"ipaddress-1\",\"kind\":\"ip-address\","
	       "\"name\":\"2001:db8::1/64\",\"relations\":[{\"to\":\"key:src/vminterface-1\","
	       "\"type\":\"assigned-to\"}]}\n"),
	    "an address is assigned to its interface");
	ok(times(&t->records, "\"assigned_object_id\":1,\"assigned_object_type\":[\"ipam\","),
	    "one assigned to what is not there keeps what it says");
}

static void
unknown_models(struct translated *t)
{
	translate(t, NULL,
	    ROW("circuits.circuit", "1", "\"cid\":\"C1\",\"ref\":\"r\"") ROW("circuits.circuit",
		"2", "\"cid\":\"C2\"") ROW("0x.Odd_Model", "\"u1\"", "") ROW("plan.item", "1", ""));
	is_text(t->records.text,
	    "{\"cid\":\"C1\",\"key\":\"circuits-circuit-1\",\"kind\":\"circuits-circuit\","
	    "\"netbox_ref\":\"r\"}\n"
	    "{\"cid\":\"C2\",\"key\":\"circuits-circuit-2\",\"kind\":\"circuits-circuit\"}\n"
	    "{\"key\":\"x-0x-odd-model-u1\",\"kind\":\"x-0x-odd-model\"}\n"
	    "{\"key\":\"x-plan-item-1\",\"kind\":\"x-plan-item\"}\n",
	    "a model without a mapping is kept with its fields");
	is_text(t->notes.text,
	    "2 records of circuits.circuit: no mapping, kept as kind circuits-circuit\n"
	    "1 record of 0x.Odd_Model: no mapping, kept as kind x-0x-odd-model\n"
	    "1 record of plan.item: no mapping, kept as kind x-plan-item\n"
	    "records by kind: 2 circuits-circuit, 1 x-0x-odd-model, 1 x-plan-item\n",
	    "and that is said, with a summary at the end");
}

static void
bad_lines(struct translated *t)
{
	translate(t, "netbox",
	    "{\"model\":\"dcim.region\",\"pk\":1}\n"
	    "{\"pk\":1,\"fields\":{}}\n"
	    "{\"model\":\"dcim.region\",\"pk\":[],\"fields\":{}}\n" REGIONS
	    "{\"model\":\"dcim.region\n"
	    "{\"model\":\"dcim.site\",\"fields\":{\"name\":\"natural\"}}\n" REGIONS ROW(
		"extras.tag", "1", "\"name\":\"no slug\""));
	ok(times(&t->bad, "in:1: \"fields\" is not a JSON object\n"),
	    "a record without fields is bad");
	ok(times(&t->bad, "in:2: no \"model\", as in dcim.device\n"), "one without a model");
	ok(times(&t->bad, "in:3: \"pk\" is neither number nor string\n"), "one with an odd key");
	ok(times(&t->bad, "in:7: "), "one that is no JSON");
	ok(times(&t->bad, "in:8: dcim.site: no \"pk\"; dump without --natural-primary\n"),
	    "one without a key, when it should become an item");
	ok(times(&t->bad, "in:9: dcim.region 1 a second time, first in line 4\n"),
	    "one that is there already");
	ok(times(&t->bad, "in:12: extras.tag 1: no slug to make a label of\n"),
	    "a label without its text");
	is_int(t->nbad, 9, "all are counted");
	is_int(times(&t->records, "\n"), 3, "and the good ones come through");
}

int
main(void)
{
	struct translated t = {0};

	places(&t);
	kinds_of_device(&t);
	fields_of_device(&t);
	namesakes(&t);
	interfaces(&t);
	cables(&t);
	tags_and_types(&t);
	tenants(&t);
	addresses(&t);
	unknown_models(&t);
	bad_lines(&t);
	ok(golden(&t, NULL, "netbox"),
	    "a slice of NetBox's demo gives the records in tests/golden");
	ok(t.nbad == 0 && t.bad.len == 0, "and nothing in it is bad");
	translated_done(&t);
	return tap_end();
}
