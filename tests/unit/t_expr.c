/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/expr/expr.h"
#include "tap.h"

#include <inttypes.h>
#include <stdlib.h>

/* What all the cases are judged on. */
static const char variables[] =
    "{\"big\":9007199254740993,\"disks\":[{\"gb\":100,\"name\":\"sda\"},{\"gb\":2000}],"
    "\"family\":\"linux\",\"kernel\":\"5.15.0-91-generic\",\"n\":null,\"odd key\":7,"
    "\"os\":{\"name\":\"debian\",\"release\":{\"end\":\"x\",\"version\":\"12\"}},"
    "\"quote\":\"it's "
    "\\\"so\\\"\\n\",\"ram_gb\":512,\"ratio\":0.5,\"seen\":\"2026-11-23T11:00:00Z\","
    "\"serial\":\"n/a\",\"tags\":[\"a\",\"b\",3],\"up\":true,\"word\":\"gr\xc3\xbc\xc3\x9f\"}";

static const char attributes[] =
    "{\"active\":true,\"ip_address\":\"10.2.7.1/24\",\"kind\":\"host\","
    "\"name\":\"db1\",\"vlan\":{\"id\":30}}";

static char labels_text[][12] = {"cabinet=a12", "compute", "role=api", "role=db"};
static char *labels[] = {labels_text[0], labels_text[1], labels_text[2], labels_text[3]};

static struct expr_subject subject = {
    .variables = (char *)(uintptr_t)variables,
    .attributes = (char *)(uintptr_t)attributes,
    .labels = {.v = labels, .n = 4},
};

/* A value as the table below writes it, or the fault. */
static char *
judged(struct judge *j, const char *text)
{
	struct fault f = {0};
	struct expr *e = expr_new("t", text, &f);
	struct expr_value v = {0};
	char *out = NULL;

	if (!e || judge_value(j, e, &subject, &v, &f) < 0)
		out = mem_printf("! %s", f.text);
	else if (v.type == EXPR_NULL)
		out = mem_dup("null");
	else if (v.type == EXPR_BOOL)
		out = mem_dup(v.i ? "true" : "false");
	else if (v.type == EXPR_INT)
		out = mem_printf("%" PRId64, v.i);
	else if (v.type == EXPR_REAL)
		out = mem_printf("%.6gr", v.d);
	else
		out = mem_printf(v.type == EXPR_TEXT ? "'%s'" : "%s", v.text);
	expr_value_done(&v);
	expr_free(e);
	return out;
}

static const struct {
	const char *text, *wanted;
} cases[] = {
    /* literals */
    {"512", "512"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"9223372036854775808", "! t: column 1: a number out of range"},
    {"0.5", "0.5r"},
    {".5e1", "5r"},
    {"1e999", "! t: column 1: a number out of range"},
    {"'it''s'", "'it's'"},
    {"true", "true"},
    {"NULL", "null"},
    {"10gb", "! t: column 1: 10gb: neither a number nor a name; texts stand in 'quotes'"},
    {"ram_gb >= 10.0.0.1",
	"! t: column 11: 10.0.0.1: neither a number nor a name; texts stand in 'quotes'"},

    /* names */
    {"ram_gb", "512"},
    {"os.name", "'debian'"},
    {"os.release.version", "'12'"},
    {"os.release.end", "'x'"},
    {"os . release", "{\"end\":\"x\",\"version\":\"12\"}"},
    {"os.nothing.at.all", "null"},
    {"serial.of.text", "null"},
    {"disks[0].gb + disks[1].gb", "2100"},
    {"disks[2]", "null"},
    {"disks['a']", "! t: column 7: 'a' where the number of an element should be"},
    {"var.\"odd key\"", "7"},
    {"\"odd key\"",
	"! t: column 1: texts stand in 'single quotes', odd variable names behind var."},
    {"var.end", "null"},
    {"n", "null"},
    {"absent", "null"},
    {"item.name", "'db1'"},
    {"item.vlan.id", "30"},
    {"item.active", "true"},
    {"item", "! t: column 5: the end where .NAME of an attribute should be"},
    {"quote", "'it's \"so\"\n'"},

    /* comparing: types never mix */
    {"ram_gb >= 512", "true"},
    {"ram_gb == 512 and ram_gb <> 511", "true"},
    {"serial >= 512", "! compares text 'n/a' with number 512"},
    {"512 = '512'", "! compares number 512 with text '512'"},
    {"up = 1", "! compares boolean true with number 1"},
    {"up = true", "true"},
    {"up > false", "! booleans have no order; compare them by = or !="},
    {"os = 'debian'", "! compares object "
		      "{\"name\":\"debian\",\"release\":{\"end\":\"x\",\"version\":\"12\"}} with "
		      "text 'debian'"},
    {"tags = tags", "true"},
    {"tags < tags", "! arrays have no order; compare them by = or !="},
    {"ratio < 1", "true"},
    {"1 = 1.0", "true"},
    {"big = 9007199254740992.0", "false"},
    {"big > 9007199254740992.0", "true"},
    {"'a' < 'b'", "true"},
    {"'B' < 'a'", "true"},
    {"absent >= 512", "null"},
    {"n = n", "null"},
    {"absent is null", "true"},
    {"ram_gb is not null", "true"},
    {"up is true", "true"},
    {"absent is not true", "true"},
    {"ram_gb is 5", "! t: column 11: 5 where null, true or false should be"},

    /* and, or, not: three values, and an error is no more than unknown to a side that decides */
    {"true and absent = 1", "null"},
    {"false and absent = 1", "false"},
    {"absent = 1 and false", "false"},
    {"true or absent = 1", "true"},
    {"false or absent = 1", "null"},
    {"not absent = 1", "null"},
    {"not false", "true"},
    {"serial > 5 and false", "false"},
    {"false and serial > 5", "false"},
    {"serial > 5 or true", "true"},
    {"serial > 5 and absent = 1", "! compares text 'n/a' with number 5"},
    {"ram_gb and true", "! and wants true or false, not number 512"},
    {"not 'x'", "! not wants true or false, not text 'x'"},
    {"not up = false and not false", "true"},
    {"true or false and false", "true"},

    /* between, in, like, glob, regexp */
    {"ram_gb between 256 and 512", "true"},
    {"ram_gb not between 256 and 511 and up", "true"},
    {"5 between 6 and null", "false"},
    {"5 between 4 and null", "null"},
    {"ram_gb in (256, 512)", "true"},
    {"family not in ('bsd', 'aix')", "true"},
    {"ram_gb in ()", "false"},
    {"ram_gb in (1, null)", "null"},
    {"absent in (1, 2)", "null"},
    {"ram_gb in ('x', 512)", "true"},
    {"ram_gb in ('x', 511)", "! compares number 512 with text 'x'"},
    {"kernel like '5.15%'", "true"},
    {"family like 'LINUX'", "false"},
    {"word like 'gr__'", "true"},
    {"kernel not like '%azure'", "true"},
    {"kernel glob '5.[0-9]*-generic'", "true"},
    {"kernel glob '[^5]*'", "false"},
    {"kernel regexp '^5\\.\\d+'", "true"},
    {"family regexp 'nu'", "true"},
    {"word regexp '^gr\xc3\xbc.$'", "true"},
    {"absent regexp 'x'", "null"},
    {"family regexp '(' || 'a'",
	"! regular expression '(a': missing closing parenthesis at character 3"},
    {"family regexp '('",
	"! t: column 15: regular expression '(': missing closing parenthesis at character 2"},
    {"ram_gb like '5%'", "! like wants text, not number 512"},
    {"ram_gb not 5", "! t: column 12: 5 where between, in, like, glob or regexp should be"},

    /* arithmetic and text */
    {"2 + 3 * 4 - 1", "13"},
    {"7 / 2", "3"},
    {"7 / 2.0", "3.5r"},
    {"-7 % 3", "-1"},
    {"1 / 0", "null"},
    {"1 % 0", "null"},
    {"9223372036854775807 + 1", "9.22337e+18r"},
    {"-9223372036854775808 / -1", "9.22337e+18r"},
    {"-9223372036854775808 % -1", "0"},
    {"1e308 * 10", "! a number out of range"},
    {"serial + 1", "! + wants a number, not text 'n/a'"},
    {"- -ram_gb", "512"},
    {"'kernel is ' || kernel", "'kernel is 5.15.0-91-generic'"},
    {"'ram ' || ram_gb || ' ' || up || ' ' || ratio", "'ram 512 true 0.5'"},
    {"'x' || absent", "null"},
    {"'t' || tags", "'t[\"a\",\"b\",3]'"},
    {"2 || 3 * 2", "! * wants a number, not text '23'"},

    /* case, cast */
    {"case when ram_gb > 1000 then 'big' when ram_gb > 100 then 'fair' else 'small' end", "'fair'"},
    {"case family when 'bsd' then 1 when 'linux' then 2 end", "2"},
    {"case family when 'bsd' then 1 end", "null"},
    {"case when true then 1 else serial + 1 end", "1"},
    {"case when 5 then 1 end", "! when wants true or false, not number 5"},
    {"case 1 when 'x' then 1 end", "! compares number 1 with text 'x'"},
    {"case end", "! t: column 6: end where a value should be"},
    {"case when true 5 end", "! t: column 16: 5 where then should be"},
    {"cast('12' as integer) + 1", "13"},
    {"cast(' 1.9 ' as integer)", "1"},
    {"cast(serial as integer)", "! text 'n/a' is no integer"},
    {"cast('0x10' as integer)", "! text '0x10' is no integer"},
    {"cast('inf' as real)", "! text 'inf' is no number"},
    {"cast(1e30 as integer)", "! number 1e+30 is no integer"},
    {"cast(ram_gb as text) || '!'", "'512!'"},
    {"cast(1.0 as text)", "'1.0'"},
    {"cast(3 as real)", "3r"},
    {"cast(up as integer)", "1"},
    {"cast(absent as text)", "null"},
    {"cast(1 as blob)", "! t: column 11: blob where text, integer or real should be"},

    /* functions */
    {"length(word)", "4"},
    {"lower('ABc') || upper('dEf')", "'abcDEF'"},
    {"trim('  x ')", "'x'"},
    {"substr(word, 2, 2)", "'r\xc3\xbc'"},
    {"substr('hello', -3)", "'llo'"},
    {"substr('hello', 0, 3)", "'he'"},
    {"substr('hello', 4, -2)", "'el'"},
    {"substr('hello', -7, 3)", "'h'"},
    {"substr('hello', 9223372036854775807, 1)", "''"},
    {"substr('hello', 2, 9223372036854775807)", "'ello'"},
    {"replace('a-b-c', '-', '+')", "'a+b+c'"},
    {"replace('aaa', 'aa', 'b')", "'ba'"},
    {"replace('abc', '', 'x')", "'abc'"},
    {"instr(word, '\xc3\x9f')", "4"},
    {"instr('abc', 'z')", "0"},
    {"abs(-5) + abs(-0.5)", "5.5r"},
    {"round(2.5)", "3r"},
    {"round(2.345, 2)", "2.35r"},
    {"round(7)", "7"},
    {"min(3, 1.5, 2)", "1.5r"},
    {"max('a', 'c', 'b')", "'c'"},
    {"max(1, 'a')", "! compares text 'a' with number 1"},
    {"coalesce(absent, n, 5)", "5"},
    {"coalesce(1, serial + 1)", "1"},
    {"ifnull(absent, 'x')", "'x'"},
    {"nullif(5, 5)", "null"},
    {"nullif(5, 6)", "5"},
    {"iif(ram_gb > 5, 'y', 'n')", "'y'"},
    {"typeof(ratio) || typeof(n) || typeof(tags)", "'numbernullarray'"},
    {"typeof(serial) = 'number' and serial > 5", "false"},
    {"vercmp('5.9', '5.15')", "-1"},
    {"vercmp('6.1~rc1', '6.1')", "-1"},
    {"vercmp(kernel, '5.15') >= 0", "true"},
    {"vercmp('007', '7')", "0"},
    {"vercmp('1.0a', '1.0+')", "-1"},
    {"vercmp(22, '9')", "1"},
    {"vercmp(5.1, '9')", "! vercmp() wants a version as text, not number 5.1"},
    {"cidr_contains('10.2.0.0/16', item.ip_address)", "true"},
    {"cidr_contains('10.2.7.128/25', '10.2.7.1')", "false"},
    {"cidr_contains('10.2.0.0/16', '2001:db8::1')", "false"},
    {"cidr_contains('2001:db8::/33', '2001:db8:7fff::1')", "true"},
    {"cidr_contains('0.0.0.0/0', '1.2.3.4')", "true"},
    {"cidr_contains('10.2.0.0/40', '1.2.3.4')", "! \"10.2.0.0/40\": 40: not from 0 to 32"},
    {"cidr_contains('10.2', '1.2.3.4')", "! \"10.2\": not an IP address"},
    {"age(seen)", "3600"},
    {"age('yesterday') > 5", "! age(): \"yesterday\": not a time like 2026-11-23T12:00:00Z"},
    {"json_length(tags) + json_length(os)", "5"},
    {"json_has(tags, 'b')", "true"},
    {"json_has(tags, 3)", "true"},
    {"json_has(tags, 'z')", "false"},
    {"json_has(os, 'name')", "true"},
    {"json_has(os, 'nam')", "false"},
    {"json_length(5)", "! json_length() wants an array or an object, not number 5"},
    {"length(absent)", "null"},
    {"length(5)", "! length() wants text, not number 5"},

    /* labels */
    {"has('compute') and has('cabinet') and has('cabinet=a12')", "true"},
    {"has('cabinet=a13') or has('comp') or has('cab')", "false"},
    {"label('cabinet')", "'a12'"},
    {"label('compute')", "''"},
    {"label('rack')", "null"},
    {"label('role')", "! label('role') has several values, 'api' and 'db'; see labels()"},
    {"labels('role')", "[\"api\",\"db\"]"},
    {"json_length(labels('rack'))", "0"},
    {"has(family)", "! t: column 1: has() takes a label's key in 'quotes'"},

    /* what is no expression */
    {"", "! t: an empty expression"},
    {"  \n", "! t: an empty expression"},
    {"lengt(word)", "! t: column 1: unknown function lengt; did you mean \"length\"?"},
    {"1 + lenght('x')", "! t: column 5: unknown function lenght; did you mean \"length\"?"},
    {"printf('%.900000000c', 'x')", "! t: column 1: unknown function printf"},
    {"load_extension('x')", "! t: column 1: unknown function load_extension"},
    {"length()", "! t: column 1: length() takes 1 argument, not 0"},
    {"round(1,2,3)", "! t: column 1: round() takes 1 to 2 arguments, not 3"},
    {"coalesce(1)", "! t: column 1: coalesce() takes 2 or more arguments, not 1"},
    {"ram_gb >= 512 adn up",
	"! t: column 15: adn where an operator or the end should be; did you mean \"and\"?"},
    {"1 2", "! t: column 3: 2 where an operator or the end should be"},
    {"(1 adn 2)", "! t: column 4: adn where an operator or ) should be; did you mean \"and\"?"},
    {"(1", "! t: column 3: the end where an operator or ) should be"},
    {"1 +", "! t: column 4: the end where a value should be"},
    {"'open", "! t: column 1: 'open: a quote that is not closed"},
    {"select 1", "! t: column 1: an expression is one condition, not a query"},
    {"(select 1)", "! t: column 2: an expression is one condition, not a query"},
    {"1; drop table item", "! t: column 2: ;: an expression is one condition, without semicolons"},
    {"ram_gb > ?", "! t: column 10: ?: expressions take no parameters"},
    {"ram_gb > $1", "! t: column 10: $: expressions take no parameters"},
    {"1 = 1 && 2 = 2", "! t: column 7: &: the word is and"},
    {"1 ~ 2", "! t: column 3: ~: no part of an expression"},
    {"'gr\xc3\xbc\xc3\x9f' = # ", "! t: column 10: #: no part of an expression"},
    {"'a\xff'", "! t: byte 3: invalid UTF-8"},
};

static void
test_cases(struct judge *j)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *got = judged(j, cases[i].text);

		is_text(got, cases[i].wanted, "%s", cases[i].text);
		free(got);
	}
}

/* ---- limits ---- */

static char *
repeated(const char *before, const char *middle, const char *after, size_t n)
{
	struct str s = STR_INIT;

	for (size_t i = 0; i < n; i++)
		str_add(&s, before);
	str_add(&s, middle);
	for (size_t i = 0; i < n; i++)
		str_add(&s, after);
	return str_take(&s);
}

static void
judges_to(struct judge *j, char *text, const char *wanted, const char *sentence)
{
	char *got = judged(j, text);

	is_text(got, wanted, "%s", sentence);
	free(got);
	free(text);
}

static void
test_limits(struct judge *j)
{
	char *deep = mem_dup("! t: column 101: nested deeper than 100 levels");
	char *big = repeated("replace(", "'aaaaaaaaaaaaaaaa'", ",'a','aaaaaaaaaaaaaaaa')", 5);

	judges_to(j, repeated("(", "1", ")", 99), "1", "99 brackets are fine");
	judges_to(j, repeated("(", "1", ")", 5000), deep, "5,000 brackets are refused");
	judges_to(j, repeated("abs(", "1", ")", 99), "1", "99 calls are fine");
	judges_to(j, repeated("not ", "true", "", 5000),
	    "! t: column 401: nested deeper than 100 levels", "5,000 nots are refused");
	judges_to(j, repeated("- ", "1", "", 5000),
	    "! t: column 201: nested deeper than 100 levels", "5,000 signs are refused");
	judges_to(j, repeated("", "1", "+1", 249), "250", "a sum of 250 is fine");
	judges_to(j, repeated("", "1", "+1", 5000),
	    "! t: column 502: too many operations one inside the other",
	    "a sum of 5,000 is refused");
	judges_to(
	    j, repeated("", "true", " and true", 5000), "true", "5,000 terms of and are fine");
	judges_to(j, repeated("", "1", " ", 70000), "! t: an expression of more than 64 KiB",
	    "70,000 bytes are refused");
	judges_to(j, big, "! makes a text of more than 1 MiB", "a nest of replace() is stopped");
	free(deep);
}

/* A text of 1 MB behind a name, for what could take long. */
static void
test_slow(struct judge *j)
{
	char *many = repeated("", "\"", "a", 1000000), *text;
	struct expr_subject large = {.attributes = (char *)(uintptr_t) "{}"};
	struct fault f = {0};
	struct expr_value v;
	struct expr *e;
	int status;

	large.variables = mem_printf("{\"x\":%s\"}", many);
	e = expr_new("t", "x regexp '(a+)+[bc]$'", &f);
	status = judge_value(j, e, &large, &v, &f);
	is_int(status, -1, "a pattern that backtracks for ever is stopped");
	is_text(f.text, "a regular expression backtracks too much", "and the reason is said");
	expr_free(e);

	text = repeated("", "x like '%aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'",
	    " or x like '%aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'", 500);
	e = expr_new("t", text, &f);
	status = judge_value(j, e, &large, &v, &f);
	is_int(status, -1, "five hundred slow patterns are stopped");
	is_text(f.text, "takes longer than 2 s", "by the clock");
	expr_free(e);
	free(text);
	free(large.variables);
	free(many);
}

/* ---- names, truth ---- */

static void
test_names(void)
{
	struct fault f = {0};
	struct expr *e = expr_new("when",
	    "coalesce(os.a, ram_gb) > 5 and item.note = 'x' and "
	    "has('k') and ram_gb < 9 and item.vlan [1] .x = 5",
	    &f);
	struct expr_subject with = {
	    .variables = (char *)(uintptr_t) "{\"os\":{\"a\":1},\"ram_gb\":1}",
	    .attributes = (char *)(uintptr_t) "{\"note\":\"x\"}"};
	struct expr_subject without = {.variables = (char *)(uintptr_t) "{\"os\":{}}"};

	ok(expr_variables(e)->n == 2, "every variable is noted once");
	is_text(expr_variables(e)->v[0], "os", "by its top-level key");
	ok(expr_attributes(e)->n == 2 && expr_labels(e)->n == 1, "attributes and labels are noted");
	is_text(judge_missing(e, &without), "os.a", "the first name without a value is told");
	is_text(judge_missing(e, &with), "item.vlan [1] .x", "as it is written");
	expr_free(e);
}

static void
test_truth(struct judge *j)
{
	static const struct {
		const char *text;
		enum expr_truth truth;
	} conditions[] = {
	    {"ram_gb > 5", EXPR_TRUE}, {"ram_gb > 5000", EXPR_FALSE}, {"absent > 5", EXPR_UNKNOWN}};
	struct fault f = {0};
	enum expr_truth truth;

	for (size_t i = 0; i < 3; i++) {
		struct expr *e = expr_new("expect", conditions[i].text, &f);

		ok(judge_truth(j, e, &subject, &truth, &f) == 0 && truth == conditions[i].truth,
		    "%s has its truth", conditions[i].text);
		expr_free(e);
	}
	struct expr *e = expr_new("expect", "ram_gb", &f);

	is_int(judge_truth(j, e, &subject, &truth, &f), -1, "a number is no condition");
	is_text(f.text, "a condition wants true or false, not number 512", "and is named");
	expr_free(e);
}

int
main(void)
{
	struct fault f = {0};
	struct judge *j;

	setenv("CRATON_NOW", "2026-11-23T12:00:00Z", 1);
	j = judge_new(&f);
	test_cases(j);
	test_limits(j);
	test_slow(j);
	test_names();
	test_truth(j);
	judge_free(j);
	return tap_end();
}
