/* SPDX-License-Identifier: Apache-2.0 */
#include "base/when.h"
#include "fleet.h"
#include "fleet/query/query.h"
#include "store/guard_views.h"
#include "tap.h"

#include <sys/stat.h>
#include <unistd.h>

/* All rows: columns with "|" between, rows with ";"; or "! " and the fault. */
static char *
answer_with(struct session *s, const char *sql, struct jtext parameters)
{
	struct str out = STR_INIT;
	struct query q;
	struct guard_rows *rows = &q.rows;
	struct fault f = {0};
	int more = query_open(&q, s, sql, parameters, &f);

	str_reset(&out);
	while (more >= 0 && (more = guard_next(rows, &f)) == 1) {
		str_add(&out, out.len ? ";" : "");
		for (int i = 0; i < guard_columns(rows); i++) {
			const char *text = guard_text(rows, i);

			str_addf(&out, "%s%s", i ? "|" : "", text ? text : "null");
		}
	}
	if (more < 0) {
		str_reset(&out);
		str_addf(&out, "! %s", f.text);
	}
	query_close(&q);
	return str_take(&out);
}

static char *
answer(struct session *s, const char *sql)
{
	return answer_with(s, sql, (struct jtext){0});
}

static void
fill(struct session *s)
{
	fleet_put(s, "operator", "{\"kind\":\"cloud\",\"name\":\"us\"}");
	fleet_put(s, "operator", "{\"kind\":\"region\",\"name\":\"dfw\",\"cloud\":\"us\"}");
	fleet_put(s, "operator",
	    "{\"kind\":\"host\",\"name\":\"h1\",\"region\":\"dfw\",\"ip_address\":\"10.0.0.1\","
	    "\"labels\":[\"compute\",\"cabinet=a=12\"],"
	    "\"variables\":{\"ram_gb\":512,\"up\":true,\"os\":{\"name\":\"debian\"}}}");
	fleet_put(s, "netbox",
	    "{\"kind\":\"host\",\"name\":\"h1\",\"region\":\"dfw\",\"labels\":[\"compute\"],"
	    "\"variables\":{\"ram_gb\":256,\"model\":\"r740\"}}");
	fleet_put(s, "operator",
	    "{\"kind\":\"host\",\"name\":\"h2\",\"region\":\"dfw\",\"variables\":{\"ram_gb\":8},"
	    "\"relations\":[{\"type\":\"depends-on\",\"to\":\"host:dfw/h1\"}]}");
}

/* ---- what it answers ---- */

static const struct {
	const char *sql, *wanted;
} answers[] = {
    {"SELECT name, cloud, region, cell, ip_address, active FROM items WHERE kind = 'host'"
     " ORDER BY name",
	"h1|us|dfw|null|10.0.0.1|1;h2|us|dfw|null|null|1"},
    {"SELECT i.name, v.key, v.value, v.type, v.source FROM variables AS v"
     " JOIN items AS i ON i.id = v.item WHERE i.name = 'h1' AND v.wins ORDER BY v.key",
	"h1|model|r740|text|netbox;h1|os|{\"name\":\"debian\"}|object|operator;"
	"h1|ram_gb|512|integer|operator;h1|up|1|true|operator"},
    {"SELECT value, source, wins FROM variables WHERE key = 'ram_gb' ORDER BY value",
	"8|operator|1;256|netbox|0;512|operator|1"},
    {"SELECT value FROM attributes WHERE key = 'ip_address' AND wins", "10.0.0.1"},
    {"SELECT label, key, value, source FROM labels ORDER BY label, source",
	"cabinet=a=12|cabinet|a=12|operator;compute|compute||netbox;compute|compute||operator"},
    {"SELECT a.name, r.type, b.name FROM relations AS r JOIN items AS a ON a.id = r.src"
     " JOIN items AS b ON b.id = r.dst",
	"h2|depends-on|h1"},
    {"SELECT key, value, level = item, source FROM resolved WHERE item ="
     " (SELECT id FROM items WHERE name = 'h1') ORDER BY key",
	"model|r740|1|netbox;os|{\"name\":\"debian\"}|1|operator;ram_gb|512|1|operator;"
	"up|1|1|operator"},
    {"SELECT ref(item), value, typeof(value), type FROM resolved WHERE key = 'ram_gb'"
     " ORDER BY item",
	"host:dfw/h1|512|integer|integer;host:dfw/h2|8|integer|integer"},
    {"SELECT count(*) FROM resolved WHERE item = 999999", "0"},
    {"SELECT count(*) FROM resolved WHERE item = 'h1' OR key = NULL", "0"},
    {"SELECT key, value, source, wins FROM conflicts ORDER BY wins",
	"ram_gb|256|netbox|0;ram_gb|512|operator|1"},
    {"SELECT ref FROM items WHERE name = 'h2'", "host:dfw/h2"},
    {"SELECT ref(999999), ref('x'), ref(NULL)", "null|null|null"},
    {"SELECT name, rank FROM sources ORDER BY rank", "operator|10;netbox|100"},
    {"SELECT op, source FROM history WHERE source = 'netbox' AND item <> 0", "layer|netbox"},
    {"SELECT count(*) FROM findings", "0"},
    {"SELECT count(*), sum(value) FROM variables WHERE key = 'ram_gb' AND wins;  -- done", "2|520"},
    {"SELECT region, count(*) FROM items WHERE region IS NOT NULL GROUP BY region HAVING "
     "count(*) > 1",
	"dfw|2"},
    {"WITH big AS (SELECT item FROM variables WHERE key = 'ram_gb' AND wins AND value > 100)"
     " SELECT name FROM items WHERE id IN big",
	"h1"},
    {"SELECT vercmp('5.9', '5.15'), cidr_contains('10.0.0.0/8', ip_address), name REGEXP '^h\\d$'"
     " FROM items WHERE name = 'h1'",
	"-1|1|1"},
    {"SELECT json_extract(value, '$.name'), value ->> 'name' FROM variables WHERE key = 'os'",
	"debian|debian"},
    {"SELECT name, row_number() OVER (ORDER BY name) FROM items WHERE kind = 'host'", "h1|1;h2|2"},
    {"SELECT e.value FROM json_each('[1,2]') AS e", "1;2"},
    {"WITH two AS (SELECT 1 UNION ALL SELECT 2) SELECT count(*) FROM two", "2"},
    {"SELECT name FROM items WHERE kind = 'host' AND id NOT IN (SELECT item FROM labels)", "h2"},
};

/* ---- attacks ---- */

static const struct {
	const char *sql, *refusal;
} attacks[] = {
    /* the seventeen of the first trial */
    {"SELECT 1); DELETE FROM item; --", "! query: near \")\": syntax error"},
    {"SELECT 1; DELETE FROM item", "! query: more than one statement"},
    {"SELECT sql FROM sqlite_master", "! query: not a view for queries: sqlite_master"},
    {"SELECT * FROM sqlite_temp_master", "! query: not a view for queries: sqlite_temp_master"},
    {"SELECT reason FROM txn", "! query: not a view for queries: txn"},
    {"SELECT * FROM pragma_table_info('item')", "! query: not authorized"},
    {"PRAGMA writable_schema = ON", "! query: only SELECT"},
    {"ATTACH 'other.db' AS other", "! query: only SELECT"},
    {"SELECT load_extension('/tmp/x.so')",
	"! query: not authorized to use function: load_extension"},
    {"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
	"! query: no recursive queries"},
    {"SELECT zeroblob(1000000000)", "! query: not authorized to use function: zeroblob"},
    {"SELECT printf('%.900000000c', 'x')", "! query: not authorized to use function: printf"},
    {"SELECT readfile('/etc/passwd')", "! query: no such function: readfile"},
    {"DELETE FROM item", "! query: only SELECT"},
    {"UPDATE item SET name = 'x'", "! query: only SELECT"},
    {"CREATE TABLE t (x)", "! query: only SELECT"},
    {"SELECT randomblob(1000000000)", "! query: not authorized to use function: randomblob"},
    /* and ours */
    {"SELECT name FROM item", "! query: not a view for queries: item"},
    {"WITH items AS (SELECT * FROM item) SELECT name FROM items",
	"! query: not a view for queries: item"},
    {"WITH items AS MATERIALIZED (SELECT * FROM txn) SELECT * FROM items",
	"! query: not a view for queries: txn"},
    {"SELECT (SELECT hash FROM txn LIMIT 1) FROM items", "! query: not a view for queries: txn"},
    {"SELECT * FROM (SELECT * FROM document) AS variables",
	"! query: not a view for queries: document"},
    {"SELECT count(*) FROM chg", "! query: not a view for queries: chg"},
    {"SELECT name FROM items WHERE id = (SELECT max(id) FROM main.item)",
	"! query: not a view for queries: item"},
    {"INSERT INTO items (name) VALUES ('x')", "! query: only SELECT"},
    {"DROP VIEW items", "! query: only SELECT"},
    {"EXPLAIN SELECT name FROM items", "! query: only SELECT"},
    {"EXPLAIN QUERY PLAN SELECT name FROM items", "! query: only SELECT"},
    {"BEGIN IMMEDIATE", "! query: only SELECT"},
    {"VACUUM INTO '/tmp/copy.db'", "! query: only SELECT"},
    {"SELECT fts3_tokenizer('simple')", "! query: not authorized to use function: fts3_tokenizer"},
    {"SELECT writefile('x', 'y'), edit('x')", "! query: no such function: writefile"},
    {"SELECT sqlite_compileoption_get(1)",
	"! query: not authorized to use function: sqlite_compileoption_get"},
    {"SELECT * FROM dbstat", "! query: vtable constructor failed: dbstat"},
    {"SELECT name FROM items WHERE name = $1", "! query: a value is asked for as :name"},
    {"SELECT name FROM items WHERE name = \"h1\"", "! query: no such column: h1"},
    {"SELECT name FROM itms", "! query: no view itms; did you mean \"items\"?"},
    {"SELECT quote(zeroblob(100000000))", "! query: not authorized to use function: quote"},
    {"SELECT hex(zeroblob(100000))", "! query: not authorized to use function: zeroblob"},
    {"SAVEPOINT x", "! query: only SELECT"},
    {"REINDEX", "! query: only SELECT"},
    {"ANALYZE", "! query: only SELECT"},
    {"SELEC 1", "! query: near \"SELEC\": syntax error"},
    {"", "! query: empty"},
    {" -- nothing\n", "! query: empty"},
};

static void
test_answers(struct session *s)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		char *got = answer(s, answers[i].sql);

		is_text(got, answers[i].wanted, "answers %s", answers[i].sql);
		free(got);
	}
}

/* Also where the query asks for none of its columns. */
static void
test_views(struct session *s)
{
	for (const struct guard_view *v = guard_views; v->name; v++) {
		char *sql = mem_printf("SELECT count(*) >= 0 FROM %s", v->name);
		char *got = answer(s, sql);

		is_text(got, "1", "counts %s", v->name);
		free(got);
		free(sql);
	}
}

static void
test_parameters(struct session *s)
{
	static const struct {
		const char *sql, *parameters, *wanted;
	} asked[] = {
	    {"SELECT name FROM items WHERE name = :who", "{\"who\":\"h1\"}", "h1"},
	    {"SELECT :a, typeof(:a), :b, typeof(:b)", "{\"a\":12,\"b\":\"12\"}",
		"12|integer|12|text"},
	    {"SELECT :a, :b, :c", "{\"a\":null,\"b\":true,\"c\":1.5}", "null|1|1.5"},
	    {"SELECT name FROM items WHERE name = :who", "{\"who\":\"h1' OR 1 --\"}", ""},
	    {"SELECT :who", "{}", "! query: :who has no value"},
	    {"SELECT 1", "{\"who\":1}", "! query: has no :who"},
	    {"SELECT $who", "{\"who\":1}", "! query: a value is asked for as :name"},
	    {"SELECT ?", "{}", "! query: a value is asked for as :name"},
	};

	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		char *got = answer_with(s, asked[i].sql, JTEXT(asked[i].parameters));

		is_text(got, asked[i].wanted, "%s with %s", asked[i].sql, asked[i].parameters);
		free(got);
	}
}

static void
test_projects(struct session *s)
{
	struct session other = {.db = s->db, .project = s->project + 1000};
	char *got = answer(&other, "SELECT count(*) FROM items");

	is_text(got, "0", "a query sees its own project only");
	free(got);
}

static void
test_attacks(struct session *s)
{
	for (size_t i = 0; i < sizeof(attacks) / sizeof(*attacks); i++) {
		char *got = answer(s, attacks[i].sql);

		is_text(got, attacks[i].refusal, "refuses %.80s", attacks[i].sql);
		free(got);
	}
}

/* ---- limits ---- */

static void
refuses(struct session *s, char *sql, const char *wanted, const char *sentence)
{
	char *got = answer(s, sql);

	is_text(got, wanted, "%s", sentence);
	free(got);
	free(sql);
}

static char *
repeated(const char *before, const char *middle, const char *after, size_t n)
{
	struct str s = STR_INIT;

	str_add(&s, "SELECT ");
	for (size_t i = 0; i < n; i++)
		str_add(&s, before);
	str_add(&s, middle);
	for (size_t i = 0; i < n; i++)
		str_add(&s, after);
	return str_take(&s);
}

static void
test_limits(struct session *s)
{
	static const char forever[] =
	    "SELECT count(*) FROM history a, history b, history c, history d, history e, history f,"
	    " history g, history h, history i, history j, history k, history l";
	struct query q;
	struct fault f = {0};
	int64_t start = when_boot();

	must(query_open(&q, s, forever, (struct jtext){0}, &f), &f);
	guard_patience(&q.rows, 300);
	is_int(guard_next(&q.rows, &f), -1, "a query without end is ended");
	is_text(f.text, "query: takes longer than 300ms", "by its deadline");
	ok(when_boot() - start < 3000, "soon after it");
	query_close(&q);

	refuses(s, repeated("", "1", "+1", 40000), "! query: longer than 64 KiB",
	    "a long query is refused");
	refuses(s, repeated("", "1", "+1", 400),
	    "! query: Expression tree is too large (maximum depth 100)", "a deep one too");
	refuses(s,
	    repeated("replace(", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
		",'a','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')", 6),
	    "! query: string or blob too big", "a nest of replace() is stopped");
	refuses(s,
	    mem_dup("SELECT 'x' LIKE '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%"
		    "a%a%a%a%a%a%a%a%a%a%a%a%a%b'"),
	    "! query: LIKE or GLOB pattern too complex", "a hostile pattern too");
	refuses(s,
	    mem_dup(
		"SELECT length(group_concat(x)) FROM (SELECT replace(replace('aaaaaaaaaaaaaaaa',"
		"'a','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),'a','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb') "
		"AS x"
		" FROM history a, history b, history c, history d)"),
	    "! query: string or blob too big", "a text that grows by rows is stopped");
}

/* Six texts that grow to 13 MB each, row by row. */
static void
test_memory(struct session *s)
{
	static const char sql[] =
	    "SELECT group_concat(x || 1), group_concat(x || 2), group_concat(x || 3),"
	    " group_concat(x || 4), group_concat(x || 5), group_concat(x || 6)"
	    " FROM (SELECT replace(replace(replace('aaaaaaaa', 'a', 'aaaaaaaaaaaaaaaa'),"
	    "  'a', 'aaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaaaaa') AS x"
	    " FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]') AS e,"
	    " json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]') AS f)";
	char *got = answer(s, sql);

	is_text(got, "! query: takes more than 64 MiB of memory", "much memory is not given");
	free(got);
	got = answer(s, "SELECT count(*) FROM sources");
	is_text(got, "2", "and the next query answers");
	free(got);
}

static void
test_unchanged(struct session *s, const char *path)
{
	struct stat before, after;
	char *got;

	stat(path, &before);
	got = answer(s, "SELECT name FROM items WHERE kind = 'host' ORDER BY name");
	stat(path, &after);
	is_text(got, "h1;h2", "the same answers come from a file");
	ok(before.st_size == after.st_size && before.st_mtime == after.st_mtime,
	    "the file is as it was");
	free(got);
}

int
main(void)
{
	char path[] = "/tmp/t_guard.XXXXXX";
	struct session memory = {0}, file = {0};
	char *extra;
	int fd = mkstemp(path);

	fleet_open(&memory, NULL);
	fill(&memory);
	test_answers(&memory);
	test_views(&memory);
	test_parameters(&memory);
	test_projects(&memory);
	test_attacks(&memory);
	test_limits(&memory);
	test_memory(&memory);
	session_close(&memory);

	fleet_open(&file, path);
	fill(&file);
	test_answers(&file);
	test_attacks(&file);
	test_unchanged(&file, path);
	session_close(&file);
	close(fd);
	unlink(path);
	extra = mem_printf("%s-wal", path);
	unlink(extra);
	free(extra);
	return tap_end();
}
