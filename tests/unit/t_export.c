/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include "base/mem.h"
#include "fleet/bulk/export.h"
#include "fleet/bulk/import.h"
#include "fleet/log/change.h"
#include "fleet/source.h"
#include "io/file.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/craton-export-XXXXXX";
static struct fault f;
static struct str bad;

static void
note_bad(void *ctx, const struct fault *why)
{
	(void)ctx;
	str_addf(&bad, "%s\n", why->text);
}

static void
pass_note(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static char *
path_of(const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

static void
open_db(struct session *s, const char *name)
{
	char *path = path_of(name);
	struct session_options o = {.db = path};

	if (session_open(s, &o, DB_WRITE, &f) < 0) {
		fprintf(stderr, "%s\n", f.text);
		exit(1);
	}
	free(path);
}

static int
import_file(struct session *s, const char *source, const char *path)
{
	struct import im = {.source = source, .bad = note_bad, .note = pass_note};

	return import_run(s, &im, path, &f);
}

static int
import_text(struct session *s, const char *source, const char *text)
{
	char *path = path_of("in.jsonl");
	int status = file_replace(path, text, strlen(text), &f);

	if (status == 0)
		status = import_file(s, source, path);
	free(path);
	return status;
}

static int
add_line(void *ctx, struct jtext record, struct fault *why)
{
	struct str *out = ctx;

	(void)why;
	str_addn(out, record.text, record.len);
	str_addc(out, '\n');
	return 0;
}

/* Exports, imports that into a new file, exports again: the same bytes, nothing bad. */
static int
survives(struct session *s, struct str *first)
{
	static int n;
	char *name = mem_printf("copy%d.db", n++);
	struct str second = STR_INIT;
	struct session copy;
	int same = 0;

	str_reset(first);
	str_reset(&bad);
	if (export_all(s, add_line, first, &f) < 0)
		printf("# %s\n", f.text);
	open_db(&copy, name);
	if (import_text(&copy, NULL, first->text) == 0 &&
	    export_all(&copy, add_line, &second, &f) == 0)
		same = strcmp(first->text, second.text) == 0 && bad.len == 0;
	else
		printf("# %s\n", f.text);
	if (!same)
		printf("# %s\n# ---\n%s# ---\n%s", bad.text, first->text, second.text);
	session_close(&copy);
	str_done(&second);
	free(name);
	return same;
}

static void
shape(void)
{
	struct str out = STR_INIT;
	struct session s;

	open_db(&s, "shape.db");
	ok(import_text(&s, "cmdb",
	       "{\"kind\":\"cloud\",\"name\":\"us\"}\n"
	       "{\"kind\":\"region\",\"name\":\"dfw\",\"cloud\":\"us\"}\n"
	       "{\"kind\":\"cell\",\"name\":\"c1\",\"region\":\"dfw\"}\n"
	       "{\"kind\":\"host\",\"name\":\"db 1\",\"cell\":\"c1\",\"key\":\"7\",\"rack\":\"a\","
	       "\"labels\":[\"b\",\"a\"],\"variables\":{\"ram_gb\":512.0},"
	       "\"relations\":[{\"type\":\"uses\",\"to\":\"host:dfw/db2\"}]}\n"
	       "{\"kind\":\"host\",\"name\":\"db2\",\"cell\":\"c1\"}\n") == 0,
	    "a small fleet is imported");
	ok(survives(&s, &out), "its export comes back the same");
	is_text(out.text,
	    "{\"kind\":\"source\",\"name\":\"operator\",\"rank\":10}\n"
	    "{\"kind\":\"source\",\"name\":\"cmdb\",\"rank\":100}\n"
	    "{\"kind\":\"label\",\"name\":\"b\",\"ref\":\"label:b\",\"source\":\"cmdb\"}\n"
	    "{\"kind\":\"label\",\"name\":\"a\",\"ref\":\"label:a\",\"source\":\"cmdb\"}\n"
	    "{\"kind\":\"cloud\",\"name\":\"us\",\"ref\":\"cloud:us\",\"source\":\"cmdb\"}\n"
	    "{\"kind\":\"region\",\"name\":\"dfw\",\"ref\":\"region:us/dfw\",\"source\":\"cmdb\","
	    "\"cloud\":\"cloud:us\"}\n"
	    "{\"kind\":\"cell\",\"name\":\"c1\",\"ref\":\"cell:dfw/c1\",\"source\":\"cmdb\","
	    "\"region\":\"region:us/dfw\"}\n"
	    "{\"kind\":\"host\",\"name\":\"db 1\",\"ref\":\"host:dfw/db%201\",\"source\":\"cmdb\","
	    "\"key\":\"7\",\"cell\":\"cell:dfw/c1\",\"rack\":\"a\",\"labels\":[\"a\",\"b\"],"
	    "\"variables\":{\"ram_gb\":512.0},"
	    "\"relations\":[{\"type\":\"uses\",\"to\":\"host:dfw/db2\"}]}\n"
	    "{\"kind\":\"host\",\"name\":\"db2\",\"ref\":\"host:dfw/db2\",\"source\":\"cmdb\","
	    "\"cell\":\"cell:dfw/c1\"}\n",
	    "a line for each source, then one for each item and source");
	session_close(&s);
	str_done(&out);
}

/* Each case is a fleet that grew in an order in which its export cannot be read back. */
static void
histories(void)
{
	static const struct {
		const char *what, *first, *then, *last; /* by cmdb, netbox, cmdb */
	} cases[] = {
	    {"a label put on an item that is older",
		"{\"kind\":\"host\",\"name\":\"a\"}\n{\"kind\":\"label\",\"name\":\"z\"}\n",
		"{\"kind\":\"host\",\"name\":\"a\",\"labels\":[\"y\",\"z\",\"x\"]}\n", ""},
	    {"a label that carries a younger one",
		"{\"kind\":\"label\",\"name\":\"a\"}\n{\"kind\":\"label\",\"name\":\"b\"}\n",
		"{\"kind\":\"label\",\"name\":\"a\",\"labels\":[\"b\"]}\n", ""},
	    {"a host moved to a younger cell",
		"{\"kind\":\"region\",\"name\":\"r\"}\n"
		"{\"kind\":\"host\",\"name\":\"a\",\"region\":\"r\"}\n"
		"{\"kind\":\"cell\",\"name\":\"c\",\"region\":\"r\"}\n",
		"", "{\"kind\":\"host\",\"ref\":\"host:r/a\",\"cell\":\"c\"}\n"},
	    {"a container put on a younger host",
		"{\"kind\":\"container\",\"name\":\"a\",\"key\":\"1\"}\n"
		"{\"kind\":\"host\",\"name\":\"b\"}\n",
		"", "{\"kind\":\"container\",\"key\":\"1\",\"parent\":\"host:b\"}\n"},
	    {"a nameless item to which a better source gives a name",
		"{\"kind\":\"region\",\"name\":\"r\"}\n",
		"{\"kind\":\"host\",\"key\":\"device-9\",\"region\":\"r\"}\n",
		"{\"kind\":\"host\",\"ref\":\"key:netbox/"
		"device-9\",\"name\":\"a\",\"key\":\"CI1\"}\n"},
	    {"a nameless item that two sources know by a key", "",
		"{\"kind\":\"host\",\"key\":\"device-9\"}\n",
		"{\"kind\":\"host\",\"ref\":\"key:netbox/device-9\",\"key\":\"CI1\"}\n"},
	    {"an item known by its key, with a layer of a better source", "",
		"{\"kind\":\"vm\",\"name\":\"v\",\"key\":\"vm/1\"}\n",
		"{\"kind\":\"vm\",\"ref\":\"key:netbox/vm/1\",\"variables\":{\"a\":1}}\n"},
	    {"an item known by its first name, renamed", "{\"kind\":\"rack\",\"name\":\"old\"}\n",
		"", "{\"kind\":\"rack\",\"ref\":\"rack:cmdb/old\",\"name\":\"new\"}\n"},
	    {"hosts of one name in two regions and in none",
		"{\"kind\":\"region\",\"name\":\"r\"}\n{\"kind\":\"region\",\"name\":\"q\"}\n"
		"{\"kind\":\"host\",\"name\":\"a\",\"region\":\"r\"}\n"
		"{\"kind\":\"host\",\"name\":\"a\",\"region\":\"q\"}\n",
		"{\"kind\":\"host\",\"name\":\"a\",\"key\":\"1\"}\n", ""},
	    {"regions of one name in two clouds",
		"{\"kind\":\"cloud\",\"name\":\"x\"}\n{\"kind\":\"cloud\",\"name\":\"y\"}\n"
		"{\"kind\":\"region\",\"name\":\"r\",\"cloud\":\"x\"}\n"
		"{\"kind\":\"region\",\"name\":\"r\",\"cloud\":\"y\"}\n"
		"{\"kind\":\"host\",\"name\":\"a\",\"region\":\"region:x/r\"}\n"
		"{\"kind\":\"host\",\"name\":\"a\",\"region\":\"region:y/r\"}\n",
		"", ""},
	    {"an item for which a source has two keys",
		"{\"kind\":\"host\",\"name\":\"a\",\"key\":\"new\"}\n", "",
		"{\"kind\":\"host\",\"ref\":\"host:a\",\"key\":\"another\"}\n"},
	    {"relations to what is older and younger",
		"{\"kind\":\"host\",\"name\":\"a\"}\n{\"kind\":\"label\",\"name\":\"l\"}\n"
		"{\"kind\":\"host\",\"name\":\"c\",\"relations\":[{\"type\":\"uses\",\"to\":"
		"\"label:l\"},"
		"{\"type\":\"uses\",\"to\":\"host:a\"},{\"type\":\"runs-on\",\"to\":\"host:d\"}]}\n"
		"{\"kind\":\"host\",\"name\":\"d\"}\n",
		"", ""},
	    {"a fleet of nothing", "", "", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *name = mem_printf("case%zu.db", i);
		struct str out = STR_INIT;
		struct session s;

		str_reset(&bad);
		open_db(&s, name);
		if (import_text(&s, "cmdb", cases[i].first) < 0 ||
		    import_text(&s, "netbox", cases[i].then) < 0 ||
		    import_text(&s, "cmdb", cases[i].last) < 0 || bad.len)
			ok(0, "%s: %s %s", cases[i].what, f.text, bad.text);
		else
			ok(survives(&s, &out), "%s comes back the same", cases[i].what);
		session_close(&s);
		str_done(&out);
		free(name);
	}
}

static void
ranks(void)
{
	struct str out = STR_INIT;
	struct session s;
	struct change c;

	open_db(&s, "ranks.db");
	ok(import_text(&s, NULL,
	       "{\"kind\":\"source\",\"name\":\"cmdb\",\"rank\":7}\n"
	       "{\"kind\":\"host\",\"name\":\"a\",\"source\":\"cmdb\"}\n") == 0 &&
		change_begin(&c, &s, s.operator, & f) == 0 &&
		change_rank(&c, s.operator, 3, &f) == 1 && change_commit(&c, &f) == 0,
	    "sources have ranks of their own");
	ok(survives(&s, &out) && strstr(out.text, "\"name\":\"operator\",\"rank\":3}") &&
		strstr(out.text, "\"name\":\"cmdb\",\"rank\":7}"),
	    "which come back the same");
	session_close(&s);
	str_done(&out);
}

static void
real_data(void)
{
	struct str out = STR_INIT;
	struct session s;

	open_db(&s, "real.db");
	str_reset(&bad);
	ok(import_file(&s, "netbox", "share/demo/netbox.jsonl") == 0 &&
		import_file(&s, "facter", "tests/golden/facter.jsonl") == 0 &&
		import_file(&s, "cmdb", "share/demo/overlay.jsonl") == 0 && bad.len == 0,
	    "the demo's three sources are imported without a bad line");
	ok(survives(&s, &out), "and come back the same");
	session_close(&s);
	str_done(&out);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

int
main(void)
{
	if (!mkdtemp(folder))
		return 1;
	shape();
	histories();
	ranks();
	real_data();
	str_done(&bad);
	ok(nftw(folder, remove_one, 4, FTW_DEPTH | FTW_PHYS) == 0, "nothing is left behind");
	return tap_end();
}
