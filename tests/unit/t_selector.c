/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet.h"
#include "fleet/expr/expr.h"
#include "fleet/ref.h"
#include "fleet/select/select.h"
#include "tap.h"

#include <unistd.h>

/* Names of what a selection gives, joined by spaces; of a fault "! " and its text. */
static char *
names_of(struct session *s, const struct ids *ids)
{
	struct str out = STR_INIT;
	struct fault f = {0};

	for (size_t i = 0; i < ids->n; i++) {
		struct item item = {0};

		must(item_get(s, ids->v[i], &item, &f), &f);
		str_addf(&out, "%s%s", i ? " " : "", item.name);
		item_done(&item);
	}
	return str_take(&out);
}

struct said {
	struct str text;
};

static void
hear(const char *text, void *ctx)
{
	struct said *said = ctx;

	str_addf(&said->text, "%s\n", text);
}

/* Selects; what was warned of goes to said. */
static char *
chosen(struct session *s, const struct select_options *o, char *const *names, int n,
    enum select_purpose purpose, struct said *said)
{
	struct ids ids = {0};
	struct fault f = {0};
	char *out;

	str_reset(&said->text);
	if (select_items(s, o, names, n, purpose, hear, said, &ids, &f) < 0)
		out = mem_printf("! %s", f.text);
	else
		out = names_of(s, &ids);
	vec_done(&ids);
	return out;
}

static void
chooses(struct session *s, const struct select_options *o, const char *wanted, const char *warned,
    const char *sentence)
{
	struct said said = {0};
	char *got = chosen(s, o, NULL, 0, SELECT_TO_READ, &said);

	is_text(got, wanted, "%s", sentence);
	is_text(said.text.text, warned, "%s: and warns of what is doubtful", sentence);
	free(got);
	str_done(&said.text);
}

static void
refuses_to_act(
    struct session *s, const struct select_options *o, const char *wanted, const char *sentence)
{
	struct said said = {0};
	char *got = chosen(s, o, NULL, 0, SELECT_TO_ACT, &said);

	is_text(got, wanted, "%s", sentence);
	is_text(said.text.text, "", "%s: without a warning", sentence);
	free(got);
	str_done(&said.text);
}

/* ---- the fleet ---- */

static const char *const records[] = {
    "{\"kind\":\"cloud\",\"name\":\"us\",\"variables\":{\"tz\":\"UTC\",\"ntp\":\"n1\"}}",
    "{\"kind\":\"region\",\"name\":\"dfw\",\"cloud\":\"us\",\"variables\":{\"tz\":\"CST\"}}",
    "{\"kind\":\"region\",\"name\":\"iad\",\"cloud\":\"us\"}",
    "{\"kind\":\"cell\",\"name\":\"c1\",\"region\":\"dfw\",\"variables\":{\"mtu\":9000}}",
    "{\"kind\":\"label\",\"name\":\"compute\",\"variables\":{\"mtu\":1500,\"role\":\"compute\"}}",
    "{\"kind\":\"host\",\"name\":\"h1\",\"region\":\"dfw\",\"cell\":\"c1\",\"ip_address\":\"10.0.0."
    "1\","
    "\"labels\":[\"compute\",\"cabinet=a12\"],\"variables\":{\"ram_gb\":512,\"up\":true}}",
    "{\"kind\":\"host\",\"name\":\"h2\",\"region\":\"dfw\",\"cell\":\"c1\",\"vlan\":30,"
    "\"labels\":[\"cabinet=a12\",\"cabinet=a13\"],\"variables\":{\"ram_gb\":256,\"tz\":\"MST\"}}",
    "{\"kind\":\"host\",\"name\":\"h3\",\"region\":\"iad\",\"active\":false,"
    "\"labels\":[\"cabinet=b1\",\"maintenance\"],\"variables\":{\"ram_gb\":\"n/a\",\"ntp\":null}}",
    "{\"kind\":\"network-device\",\"name\":\"sw1\",\"region\":\"iad\",\"variables\":{\"ram_gb\":8,"
    "\"chassis\":7}}",
    "{\"kind\":\"host\",\"name\":\"h4\",\"region\":\"iad\",\"parent\":\"sw1\",\"note\":\"odd\"}",
    "{\"kind\":\"host\",\"name\":\"h5\",\"labels\":[\"compute\"]}",
};

static void
fill(struct session *s)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++)
		fleet_put(s, "operator", records[i]);
	fleet_put(s, "netbox",
	    "{\"kind\":\"host\",\"name\":\"h1\",\"region\":\"dfw\","
	    "\"variables\":{\"ram_gb\":500,\"model\":\"r740\",\"mtu\":1400}}");
}

/* ---- label selectors ---- */

static const struct {
	const char *text, *wanted;
} selectors[] = {
    {"cabinet=a12", "h1 h2"},
    {"cabinet==a12", "h1 h2"},
    {" cabinet = a12 ", "h1 h2"},
    {"cabinet!=a12,kind=host", "h3 h4 h5"},
    {"cabinet in (a13,b1)", "h2 h3"},
    {"cabinet in (a13, b1 ),kind=host", "h2 h3"},
    {"cabinet notin (a13,b1),kind in (host)", "h1 h4 h5"},
    {"cabinet", "h1 h2 h3"},
    {"!cabinet,kind=host", "h4 h5"},
    {"compute", "h1 h5"},
    {"compute=", "h1 h5"},
    {"compute in ()", "h1 h5"},
    {"compute in (x,)", "h1 h5"},
    {"compute=x", ""},
    {"compute!=,cabinet", "h2 h3"},
    {"compute,cabinet=a12", "h1"},
    {"compute,!cabinet", "h5"},
    {"cabinet,!maintenance", "h1 h2"},
    {"in in (notin)", ""},
    {"region=dfw", "c1 h1 h2"},
    {"region=dfw,kind!=cell", "h1 h2"},
    {"region!=dfw,kind=host", "h3 h4 h5"},
    {"!region,kind=host", "h5"},
    {"!cell,region=iad", "h3 sw1 h4"},
    {"cell=c1,cloud=us", "h1 h2"},
    {"cloud,kind=region", "dfw iad"},
    {"name=h1", "h1"},
    {"name in (h1,h5,nobody)", "h1 h5"},
    {"name!=h1,kind=host", "h2 h3 h4 h5"},
    {"!name", ""},
    {"kind notin (host,cell,region,cloud)", "sw1"},
    {"kind=label,name=compute", "compute"},
    {"", "! label selector: an empty selector"},
    {" ", "! label selector: an empty selector"},
    {"cabinet=a12,", "! label selector: column 13: the end where a label's key should be"},
    {",cabinet", "! label selector: column 1: \",\" where a label's key should be"},
    {"cabinet a12",
	"! label selector: column 9: \"a12\" where =, !=, in, notin or a comma should be"},
    {"cabinet in a12",
	"! label selector: column 12: \"a12\" where ( and a list of values should be"},
    {"cabinet in (a12", "! label selector: column 16: the end where , or ) should be"},
    {"cabinet > 5",
	"! label selector: column 9: labels are not ordered; compare variables with --where"},
    {"!cabinet=a12", "! label selector: column 9: \"=\" where a comma should be"},
    {"!!cabinet", "! label selector: column 2: \"!\" where a label's key should be"},
    {"=a12", "! label selector: column 1: \"=\" where a label's key should be"},
    {"cabinet=a=b", "! label selector: column 10: \"=\" where a comma should be"},
};

/* What selector_items gives, and whether selector_has says the same of every item. */
static void
test_selector(struct session *s, const char *text, const char *wanted)
{
	struct fault f = {0};
	struct selector *sel = selector_new(text, &f);
	struct ids ids = {0}, one_by_one = {0};
	char *got, *again;

	if (!sel) {
		got = mem_printf("! %s", f.text);
		is_text(got, wanted, "%s", text);
		free(got);
		return;
	}
	must(selector_items(s, sel, 0, NULL, &ids, &f), &f);
	for (int64_t id = 1; id < 100; id++)
		if (selector_has(s, sel, id, &f) == 1)
			vec_push(&one_by_one, id);
	got = names_of(s, &ids);
	again = names_of(s, &one_by_one);
	is_text(got, wanted, "%s", text);
	is_text(again, wanted, "%s, one by one", text);
	free(got);
	free(again);
	vec_done(&ids);
	vec_done(&one_by_one);
	selector_free(sel);
}

static void
test_new_labels(struct session *s)
{
	struct fault f = {0};
	struct selector *sel = selector_new("!quarantine", &f);
	int64_t id = fleet_put(s, "operator", "{\"kind\":\"host\",\"name\":\"late\"}");

	is_int(selector_has(s, sel, id, &f), 1, "an item without the label matches");
	fleet_put(
	    s, "operator", "{\"kind\":\"host\",\"name\":\"late\",\"labels\":[\"quarantine=yes\"]}");
	is_int(selector_has(s, sel, id, &f), 0, "a label newer than the selector counts");
	selector_free(sel);
}

/* ---- all the ways together ---- */

static void
test_options(struct session *s)
{
	chooses(s,
	    &(struct select_options){.labels = "cabinet", .where = "ram_gb < 512", .without = "h1"},
	    "h2", "host:iad/h3: --where: compares text 'n/a' with number 512\n",
	    "-l, -x and --where all narrow");
	chooses(s, &(struct select_options){.labels = "cabnet=a12"}, "",
	    "unknown label cabnet; did you mean \"cabinet\"?\n", "an unknown label");
	chooses(s, &(struct select_options){.labels = "region=dwf,kind in (hots)"}, "",
	    "unknown region dwf; did you mean \"dfw\"?\nunknown kind hots; did you mean "
	    "\"host\"?\n",
	    "an unknown region and kind");
	chooses(s, &(struct select_options){.where = "ram_bg > 5"}, "",
	    "--where: unknown variable ram_bg; did you mean \"ram_gb\"?\n", "an unknown variable");
	chooses(s, &(struct select_options){.where = "item.nmae = 'h1'"}, "",
	    "--where: unknown attribute nmae; did you mean \"name\"?\n", "an unknown attribute");
	chooses(s, &(struct select_options){.where = "item.vlan = 30"}, "h2", "",
	    "an attribute of one source's own");
	chooses(s, &(struct select_options){.where = "has('compte')"}, "",
	    "--where: unknown label compte; did you mean \"compute\"?\n", "an unknown has()");
	chooses(s, &(struct select_options){.with = "h[1-2],h9"}, "h1 h2",
	    "-w: no item is named h9\n", "-w with one unknown name");
	chooses(s, &(struct select_options){.with = "h[1-5]", .without = "h[2-4]", .kind = "host"},
	    "h1 h5", "", "-w, -x and --kind");
	chooses(s, &(struct select_options){.where = "item.kind = 'label' and role is not null"},
	    "compute", "", "labels by their kind in --where");
	chooses(s, &(struct select_options){.kind = "label"},
	    "compute cabinet=a12 cabinet=a13 cabinet=b1 maintenance", "", "labels by their kind");
	chooses(s, &(struct select_options){.kind = "rack"}, "", "unknown kind rack\n",
	    "an unknown --kind");
	chooses(s, &(struct select_options){0}, "us dfw iad c1 h1 h2 h3 sw1 h4 h5", "",
	    "nothing asked for is everything, when reading");
	chooses(s, &(struct select_options){.with = "h[1-"},
	    "! -w: host list \"h[1-\": a bracket holds numbers and ranges, like [1-5,8,10-20/2]",
	    "", "a bad host list");
	chooses(s, &(struct select_options){.where = "ram_gb >"},
	    "! --where: column 9: the end where a value should be", "", "a bad expression");
	chooses(s, &(struct select_options){.where = "ram_gb", .kind = "network-device"}, "",
	    "network-device:iad/sw1: --where: a condition wants true or false, not number 8\n",
	    "no condition");
}

static void
test_acting(struct session *s)
{
	refuses_to_act(s, &(struct select_options){0},
	    "! no items chosen: name them, choose by -l, -w, --kind, --where or --vars, "
	    "or spell --all",
	    "nothing means nothing");
	refuses_to_act(s, &(struct select_options){.all = 1}, "us dfw iad c1 h1 h2 h3 sw1 h4 h5",
	    "--all means all");
	refuses_to_act(s, &(struct select_options){.without = "h1"},
	    "! no items chosen: name them, choose by -l, -w, --kind, --where or --vars, "
	    "or spell --all",
	    "-x alone chooses nothing");
	refuses_to_act(s, &(struct select_options){.labels = "cabinet=z9"}, "! no item matches",
	    "an empty selection is refused");
	refuses_to_act(s, &(struct select_options){.labels = "!maintenanc"},
	    "! unknown label maintenanc; did you mean \"maintenance\"?",
	    "a mistyped label is refused");
	refuses_to_act(s, &(struct select_options){.with = "h[1-9]"}, "! -w: no item is named h6",
	    "a host that is not there is refused");
	refuses_to_act(s, &(struct select_options){.all = 1, .without = "h11"},
	    "! -x: no item is named h11", "a mistyped -x is refused");
	refuses_to_act(s, &(struct select_options){.where = "ram_gb > 5"},
	    "! host:iad/h3: --where: compares text 'n/a' with number 5",
	    "an item that --where cannot be told for is refused");
	refuses_to_act(s, &(struct select_options){.where = "ram_gb > 5", .with = "h[1-2]"},
	    "h1 h2", "what is chosen is asked only of what -w names");
}

/* ---- names ---- */

static void
test_names(struct session *s)
{
	static char h1[] = "h1", ref[] = "host:dfw/h2", none[] = "h7", label[] = "label:compute";
	char *names[] = {ref, h1, ref, none, label};
	struct said said = {0};
	struct select_options o = {0};
	char *got = chosen(s, &o, names, 5, SELECT_TO_READ, &said);

	is_text(got, "compute h1 h2", "names and refs choose, each once, labels too when named");
	ok(strstr(said.text.text, "h7") != NULL, "an unknown name is warned of");
	free(got);
	got = chosen(s, &o, names, 5, SELECT_TO_ACT, &said);
	ok(strncmp(got, "! ", 2) == 0 && strstr(got, "h7"),
	    "an unknown name is refused when acting");
	free(got);
	o.labels = "compute";
	got = chosen(s, &o, names, 3, SELECT_TO_READ, &said);
	is_text(got, "h1", "names are narrowed by the other options");
	free(got);
	str_done(&said.text);
}

static void
feed(const char *text)
{
	int fd[2];

	if (pipe(fd) < 0 || write(fd[1], text, strlen(text)) < 0)
		exit(1);
	close(fd[1]);
	dup2(fd[0], STDIN_FILENO);
	close(fd[0]);
}

static void
test_stdin(struct session *s)
{
	static char dash[] = "-";
	char *names[] = {dash};
	struct said said = {0};
	struct select_options o = {0};
	char *got;

	feed("h1\n\nhost:dfw/h2\n{\"kind\":\"finding\",\"item\":\"host:iad/"
	     "h3\",\"status\":\"fail\"}\n"
	     "{\"ref\":\"host:iad/h4\",\"kind\":\"host\"}\n{\"kind\":\"host\",\"name\":\"h5\"}\n"
	     "{\"kind\":\"audit\",\"complete\":true}\n{bad\n");
	got = chosen(s, &o, names, 1, SELECT_TO_READ, &said);
	is_text(got, "h1 h2 h3 h4 h5", "names, refs, findings and records come from stdin");
	ok(strstr(said.text.text, "stdin:8: ") == said.text.text, "a bad line is named");
	free(got);

	feed("h1\nh2\n");
	got = chosen(s, &o, NULL, 0, SELECT_TO_ACT, &said);
	is_text(got, "h1 h2", "a pipe is read when nothing is named");
	free(got);

	feed("");
	got = chosen(s, &o, names, 1, SELECT_TO_ACT, &said);
	is_text(got, "! no item matches", "an empty pipe is nothing, not everything");
	free(got);
	str_done(&said.text);
}

/* ---- the property: a scan says what the judge says of each item read whole ---- */

static const char *const conditions[] = {
    "ram_gb >= 512",
    "ram_gb = 500",
    "ram_gb is null",
    "tz = 'UTC'",
    "tz = 'CST' and has('compute')",
    "tz <> 'CST' or mtu = 1500",
    "mtu = 9000",
    "mtu = 1400",
    "ntp = 'n1'",
    "ntp is null",
    "role = 'compute'",
    "chassis = 7",
    "model = 'r740'",
    "has('cabinet')",
    "has('cabinet=a13') and item.kind = 'host'",
    "'host' = item.kind and not has('compute')",
    "label('cabinet') = 'a12'",
    "json_length(labels('cabinet')) = 2",
    "item.region = 'dfw' or item.cloud is null",
    "item.cell = 'c1' and cidr_contains('10.0.0.0/8', item.ip_address)",
    "item.active = false",
    "item.parent = 'network-device:iad/sw1'",
    "item.ref = 'host:h5'",
    "item.note like 'o%'",
    "item.vlan between 1 and 30",
    "item.named and item.created_at < item.updated_at",
    "up",
    "typeof(ram_gb) = 'text'",
    "coalesce(tz, 'none') in ('MST', 'none')",
    "case when has('maintenance') then false else ram_gb > 100 end",
};

static int
judged(struct session *s, struct judge *judge, const struct expr *e, int64_t id)
{
	struct expr_subject subject;
	enum expr_truth truth = EXPR_FALSE;
	struct item item = {0};
	struct fault f = {0};

	must(item_get(s, id, &item, &f), &f);
	must(expr_subject_of(s, &item, &subject, &f), &f);
	if (judge_truth(judge, e, &subject, &truth, &f) < 0)
		truth = EXPR_FALSE;
	expr_subject_done(&subject);
	item_done(&item);
	return truth == EXPR_TRUE;
}

static void
test_property(struct session *s, const char *text)
{
	const struct select_options everything = {0}, by = {.where = text};
	struct fault f = {0};
	struct expr *e = expr_new("t", text, &f);
	struct judge *judge = judge_new(&f);
	struct ids all = {0}, scanned = {0}, one_by_one = {0};
	struct said said = {0};
	char *got, *wanted;

	must(select_items(s, &everything, NULL, 0, SELECT_TO_READ, hear, &said, &all, &f), &f);
	must(select_items(s, &by, NULL, 0, SELECT_TO_READ, hear, &said, &scanned, &f), &f);
	for (size_t i = 0; i < all.n; i++)
		if (judged(s, judge, e, all.v[i]))
			vec_push(&one_by_one, all.v[i]);
	got = names_of(s, &scanned);
	wanted = names_of(s, &one_by_one);
	is_text(got, wanted, "%s: the scan says what the judge says", text);
	free(got);
	free(wanted);
	vec_done(&all);
	vec_done(&scanned);
	vec_done(&one_by_one);
	str_done(&said.text);
	judge_free(judge);
	expr_free(e);
}

int
main(void)
{
	struct session s = {0};

	fleet_open(&s, NULL);
	fill(&s);
	for (size_t i = 0; i < sizeof(selectors) / sizeof(*selectors); i++)
		test_selector(&s, selectors[i].text, selectors[i].wanted);
	test_options(&s);
	test_acting(&s);
	test_names(&s);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++)
		test_property(&s, conditions[i]);
	test_stdin(&s);
	test_new_labels(&s);
	session_close(&s);
	return tap_end();
}
