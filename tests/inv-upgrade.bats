#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Files of earlier schemas, as text: tests/data/schema-N.sql.
load helper

@test "a file of schema 3 is read by nobody, becomes today's by the first write, and is sound" {
	sqlite3 "$CRATON_DB" <"$DATA/schema-3.sql"
	refuses 2 craton-inv list
	says 'schema 3, this Craton wants '
	craton-inv add host db3
	craton-inv fsck -q
	[ "$(craton-inv get db1 owner)" = web ]
	[ "$(craton-inv log --json | grep -c '"kind":"change"')" -ge 4 ]
}

@test "devices of a file of schema 3 are recognised by their serials" {
	sqlite3 "$CRATON_DB" <"$DATA/schema-3.sql"
	craton-inv import -q --source cmdb <<<'{"kind":"host","key":"x","name":"other","serial":"SN-2","variables":{"os":"a"}}'
	[ "$(craton-inv list --where "os = 'a' and serial = 'SN-2'" -o names | wc -l)" = 1 ]
	[ "$(craton-inv list --kind host -o names | wc -l)" = 2 ]
	craton-inv fsck -q
}
