/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"
#include "translate.h"

#include "fleet/formats/ansible/ansible_value.h"

#define META(vars) "\"_meta\":{\"hostvars\":{\"h\":" vars "}}"

static void
groups(struct translated *t)
{
	translate(t, NULL,
	    "{" META(
		"{\"ansible_host\":\"10.0.0.5\",\"os\":\"debian-12\"}") ",\"all\":{\"children\":["
									"\"ungrouped\",\"prod\"]},"
									"\"prod\":{\"children\":["
									"\"web\"]},"
									"\"web\":{\"hosts\":[\"h\"]"
									",\"vars\":{\"http_port\":"
									"80}},\"old\":[\"h\",\"i\"]"
									"}\n");
	is_text(t->records.text,
	    "{\"kind\":\"label\",\"name\":\"group=prod\"}\n"
	    "{\"kind\":\"label\",\"name\":\"group=old\"}\n"
	    "{\"kind\":\"label\",\"name\":\"group=web\",\"relations\":[{\"to\":\"label:group="
	    "prod\","
	    "\"type\":\"part-of\"}],\"variables\":{\"http_port\":80}}\n"
	    "{\"ip_address\":\"10.0.0.5\",\"key\":\"h\",\"kind\":\"host\",\"labels\":["
	    "\"group=old\",\"group=prod\",\"group=web\"],\"name\":\"h\",\"variables\":{\"os\":"
	    "\"debian-12\"}}\n"
	    "{\"key\":\"i\",\"kind\":\"host\",\"labels\":[\"group=old\"],\"name\":\"i\"}\n",
	    "groups are labels with variables, a host carries those of its groups' parents too");
	translate(t, "ansible", "{\"web\":[\"h\",7],\"x\":1,\"y\":{\"hosts\":[],\"host\":[7]}}\n");
	ok(times(&t->notes, "no _meta.hostvars") && times(&t->notes, "\"x\": neither a group") &&
		times(&t->notes, "left out: host of a group (1)") && t->nbad == 1,
	    "what is not read of it is said");
	translate(t, "ansible",
	    "{" META("{\"ansible_host\":\"db.example\"}") ",\"a\":{\"children\":[\"b\"]},"
							  "\"b\":{\"children\":[\"a\"],"
							  "\"hosts\":[\"h\"]}}");
	ok(times(&t->records, "\"ansible_host\":\"db.example\"") && !t->status,
	    "an ansible_host that is no address is a variable; a circle of groups ends");
}

/* Variables of the host in the last record. */
static const char *
own(struct translated *t)
{
	const char *at = t->records.text ? strstr(t->records.text, "\"key\":\"h\"") : NULL;

	return at && (at = strstr(at, "\"variables\"")) ? at : "";
}

static void
precedence(struct translated *t)
{
	/* Labels go by name, the first wins: group=a. In Ansible the last one does. */
	translate(t, NULL,
	    "{" META("{}") ",\"a\":{\"hosts\":[\"h\"],\"vars\":{\"v\":1,\"same\":0}},"
			   "\"b\":{\"hosts\":[\"h\"],\"vars\":{\"v\":2,\"same\":0}}}");
	is_text(own(t), "\"variables\":{\"v\":2}}\n",
	    "what would win in Ansible only stands on the host itself");
	ok(times(&t->notes, "1 variables are on the hosts"), "and that is said");
	translate(t, NULL,
	    "{" META("{}") ",\"a\":{\"hosts\":[\"h\"],\"vars\":{\"v\":1,"
			   "\"ansible_group_priority\":9}},"
			   "\"b\":{\"hosts\":[\"h\"],\"vars\":{\"v\":2}}}");
	is_text(own(t), "", "ansible_group_priority is heeded");
	translate(t, NULL,
	    "{" META("{\"v\":3}") ",\"a\":{\"hosts\":[\"h\"],\"vars\":{\"v\":1}},"
				  "\"b\":{\"hosts\":[\"h\"],\"vars\":{\"v\":2}}}");
	is_text(own(t), "\"variables\":{\"v\":3}}\n", "the host's own wins anyway");
	translate(t, NULL,
	    "{" META("{}") ",\"z\":{\"children\":[\"a\"],\"vars\":{\"v\":1}},"
			   "\"a\":{\"hosts\":[\"h\"],\"vars\":{\"v\":2}},"
			   "\"all\":{\"vars\":{\"v\":0}}}");
	is_text(own(t), "", "a child's wins over its parent's, and both over those of all");
}

static void
values(void)
{
	static const char *const cases[][2] = {{"7", "7"}, {"-1.5", "-1.5"}, {"0123", "\"0123\""},
	    {"True", "true"}, {"None", "null"}, {"true", "\"true\""}, {"'a b'", "\"a b\""},
	    {"\"it's\"", "\"it's\""}, {"[1, 'x', [True]]", "[1,\"x\",[true]]"},
	    {"{'b': 1, 'a': (1, 2)}", "{\"a\":[1,2],\"b\":1}"}, {"[1", "\"[1\""},
	    {"('a')", "\"('a')\""}, {"{1: 2}", "\"{1: 2}\""}, {"", "\"\""}, {"1 2", "\"1 2\""},
	    {"'a\\d'", "\"'a\\\\d'\""}, {"a=b", "\"a=b\""},
	    {"{'a': 1, 'a': 2}", "\"{'a': 1, 'a': 2}\""}};
	struct str json = STR_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		str_reset(&json);
		ansible_value(cases[i][0], &json);
		is_text(json.text, cases[i][1], "the value %s", cases[i][0]);
	}
	str_done(&json);
}

static void
ini(struct translated *t)
{
	translate(t, "ansible-ini",
	    "; comment\nlone\n[web]\nw[08:10].ex:2222 rack='a 1' n=5 # behind\nw08.ex n=6\n"
	    "[db:children]\nweb\n[web:vars]\nos = debian # 12\n[odd]\nx[a:c]-[1:3:2]\n");
	is_int(t->nbad, 0, "an inventory in INI is read");
	ok(times(&t->records, "\"name\":\"w09.ex\",\"variables\":{\"ansible_port\":2222,\"n\":5,"
			      "\"rack\":\"a 1\"}"),
	    "a range with padding, a port, quoted values");
	ok(times(&t->records, "\"name\":\"w08.ex\",\"variables\":{\"ansible_port\":2222,\"n\":6,"),
	    "a host twice has the later value");
	ok(times(&t->records, "\"name\":\"xb-3\""), "ranges of letters, steps, several in a name");
	ok(times(&t->records, "\"variables\":{\"os\":\"debian # 12\"}"),
	    "the value of a group is all behind the equals sign");
	ok(times(&t->records, "\"name\":\"lone\"}"), "a host before any section is in no group");
	translate(
	    t, "ansible-ini", "[a\n[b:what]\n[web]\nx y\nz[1-2]\nz[2:1]\nok\n[]\n[w:vars]\n=1\n");
	is_int(t->nbad, 7, "bad lines are counted, each of them");
	ok(times(&t->records, "\"name\":\"ok\""), "and the good one comes through");
}

int
main(void)
{
	struct translated t = {0};

	groups(&t);
	precedence(&t);
	values();
	ini(&t);
	translated_done(&t);
	return tap_end();
}
