/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"
#include "translate.h"

#define RECORD "{\"kind\":\"host\",\"name\":\"db1\"}"

static void
detects(struct translated *t)
{
	struct fault f;

	translate(t, NULL, RECORD "\n");
	is_text(t->records.text, RECORD "\n", "a record of our own passes as it is");
	translate(t, NULL, "{\"a\":1}\n" RECORD "\n");
	is_int(t->status, -1, "a first record that is of no known format stops it");
	is_text(t->fault.text,
	    "in:1: the first record does not tell the format; name it by --format: jsonl, csv, "
	    "yaml, mongoexport, netbox, netbox-rest, facter, openstack-ansible, ansible, "
	    "ansible-ini, openstack-user-config, nova, oneops, servicenow, genders",
	    "and the formats are listed");
	translate(t, NULL, "rubbish\n" RECORD "\n");
	is_int(times(&t->records, "\n"), 1, "a bad line before the first record is skipped");
	ok(!format_find("netbx", &f) && f.kind == FAULT_USAGE &&
		strstr(f.text, "did you mean \"netbox\"?"),
	    "an unknown format's name gets the near miss");
	translate(t, NULL, "");
	ok(t->status == 0 && !t->records.len && !t->nbad, "an empty input is no record");
}

/* Samples in tests/data; format NULL: it is told by its first record. */
static const struct sample {
	const char *format, *file, *name, *map;
} samples[] = {
    {"csv", "assets.csv", "csv", "hostname=name"},
    {NULL, "mongoexport.jsonl", "mongoexport", NULL},
    {NULL, "openstack_inventory.json", "openstack-ansible", NULL},
    {"openstack-user-config", "openstack_user_config.prod.yml", "osa-prod", NULL},
    {"openstack-user-config", "openstack_user_config.pod.yml", "osa-pod", NULL},
    {"ansible-ini", "kolla-multinode.ini", "kolla", NULL},
    {NULL, "netbox-rest.jsonl", "netbox-rest", NULL},
    {NULL, "oneops.jsonl", "oneops", NULL},
    {NULL, "nova.jsonl", "nova", NULL},
    {NULL, "servicenow.jsonl", "servicenow", NULL},
    {"genders", "genders", "genders", NULL},
    {"yaml", "records.yaml", "yaml", NULL},
};

static void
all_samples(struct translated *t)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		const struct sample *s = &samples[i];
		char *from = mem_printf("tests/data/%s", s->file);

		if (s->map)
			words_add(&t->map, s->map);
		ok(golden_of(t, s->format, from, s->name) && t->nbad == 0,
		    "%s gives the records in tests/golden", s->file);
		words_done(&t->map);
		free(from);
	}
}

/* What is no text of any format is a bad record, and no crash, in all of them. */
static void
rubbish(struct translated *t)
{
	static const char *const texts[] = {"", "\n", "{", "[]", "{}", "[[[", "a,b\n\"", "a[1-",
	    ": :", "\xff\xfe", "{\"_meta\":{\"hostvars\":[]}}", "[a:vars]\n=", "x=1 y", "%n,"};
	int fine = 1;

	for (const struct format *const *f = formats; *f; f++)
		for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
			translate(t, (*f)->name, texts[i]);
			fine = fine && t->status == 0;
		}
	ok(fine, "what no format would say stops none of them");
}

static void
texts(struct translated *t)
{
	translate_n(t, "csv", "name\nok\na\0b\n", 13);
	is_text(t->bad.text, "in:3: a NUL, or not UTF-8: nothing of it is read\n",
	    "a text that is none is one bad record, with its line");
	translate(t, "csv", "\xef\xbb\xbfname\nok\n");
	ok(times(&t->records, "\"name\":\"ok\""),
	    "the mark that spreadsheets begin with is no name");
	translate(t, NULL, "name,region\ndb1,dfw\n");
	ok(times(&t->notes, "named by --format"), "where nothing tells the format, that is said");
}

static void
layouts(struct translated *t)
{
	translate(t, NULL, "[" RECORD "," RECORD "]");
	is_int(times(&t->records, "\n"), 2, "an array on a line is its records");
	translate(t, NULL, "[\n  " RECORD ",\n  " RECORD ",\n 7\n]\n");
	is_int(times(&t->records, "\n"), 2, "so is an array over several lines");
	is_text(t->bad.text, "in:1: not a JSON object\n", "but not what in it is no object");
	translate(t, NULL, "{\n\"kind\": \"host\"\n");
	is_int(t->nbad, 1, "a value that does not end is one bad record");
}

static void
sink_refuses(struct translated *t)
{
	t->refuse = "db2";
	translate(t, NULL, RECORD "\n{\"kind\":\"host\",\"name\":\"db2\"}\n" RECORD "\n");
	t->refuse = NULL;
	is_text(t->bad.text, "in:2: refused\n", "a record that is refused is reported by its line");
	is_int(times(&t->records, "\n"), 2, "and the others go on");
	is_int(t->nbad, 1, "and it is counted");
}

int
main(void)
{
	struct translated t = {0};

	detects(&t);
	all_samples(&t);
	rubbish(&t);
	texts(&t);
	layouts(&t);
	sink_refuses(&t);
	translated_done(&t);
	return tap_end();
}
