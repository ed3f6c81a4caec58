/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"
#include "translate.h"

#include "io/csv.h"

/* The cells of all records, | between, / behind each record; "!" for a bad one. */
static void
read_all(const char *text, struct str *out)
{
	char *copy = mem_dup(text);
	struct csv in = CSV_INIT(copy, strlen(copy));
	struct csv_cells cells = {0};
	struct fault f;
	int more;

	str_reset(out);
	while ((more = csv_next(&in, &cells, &f)) != 0) {
		for (size_t i = 0; more > 0 && i < cells.n; i++)
			str_addf(out, "%s%s", i ? "|" : "", cells.v[i]);
		str_add(out, more > 0 ? "/" : "!");
	}
	vec_done(&cells);
	free(copy);
}

static void
reading(void)
{
	static const struct {
		const char *text, *wanted, *what;
	} cases[] = {
	    {"a,b\r\n1,2\r\n", "a|b/1|2/", "lines end in CRLF"},
	    {"a,b\n1,2", "a|b/1|2/", "or in LF, the last one in nothing"},
	    {"a,\n,\n", "a|/|/", "cells may be empty"},
	    {"\n\r\n\na\n\n", "a/", "lines without anything are passed over"},
	    {"\"a,b\",\"c\"\"d\"\n", "a,b|c\"d/", "quotes keep commas, doubled ones are one"},
	    {"\"a\r\nb\",c\n", "a\r\nb|c/", "quotes keep line ends as they are"},
	    {"\"\"\n", "/", "a quoted cell may be empty"},
	    {"a\"b,c\nd\n", "!d/", "a quote inside a plain cell is bad, the next line is not"},
	    {"\"a\"b\nd\n", "!d/", "so is text behind a closing quote"},
	    {"\"a\nd\n", "!", "and a quote that is not closed"},
	    {"a\r,b\n", "a\r|b/", "a CR alone ends nothing"},
	};
	struct str out = STR_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		read_all(cases[i].text, &out);
		is_text(out.text, cases[i].wanted, "%s", cases[i].what);
	}
	str_done(&out);
}

static void
writing(void)
{
	static const char *const cells[] = {"a", "", "b,c", "d\"e", "f\ng", "h"};
	struct str text = STR_INIT, out = STR_INIT;

	for (size_t i = 0; i < 6; i++)
		csv_put(&text, cells[i], i == 0);
	csv_end(&text);
	is_text(text.text, "a,,\"b,c\",\"d\"\"e\",\"f\ng\",h\r\n", "quotes stand where they must");
	read_all(text.text, &out);
	is_text(out.text, "a||b,c|d\"e|f\ng|h/", "and what was written is read back");
	str_done(&text);
	str_done(&out);
}

static void
meanings(struct translated *t)
{
	translate(t, "csv",
	    "kind,name,label:rack,var:name,item.vendor,rel:runs-on,active\n"
	    "vm,web1,r 1,inner,acme,host:db1;host:db2,false\n");
	is_text(t->records.text,
	    "{\"active\":false,\"kind\":\"vm\",\"labels\":[\"rack=r 1\"],\"name\":\"web1\","
	    "\"relations\":[{\"to\":\"host:db1\",\"type\":\"runs-on\"},{\"to\":\"host:db2\","
	    "\"type\":\"runs-on\"}],\"variables\":{\"name\":\"inner\"},\"vendor\":\"acme\"}\n",
	    "a column's name says what it means");
	words_add(&t->map, "host=name");
	words_add(&t->map, "ram=json:var:ram_gb");
	words_add(&t->map, "junk=-");
	translate(t, "csv", "host,ram,junk\ndb1,512,x\ndb2,,y\ndb3,many,z\n");
	words_done(&t->map);
	is_text(t->records.text,
	    "{\"kind\":\"host\",\"name\":\"db1\",\"variables\":{\"ram_gb\":512}}\n"
	    "{\"kind\":\"host\",\"name\":\"db2\"}\n",
	    "--map says it instead; an empty cell says nothing");
	ok(times(&t->bad, "in:4: ram_gb: column 1"), "what is no JSON in such a column is bad");
}

static void
bad_lines(struct translated *t)
{
	translate(t, "csv", "name,active\na,true\nb\nc,true,1\n\"d\nx\",perhaps\ne,false\n");
	is_int(times(&t->records, "\n"), 2, "bad lines in the middle do not stop it");
	is_text(t->bad.text,
	    "in:3: 1 cells, and the header has 2\nin:4: 3 cells, and the header has 2\n"
	    "in:5: active: true or false is wanted, not \"perhaps\"\n",
	    "each is reported with the line it begins in");
	translate(t, "csv", "name,name\na,b\n");
	is_text(
	    t->bad.text, "in:1: two columns \"name\"\n", "a header with a column twice is none");
	translate(t, "csv", "name,\na,b\n");
	is_text(t->bad.text, "in:1: \"\": a column without a name\n", "nor one without a name");
}

int
main(void)
{
	struct translated t = {0};

	reading();
	writing();
	meanings(&t);
	bad_lines(&t);
	translated_done(&t);
	return tap_end();
}
