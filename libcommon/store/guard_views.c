/* SPDX-License-Identifier: Apache-2.0 */
#include "store/guard_views.h"

#include <stddef.h>

const char *const guard_view_names[] = {"items", "attributes", "variables", "labels", "relations",
    "sources", "findings", "history", NULL};

/* A JSON member a row, with its source; wins is 1 for the best source that has the key. */
#define MEMBERS(name, column)                                                                      \
	"CREATE TEMP VIEW IF NOT EXISTS " name " (item, key, value, type, source, wins) AS"        \
	" SELECT d.id / 4096, j.key, j.value, j.type, o.name,"                                     \
	" row_number() OVER (PARTITION BY d.id / 4096, j.key ORDER BY o.rank, o.id) = 1"           \
	" FROM main.document AS d JOIN main.source AS o ON o.id = d.id %% 4096"                    \
	" JOIN main.item AS i ON i.id = d.id / 4096 JOIN json_each(d." column ") AS j"             \
	" WHERE i.project = %lld AND i.retired = 0"

const char *const guard_views[] = {
    "CREATE TEMP VIEW IF NOT EXISTS items (id, kind, name, named, cloud, region, cell, parent,"
    " ip_address, device_type, active, note, created, updated) AS"
    " SELECT i.id, i.kind, i.name, i.named, c.name, r.name, l.name, i.parent, i.ip_address,"
    " i.device_type, i.active, i.note, i.created, i.updated"
    " FROM main.item AS i LEFT JOIN main.item AS c ON c.id = i.cloud"
    " LEFT JOIN main.item AS r ON r.id = i.region LEFT JOIN main.item AS l ON l.id = i.cell"
    " WHERE i.project = %lld AND i.retired = 0",

    MEMBERS("attributes", "attributes"),
    MEMBERS("variables", "variables"),

    "CREATE TEMP VIEW IF NOT EXISTS labels (item, label, key, value, source) AS"
    " SELECT l.item, t.name,"
    " CASE WHEN instr(t.name, '=') THEN substr(t.name, 1, instr(t.name, '=') - 1) ELSE t.name END,"
    " CASE WHEN instr(t.name, '=') THEN substr(t.name, instr(t.name, '=') + 1) END, o.name"
    " FROM main.label AS l JOIN main.item AS t ON t.id = l.label"
    " JOIN main.item AS i ON i.id = l.item JOIN main.source AS o ON o.id = l.source"
    " WHERE i.project = %lld AND i.retired = 0",

    "CREATE TEMP VIEW IF NOT EXISTS relations (src, type, dst, source) AS"
    " SELECT e.src, e.type, e.dst, o.name FROM main.relation AS e"
    " JOIN main.item AS i ON i.id = e.src JOIN main.source AS o ON o.id = e.source"
    " WHERE i.project = %lld",

    "CREATE TEMP VIEW IF NOT EXISTS sources (id, name, rank, seen) AS"
    " SELECT id, name, rank, seen FROM main.source WHERE %lld",

    "CREATE TEMP VIEW IF NOT EXISTS findings (id, item, subject, check_name, status, severity,"
    " message, remedy, first_seen, last_seen, times, resolved, reopened) AS"
    " SELECT id, item, subject, name, status, severity, message, remedy, first_seen, last_seen,"
    " times, resolved, reopened FROM main.finding WHERE project = %lld",

    "CREATE TEMP VIEW IF NOT EXISTS history (id, at, actor, source, reason) AS"
    " SELECT t.id, t.at, t.actor, o.name, t.reason FROM main.txn AS t"
    " LEFT JOIN main.source AS o ON o.id = t.source WHERE %lld",
    NULL,
};
