/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/template.h"
#include "tap.h"

static struct jtext
printed(const char *step, void *ctx)
{
	(void)ctx;
	if (!strcmp(step, "build"))
		return JTEXT("{\"target\":{\"host\":\"db 2\"},\"n\":3,\"none\":null}");
	return (struct jtext){0};
}

static struct template_values
some_values(void)
{
	return (struct template_values){
	    .uses = JTEXT(
		"{\"attributes\":{\"name\":\"db 1\",\"ref\":\"host:dfw/db%201\"},"
		"\"labels\":{\"cabinet\":[\"a12\"],\"compute\":[\"\"],\"pdu\":[\"p1\",\"p2\"]},"
		"\"variables\":{\"dash\":\"-rf\",\"disks\":[1,2],\"os.release\":\"12\\n\"}}"),
	    .key = "7/db 1/build",
	    .output = printed,
	};
}

static void
expands(const char *text, const char *wanted, const char *sentence)
{
	struct template t = {0};
	struct template_values values = some_values();
	struct str out = STR_INIT;
	struct fault f = {0};

	str_reset(&out);
	if (template_parse(&t, text, &f) < 0 || template_expand(&t, &values, &out, &f) < 0) {
		str_reset(&out);
		str_add(&out, f.text);
	}
	is_text(out.text, wanted, "%s", sentence);
	template_done(&t);
	str_done(&out);
}

static void
test_values(void)
{
	expands("", "", "an empty text stays empty");
	expands("plain", "plain", "a text without braces stays as it is");
	expands("{item}", "db 1", "{item} is the name, spaces and all");
	expands("on {ref}!", "on host:dfw/db%201!", "a value stands between texts");
	expands("{key}", "7/db 1/build", "{key} is the attempt's key");
	expands("{{item}} }}{{", "{item} }{", "a doubled brace is a brace");
	expands("{var.os.release}", "12\n", "a variable's key may hold a dot");
	expands("{var.disks}", "[1,2]", "a value that is no text is put as JSON");
	expands("{label.cabinet}", "a12", "a label is put by its value");
	expands("{build.target.host}", "db 2", "what a step printed is reached member by member");
	expands("{build.n}", "3", "a number a step printed is put as it was written");
}

static void
test_missing(void)
{
	expands("{var.ram_gb}", "no variable ram_gb", "a variable without value is named");
	expands("{cell}", "no attribute cell", "an attribute without value is named");
	expands("{label.rack}", "no label rack", "a label that is not there is named");
	expands("{label.compute}", "label compute has no value", "a bare label has no value");
	expands("{label.pdu}", "label pdu has more than one value", "two values are no value");
	expands("{build.host}", "step build printed no member host", "a missing member is named");
	expands("{build.n.x}", "step build printed no member n.x", "a number has no members");
	expands("{build.none}", "step build printed no member none", "null is no value");
	expands("{check.x}", "step check printed no member x", "a step may have printed nothing");
	expands("{result}", "no result before the end", "a result is known at the end only");
}

static void
test_errors(void)
{
	expands("{", "{: the brace is not closed", "an open brace is refused");
	expands("{item", "{item: the brace is not closed", "a brace that stays open is refused");
	expands("{a{item}", "{a{item}: the brace is not closed", "braces do not nest");
	expands("}", "} without {; a brace itself is }}", "a closing brace alone is refused");
	expands("{}", "{} names no value; a brace itself is {{", "an empty name is refused");
	expands("{var.}", "{var.}: a name is missing beside the dot", "an empty key is refused");
	expands("{itme}",
	    "{itme}: no such value; did you mean \"item\"? (variables are {var.NAME}, labels "
	    "{label.KEY}, what a step printed {STEP.MEMBER})",
	    "an unknown name gets the near miss");
}

static void
test_argv(void)
{
	static const char *const texts[] = {"rm", "x {item}", "--", "{var.dash}"};
	struct template_values values = some_values();
	struct templates argv = {0}, bad = {0};
	struct words out = {0}, none = {0};
	struct fault f = {0};

	for (size_t i = 0; i < 4; i++)
		template_parse(vec_add(&argv), texts[i], &f);
	ok(templates_expand(&argv, &values, &out, &f) == 0, "an argv expands");
	is_int(out.n, 4, "each element stays one argument");
	is_text(out.n == 4 ? out.v[1] : "", "x db 1", "a space in a value splits nothing");
	is_text(out.n == 4 ? out.v[3] : "", "-rf", "after -- a leading dash is harmless");

	template_parse(vec_add(&bad), "rm", &f);
	template_parse(vec_add(&bad), "{var.dash}", &f);
	ok(templates_expand(&bad, &values, &none, &f) < 0, "a value cannot become an option");
	is_text(f.text, "\"-rf\" would be taken for an option; put \"--\" before it",
	    "and the message says what to do");
	words_done(&out);
	words_done(&none);
	templates_done(&argv);
	templates_done(&bad);
}

static int
count(const struct template_part *p, void *ctx)
{
	(void)p;
	++*(int *)ctx;
	return 0;
}

static void
test_json(void)
{
	struct jtext with =
	    JTEXT("{\"a{\":\"{item}\",\"b\":[1,\"{build.n}/{key}\",{}],\"c\":true}");
	struct template_values values = some_values();
	struct templates t = {0};
	struct str out = STR_INIT;
	struct fault f = {0};
	int n = 0;

	ok(template_parse_json(with, &t, &f) == 0, "strings in JSON are templates, keys are not");
	templates_each(&t, count, &n);
	is_int(n, 3, "all values in them are found");
	ok(template_expand_json(with, &values, &out, &f) == 0, "JSON expands");
	is_text(out.text, "{\"a{\":\"db 1\",\"b\":[1,\"3/7/db 1/build\",{}],\"c\":true}",
	    "and is JSON again");
	templates_done(&t);
	str_done(&out);
}

int
main(void)
{
	test_values();
	test_missing();
	test_errors();
	test_argv();
	test_json();
	ok(template_reserved("label") && template_reserved("item") && !template_reserved("build"),
	    "words with a meaning in templates are reserved");
	return tap_end();
}
