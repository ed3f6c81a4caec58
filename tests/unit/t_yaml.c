/* SPDX-License-Identifier: Apache-2.0 */
#include "io/yaml.h"

#include "tap.h"

static struct fault f;

/* Parses a text as t.yaml; the fault is left in f. */
static int
parse(struct yaml_file *y, const char *text)
{
	f = (struct fault){0};
	return yaml_parse(y, "t.yaml", text, strlen(text), &f);
}

static void
refused_as(const char *text, const char *message, const char *what)
{
	struct yaml_file y;
	int r = parse(&y, text);

	is_int(r, -1, "%s is refused", what);
	is_int(f.kind, FAULT_BAD, "%s is a fault of the input", what);
	is_text(f.text, message, "the message about %s says where and what", what);
	yaml_close(&y);
}

static void
json_is(const char *text, const char *json, const char *what)
{
	struct yaml_file y;
	struct str out = STR_INIT;

	if (ok(parse(&y, text) == 0, "%s can be read", what))
		yaml_to_json(y.root, &out);
	else
		printf("# %s\n", f.text);
	is_text(out.text, json, "%s is what it says", what);
	str_done(&out);
	yaml_close(&y);
}

static void
scalars(void)
{
	json_is("[~, null, Null, NULL, nULL, ]", "[null,null,null,null,\"nULL\"]", "null");
	json_is("[true, True, FALSE, yes, no, on, y]",
	    "[true,true,false,\"yes\",\"no\",\"on\",\"y\"]",
	    "a list of booleans, where yes and no are strings");
	json_is("[0, -7, +7, 012, 0o17, 0x1F, 0b1, 1_000, 0o8]",
	    "[0,-7,7,12,15,31,\"0b1\",\"1_000\",\"0o8\"]", "a list of whole numbers");
	json_is("[5.10, .5, 5., +1.5, -00.5, 1e3, 1.e-3, 6.1.0, 1e, ., -]",
	    "[5.10,0.5,5.0,1.5,-0.5,1e3,1.0e-3,\"6.1.0\",\"1e\",\".\",\"-\"]",
	    "a list of fractions");
	json_is("[\"5\", '5', !!str 5, ! 5]", "[\"5\",\"5\",\"5\",\"5\"]", "a quoted number");
	json_is("a: |\n  5\nb: >-\n  5\n", "{\"a\":\"5\\n\",\"b\":\"5\"}", "a number in a block");
	json_is("a: 12:30:45\nb: 2026-11-23\n", "{\"a\":\"12:30:45\",\"b\":\"2026-11-23\"}",
	    "a time of day, and a date,");
	json_is("- 9223372036854775807\n- -9223372036854775808\n",
	    "[9223372036854775807,-9223372036854775808]", "the largest and least number");
	json_is("'it''s \"so\"\t'", "\"it's \\\"so\\\"\\t\"", "a text with quotes");
}

static void
structure(void)
{
	json_is("b: 1\na: {d: [], c: {}}\n", "{\"a\":{\"c\":{},\"d\":[]},\"b\":1}",
	    "canonical JSON, keys sorted,");
	json_is("a: &x {k: [1, 2]}\nb: *x\nc: [*x, *x]\n",
	    "{\"a\":{\"k\":[1,2]},\"b\":{\"k\":[1,2]},\"c\":[{\"k\":[1,2]},{\"k\":[1,2]}]}",
	    "an alias");
	json_is("a: &x 1\nb: &x 2\nc: *x\n", "{\"a\":1,\"b\":2,\"c\":2}",
	    "an anchor that is set twice");
	json_is("a: &x k\n*x : 1\n", "{\"a\":\"k\",\"k\":1}", "an alias as a key");
	json_is("a: &x {k: 1}\nb: {<<: *x}\n", "{\"a\":{\"k\":1},\"b\":{\"<<\":{\"k\":1}}}",
	    "<<, a key like any other,");
	json_is("%YAML 1.2\n---\n1\n...\n", "1", "a document with all its marks");
	json_is("\xef\xbb\xbf"
		"a: 1\n",
	    "{\"a\":1}", "a byte order mark");
	json_is("# nothing\n", "null", "an empty document");
}

static void
json(void)
{
	json_is("{\"a\":1,\"b\":[\"x\",{\"c\":null}]}", "{\"a\":1,\"b\":[\"x\",{\"c\":null}]}",
	    "JSON without blanks");
	json_is("{\n\t\"a\" : [\n\t\t-1.5e+3,\n\t\ttrue\n\t]\n}\n", "{\"a\":[-1.5e+3,true]}",
	    "JSON with tabs");
	json_is("{\"a\":\"\\u00e9\\n\\/\\\"\\\\\\u20ac\"}",
	    "{\"a\":\"\xc3\xa9\\n/\\\"\\\\\xe2\x82\xac\"}", "JSON with escapes");
	json_is("{\"a\":\"http://x/[1]\",\"b\":\"\"}", "{\"a\":\"http://x/[1]\",\"b\":\"\"}",
	    "JSON with the letters that YAML uses");
	refused_as("{\"a\":\n \"\\ud83d\\ude00\"}",
	    "t.yaml:2: half of a surrogate pair (\\ud800 to \\udfff) is no character; write it as "
	    "it is or as \\U0001f600",
	    "a surrogate pair");
	json_is("\"\\U0001f600\"", "\"\xf0\x9f\x98\x80\"", "a character past the first plane");
}

static void
refusals(void)
{
	refused_as("a: 1\n--- \nb: 2\n", "t.yaml:2: a second document; one is allowed",
	    "a second document");
	refused_as("c:\n  a: 1\n  b: 2\n  a: 3\n", "t.yaml:4: c.a: this key is in line 2 already",
	    "a key twice");
	refused_as("? [a]\n: 1\n", "t.yaml:1: a key must be a plain text", "a list as a key");
	refused_as("a: *x\n", "t.yaml:1: a: there is no anchor &x before this alias",
	    "an alias without an anchor");
	refused_as("a: &x [1, *x]\n", "t.yaml:1: a[1]: *x would hold itself", "an endless alias");
	refused_as("a: \"x\\0y\"\n", "t.yaml:1: a: a NUL character in a text", "NUL in a text");
	refused_as("a: 1\nb: \xff\n", "t.yaml:2: not text in UTF-8: invalid leading UTF-8 octet",
	    "invalid UTF-8");
	refused_as("a: 1\nb: \x01\n",
	    "t.yaml:2: not text in UTF-8: control characters are not allowed", "a raw control");
	refused_as("a: 1\nb: \"x\xe2\x80\xa8y\"\n",
	    "t.yaml:2: an old kind of line end; if a character is meant, write \\u2028 in double "
	    "quotes",
	    "a line end of Unicode's");
	refused_as("a: [1,\n 2\nb: 3\n",
	    "t.yaml:3: did not find expected ',' or ']' while parsing a flow sequence from line 1 "
	    "on",
	    "a list that does not end");
	refused_as("a:\n\t- 1\n",
	    "t.yaml:2: found character that cannot start any token while scanning for the next "
	    "token",
	    "a tab as indentation");
	refused_as("a: 1\nn: 9223372036854775808\n",
	    "t.yaml:2: n: 9223372036854775808 does not fit a 64-bit number; quote it if a text is "
	    "meant",
	    "a number past 64 bits");
	refused_as("[1e400]",
	    "t.yaml:1: [0]: 1e400 is no number that can be kept; quote it if a text "
	    "is meant",
	    "an endless number");
	refused_as("a: -.inf",
	    "t.yaml:1: a: -.inf is no number that can be kept; quote it if a text "
	    "is meant",
	    "infinity");
	refused_as("a: !!int x", "t.yaml:1: a: the tag tag:yaml.org,2002:int does not belong here",
	    "a tag that does not fit");
	refused_as("a: !python/object:os.system {}",
	    "t.yaml:1: a: the tag !python/object:os.system does not belong here", "a foreign tag");
	refused_as("\"odd key\":\n  - {\"x\\ty\": !a b}",
	    "t.yaml:2: [\"odd key\"][0][\"x\ty\"]: the tag !a does not belong here",
	    "a fault below odd keys");
}

static void
limits(void)
{
	struct str text = STR_INIT;
	struct yaml_file y;

	for (int i = 0; i < 64; i++)
		str_addf(&text, "[%s", i == 63 ? "1" : "");
	for (int i = 0; i < 64; i++)
		str_addc(&text, ']');
	is_int(parse(&y, text.text), 0, "64 lists in each other are read");
	yaml_close(&y);
	str_reset(&text);
	for (int i = 0; i < 65; i++)
		str_add(&text, "{key: ");
	is_int(parse(&y, text.text), -1, "65 mappings in each other are refused");
	ok(strstr(f.text, "key.key: nested deeper than 64"),
	    "and the message says how deep is too deep");
	is_int(strlen(f.text), strlen("t.yaml:1: ...: nested deeper than 64") + 200,
	    "with the end of a path that is long");
	yaml_close(&y);

	str_reset(&text);
	str_add(&text, "a: &a [x,x,x,x,x,x,x,x,x,x]\n");
	for (int c = 'b'; c < 'j'; c++)
		str_addf(&text, "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c - 1,
		    c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1);
	is_int(parse(&y, text.text), -1, "a thousand million laughs are refused");
	is_text(f.text, "t.yaml:5: more than 100000 values, those of aliases included",
	    "and the message says at which line they became too many");
	yaml_close(&y);

	str_reset(&text);
	str_add(&text, "- &a \"");
	for (int i = 0; i < 100 * 1024; i++)
		str_addc(&text, 'x');
	str_add(&text, "\"\n");
	for (int i = 0; i < 1100; i++)
		str_add(&text, "- *a\n");
	is_int(parse(&y, text.text), -1, "a thousand copies of a long text are refused");
	yaml_close(&y);

	str_reset(&text);
	for (int i = 0; i < 99999; i++)
		str_add(&text, "- 1\n");
	is_int(parse(&y, text.text), 0, "a list of 99,999 values is read");
	yaml_close(&y);
	str_add(&text, "- 1\n");
	is_int(parse(&y, text.text), -1, "one more is refused");
	yaml_close(&y);
	str_done(&text);
}

static void
places(void)
{
	struct yaml_file y;
	const struct yaml_node *n;

	parse(&y, "title: x\nchecks:\n  - id: one\n  - id: two\n    severity:\n      high\n");
	n = yaml_get(yaml_get(y.root, "checks")->items[1], "severity");
	is_text(n->path, "checks[1].severity", "a node knows its path");
	is_int(n->line, 6, "and the line of its value");
	is_int(n->key_line, 5, "and that of its key");
	ok(!yaml_get(y.root, "check"), "a member that is not there is NULL");
	yaml_fault(n, &f, "no %d%%", 5);
	is_text(f.text, "t.yaml:6: checks[1].severity: no 5%", "a fault names file, line and path");
	yaml_fault(y.root, &f, "no");
	is_text(f.text, "t.yaml:1: no", "the root has no path to name");
	yaml_close(&y);
}

/* ---- reading by a table ---- */

static const char *const severities[] = {"low", "medium", "high", NULL};

struct check {
	char *title, *id;
	int severity, fatal;
	int64_t times, timeout;
	double factor;
	struct num_share size;
	struct words run;
	const struct yaml_node *with;
};

static const struct yaml_field fields[] = {
    {.key = "title", .want = YAML_WANT_TEXT, .offset = offsetof(struct check, title)},
    {.key = "id", .want = YAML_WANT_WORD, .offset = offsetof(struct check, id), .required = 1},
    {.key = "severity",
	.want = YAML_WANT_WORD,
	.offset = offsetof(struct check, severity),
	.words = severities},
    {.key = "fatal", .want = YAML_WANT_BOOL, .offset = offsetof(struct check, fatal)},
    {.key = "times",
	.want = YAML_WANT_INT,
	.offset = offsetof(struct check, times),
	.min = 1,
	.max = 100},
    {.key = "timeout", .want = YAML_WANT_DURATION, .offset = offsetof(struct check, timeout)},
    {.key = "factor", .want = YAML_WANT_DOUBLE, .offset = offsetof(struct check, factor)},
    {.key = "size", .want = YAML_WANT_SHARE, .offset = offsetof(struct check, size)},
    {.key = "run", .want = YAML_WANT_TEXTS, .offset = offsetof(struct check, run)},
    {.key = "with", .want = YAML_WANT_NODE, .offset = offsetof(struct check, with)}, {0}};

static void
check_done(struct check *c)
{
	free(c->title);
	free(c->id);
	words_done(&c->run);
}

static void
reads_all(void)
{
	struct check c = {.times = 3};
	struct yaml_file y;

	parse(&y, "title: 5.10\nid: supported\nseverity: high\nfatal: true\ntimeout: 20s\n"
		  "factor: 2\nsize: 5%\nrun: [uname, -r, 10, 0.5]\nwith: {a: 1}\n");
	is_int(yaml_read(y.root, fields, &c, &f), 0, "a mapping of known keys is read");
	is_text(c.title, "5.10", "an unquoted number is a text as it is written");
	is_text(c.id, "supported", "a name is read");
	is_int(c.severity, 2, "a word is its place among the words");
	is_int(c.fatal, 1, "a boolean is read");
	is_int(c.times, 3, "what is absent stays as it is");
	is_int(c.timeout, 20000, "a length of time is in milliseconds");
	ok(c.factor == 2.0, "a whole number will do for a fraction");
	ok(c.size.is_percent && c.size.value == 5000, "a share is read");
	ok(c.run.n == 4 && !strcmp(c.run.v[2], "10"), "a list of texts is read");
	ok(c.with && c.with->type == YAML_MAP, "a node is handed on");
	is_int(y.warnings.n, 2, "numbers where texts are meant are warned about");
	is_text(y.warnings.v[0],
	    "t.yaml:1: title: 5.10 is a number here; quote it if a text is meant",
	    "the warning says where and what to do");
	is_text(y.warnings.v[1],
	    "t.yaml:8: run[3]: 0.5 is a number here; quote it if a text is meant",
	    "a whole number among the arguments of a command is none");
	check_done(&c);
	yaml_close(&y);
}

static void
reads_short_forms(void)
{
	struct check c = {0};
	struct yaml_file y;

	parse(&y, "{id: x, run: reboot, size: 20, timeout: 0, title: yes, severity: low}");
	is_int(yaml_read(y.root, fields, &c, &f), 0, "short forms are read");
	ok(c.run.n == 1 && !strcmp(c.run.v[0], "reboot"), "one text is a list of one");
	ok(!c.size.is_percent && c.size.value == 20, "a whole number is a count");
	is_int(c.timeout, 0, "no time needs no unit");
	is_text(c.title, "yes", "yes is a text");
	is_int(y.warnings.n, 0, "none of that is warned about");
	check_done(&c);
	yaml_close(&y);
}

static void
reads_not(const char *text, const char *message)
{
	struct check c = {0};
	struct yaml_file y;

	parse(&y, text);
	is_int(yaml_read(y.root, fields, &c, &f), -1, "refused: %s", text);
	is_text(f.text, message, "and the message says why");
	check_done(&c);
	yaml_close(&y);
}

static void
reading_refuses(void)
{
	reads_not(
	    "id: x\nseverty: low", "t.yaml:2: severty: unknown key; did you mean \"severity\"?");
	reads_not("id: x\nzzz: low", "t.yaml:2: zzz: unknown key");
	reads_not("title: x", "t.yaml:1: id is missing");
	reads_not("[a]", "t.yaml:1: a mapping of keys to values, not a list");
	reads_not(
	    "id: x\ntimeout: [20s]", "t.yaml:2: timeout: a length of time like 20s, not a list");
	reads_not("timeout: 20",
	    "t.yaml:1: timeout: \"20\": not a length of time; like 250ms, 20s, "
	    "10m, 6h, 2d, 1w");
	reads_not(
	    "size: true", "t.yaml:1: size: a count like 20 or a share like 5%, not true or false");
	reads_not("size: 101%", "t.yaml:1: size: 101%: more than 100%");
	reads_not("times: 0", "t.yaml:1: times: 0 is not from 1 to 100");
	reads_not("times: 1.5", "t.yaml:1: times: a whole number, not a fraction");
	reads_not("times: '5'", "t.yaml:1: times: a whole number, not a text");
	reads_not("fatal: yes", "t.yaml:1: fatal: true or false, not a text");
	reads_not("factor: x", "t.yaml:1: factor: a number, not a text");
	reads_not("title:", "t.yaml:1: title: a text, not nothing");
	reads_not("title: {}", "t.yaml:1: title: a text, not a mapping");
	reads_not("run: [a, [b]]", "t.yaml:1: run[1]: a text, not a list");
	reads_not("run: {}", "t.yaml:1: run: a list of texts, not a mapping");
	reads_not("severity: hihg",
	    "t.yaml:1: severity: \"hihg\" is none of low, medium, high; did "
	    "you mean \"high\"?");
	reads_not("id: Not a name", "t.yaml:1: id: \"Not a name\" is no name: a small letter, then "
				    "small letters, digits, - and _");
}

static void
files(void)
{
	struct yaml_file y;

	is_int(yaml_open(&y, "/nonexistent/k.yaml", &f), -1, "a file that is not there is a fault");
	is_int(f.kind, FAULT_SYSTEM, "of the world, not of the input");
	ok(strstr(f.text, "/nonexistent/k.yaml"), "that names the file");
	yaml_close(&y);
	is_int(yaml_open(&y, "/dev/null", &f), 0, "an empty file can be read");
	ok(!y.root, "and has no root");
	yaml_close(&y);
}

int
main(void)
{
	scalars();
	structure();
	json();
	refusals();
	limits();
	places();
	reads_all();
	reads_short_forms();
	reading_refuses();
	files();
	return tap_end();
}
