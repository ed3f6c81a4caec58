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
	    "in:1: the first record does not tell the format; name it by --format: jsonl, netbox, "
	    "facter",
	    "and the formats are listed");
	translate(t, NULL, "rubbish\n" RECORD "\n");
	is_int(times(&t->records, "\n"), 1, "a bad line before the first record is skipped");
	ok(!format_find("netbx", &f) && f.kind == FAULT_USAGE &&
		strstr(f.text, "did you mean \"netbox\"?"),
	    "an unknown format's name gets the near miss");
	translate(t, NULL, "");
	ok(t->status == 0 && !t->records.len && !t->nbad, "an empty input is no record");
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
	layouts(&t);
	sink_refuses(&t);
	translated_done(&t);
	return tap_end();
}
