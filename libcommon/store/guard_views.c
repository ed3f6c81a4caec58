/* SPDX-License-Identifier: Apache-2.0 */
#include "store/guard_views.h"

#include <stddef.h>

/*
 * Each view uses a column of each of its tables, besides ids, whatever the query asks for: a
 * table of which nothing is used is checked without the name of the view that reads it.
 */
/* clang-format off */
/*
 * Whose word counts for a key: fleet/sources/precedence.h, in SQL. prefix is that of its
 * patterns, "item." for attributes; what begins with it is of no variable.
 */
#define RANK(o, prefix, key) \
	"iif(instr(" o ".settings, '\"ranks\"'), coalesce((SELECT r.value" \
	" FROM json_each(" o ".settings, '$.ranks') AS r" \
	" WHERE '" prefix "' || " key " GLOB r.key" \
	" AND (r.key GLOB 'item.*') = ('" prefix "' <> '')" \
	" ORDER BY r.key GLOB '*[*?[]*', length(CAST(r.key AS BLOB)) DESC, r.key LIMIT 1)," \
	" " o ".rank), " o ".rank)"
#define WINS(column, prefix, key, ranked) \
	" NOT EXISTS (SELECT 1 FROM document AS x JOIN source AS b ON b.id = x.id - i.id * 4096" \
	"  WHERE x.id BETWEEN i.id * 4096 AND i.id * 4096 + 4095 AND x.id <> d.id" \
	"  AND jmember(x." column ", " key ") IS NOT NULL" \
	"  AND (b.stale, " RANK("b", prefix, ranked) ", b.id)" \
	"   < (o.stale, " RANK("o", prefix, ranked) ", o.id))"
/* A place goes as a whole. */
#define PLACED(key) "iif(" key " IN ('cloud', 'cell'), 'region', " key ")"

/* A member a row, with the source that says so; wins where no better source has the key. */
#define MEMBERS(column, prefix, ranked) \
	"SELECT i.id AS item, e.key, e.value, e.type, o.name AS source," \
	WINS(column, prefix, "e.key", ranked) " AS wins " \
	"FROM item AS i " \
	"JOIN document AS d ON d.id BETWEEN i.id * 4096 AND i.id * 4096 + 4095 " \
	"JOIN source AS o ON o.id = d.id - i.id * 4096, json_each(d." column ") AS e " \
	"WHERE i.project = project() AND i.retired = 0 AND o.name <> ''"

/* The same where another source says something else of the key; the value as JSON. */
#define CONFLICTS(column, prefix, ranked) \
	"SELECT DISTINCT i.id AS item, '" prefix "' || e.value AS key," \
	" jmember(d." column ", e.value) AS value, o.name AS source," \
	WINS(column, prefix, "e.value", ranked) " AS wins " \
	"FROM item AS i " \
	"JOIN document AS d ON d.id BETWEEN i.id * 4096 AND i.id * 4096 + 4095 " \
	"JOIN document AS y ON y.id BETWEEN i.id * 4096 AND i.id * 4096 + 4095 AND y.id <> d.id " \
	"JOIN source AS o ON o.id = d.id - i.id * 4096," \
	" json_each(contested(d." column ", y." column ")) AS e " \
	"WHERE i.project = project() AND i.retired = 0 AND o.name <> ''"

/* A label's key and value. */
#define PARTS(text) \
	"iif(instr(" text ", '='), substr(" text ", 1, instr(" text ", '=') - 1), " text ") AS key," \
	" iif(instr(" text ", '='), substr(" text ", instr(" text ", '=') + 1), '') AS value"

const struct guard_view guard_views[] = {
    {"items",
	"SELECT i.id, i.kind, i.name, ref(i.id) AS ref, i.named,"
	" (SELECT t.name FROM item AS t WHERE t.id = i.cloud) AS cloud,"
	" (SELECT t.name FROM item AS t WHERE t.id = i.region) AS region,"
	" (SELECT t.name FROM item AS t WHERE t.id = i.cell) AS cell,"
	" i.parent, i.ip_address, i.device_type, i.active, i.note,"
	" moment(i.created) AS created, moment(i.updated) AS updated "
	"FROM item AS i WHERE i.project = project() AND i.retired = 0"},
    {"attributes", MEMBERS("attributes", "item.", PLACED("e.key"))},
    {"variables", MEMBERS("variables", "", "e.key")},
    {"conflicts",
	CONFLICTS("attributes", "item.", PLACED("e.value")) " UNION ALL "
	CONFLICTS("variables", "", "e.value")},
    {"labels",
	"SELECT b.item, t.name AS label, " PARTS("t.name") ", o.name AS source "
	"FROM item AS i JOIN label AS b ON b.item = i.id JOIN item AS t ON t.id = b.label"
	" JOIN source AS o ON o.id = b.source "
	"WHERE i.project = project() AND i.retired = 0 AND t.name <> '' AND o.name <> '' "
	"UNION ALL SELECT r.item, r.label, " PARTS("r.label") ", 'by rule' FROM rule_labels AS r"},
    {"relations",
	"SELECT e.src, e.type, e.dst, o.name AS source "
	"FROM item AS i JOIN relation AS e ON e.src = i.id JOIN source AS o ON o.id = e.source "
	"WHERE i.project = project() AND i.retired = 0 AND o.name <> ''"},
    {"sources",
	"SELECT o.id, o.name, o.rank, moment(o.seen) AS seen, o.stale, o.settings "
	"FROM source AS o WHERE o.project = project() AND o.removed = 0"},
    {"findings",
	"SELECT g.id, g.item, g.subject, g.name AS check_name, g.status, g.severity, g.message,"
	" g.remedy, moment(g.first_seen) AS first_seen, moment(g.last_seen) AS last_seen, g.times,"
	" moment(g.resolved) AS resolved, g.reopened "
	"FROM finding AS g WHERE g.project = project()"},
    {"waivers",
	"SELECT w.id, w.item, w.selector, w.pattern, w.reason, w.owner,"
	" moment(w.created) AS created, moment(w.expires) AS expires, moment(w.ended) AS ended "
	"FROM waiver AS w WHERE w.project = project()"},
    {"history",
	"SELECT x.id AS entry, moment(x.at) AS at, x.actor, o.name AS source, x.reason,"
	" g.item, g.op "
	"FROM txn AS x JOIN chg AS g ON g.txn = x.id JOIN source AS o ON o.id = g.source "
	"WHERE x.project = project() AND g.op <> '' AND o.name <> ''"},
    {NULL, NULL},
};
/* clang-format on */

const char *const guard_functions[] = {
    /* aggregates and windows */
    "count",
    "sum",
    "total",
    "avg",
    "min",
    "max",
    "group_concat",
    "json_group_array",
    "json_group_object",
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
    /* values */
    "coalesce",
    "ifnull",
    "nullif",
    "iif",
    "typeof",
    "abs",
    "round",
    "sign",
    "floor",
    "ceil",
    "ceiling",
    "mod",
    "sqrt",
    "likelihood",
    "likely",
    "unlikely",
    /* text; like is SQLite's, without case */
    "length",
    "lower",
    "upper",
    "substr",
    "substring",
    "trim",
    "ltrim",
    "rtrim",
    "replace",
    "instr",
    "like",
    "glob",
    "unicode",
    "char",
    "hex",
    /* JSON */
    "json",
    "json_array",
    "json_array_length",
    "json_extract",
    "json_object",
    "json_type",
    "json_valid",
    "json_quote",
    "->",
    "->>",
    "json_each",
    "json_tree",
    /* times */
    "date",
    "time",
    "datetime",
    "julianday",
    "unixepoch",
    "strftime",
    "current_date",
    "current_time",
    "current_timestamp",
    /* our own, as in expressions */
    "jmember",
    "contested",
    "regexp",
    "vercmp",
    "cidr_contains",
    "age",
    "moment",
    "project",
    "ref",
    NULL,
};
