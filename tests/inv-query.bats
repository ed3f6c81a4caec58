#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# query: SQL over the views. What is refused, and the limits, are in unit/t_guard.c.
load helper

@test "a table for people, and every other format" {
	fleet 2
	sql="SELECT name, ip_address, active FROM items WHERE kind = 'host'"
	gives 0 craton-inv query "$sql"
	prints 'name          ip_address  active
compute-0001  10.0.0.2    1
compute-0002  10.0.0.3    1'
	gives 0 craton-inv query "$sql" -o tsv
	[ "${lines[1]}" = $'compute-0001\t10.0.0.2\t1' ]
	gives 0 craton-inv query "$sql" --json
	[ "${lines[0]}" = '{"kind":"row","name":"compute-0001","ip_address":"10.0.0.2","active":1}' ]
	gives 0 craton-inv query "$sql" -o json
	[ "$(jq -c '[.[].name]' <<<"$output")" = '["compute-0001","compute-0002"]' ]
}

@test "a column called item is printed as refs, which other tools take" {
	fleet 2
	sql="SELECT item, value FROM variables WHERE key = 'ram_gb'"
	gives 0 craton-inv query "$sql" -o tsv
	[ "${lines[1]}" = $'host:dfw/compute-0001\t256' ]
	gives 0 craton-inv query "$sql" --json
	[ "${lines[1]}" = '{"kind":"row","item":"host:dfw/compute-0002","value":512}' ]
	gives 0 craton-inv query "$sql" -o names
	prints 'host:dfw/compute-0001
host:dfw/compute-0002'
	[ "$(craton-inv query "$sql" -0 | tr -cd '\0' | wc -c)" -eq 2 ]
	craton-inv query "$sql" --json | craton-label add -q asked
	[ "$(craton-inv list -l asked -o names | wc -l)" -eq 2 ]
}

@test "a record has the kind that the query gives it, and JSON stays JSON" {
	fleet 1
	craton-inv set compute-0001 disks='[1,2]' none=null
	gives 0 craton-inv query "SELECT name, kind, NULL AS empty FROM items WHERE kind = 'host'" --json
	prints '{"kind":"host","name":"compute-0001"}'
	gives 0 craton-inv query "SELECT value FROM variables WHERE key = 'disks'" --json
	prints '{"kind":"row","value":[1,2]}'
}

@test "no rows: nothing, and no error" {
	fleet 1
	gives 0 craton-inv query "SELECT name FROM items WHERE name = 'x'"
	[ -z "$output$stderr" ]
	gives 0 craton-inv query "SELECT name FROM items WHERE name = 'x'" -o json
	[ "$(jq length <<<"$output")" -eq 0 ]
}

@test "parameters are values and never SQL" {
	fleet 2
	gives 0 craton-inv query "SELECT name FROM items WHERE name = :n" -o tsv --param n=compute-0001
	prints $'name\ncompute-0001'
	gives 0 craton-inv query "SELECT name FROM items WHERE name = :n" -o tsv --param "n=x' OR 1=1 --"
	prints name
	gives 0 craton-inv query 'SELECT typeof(:a) AS a, typeof(:b) AS b, :c AS c' -o tsv \
	    --param a=5 --param 'b="5"' --param c=x=y
	[ "${lines[1]}" = $'integer\ttext\tx=y' ]
	refuses 2 craton-inv query 'SELECT :a'
	says 'query: :a has no value'
	refuses 2 craton-inv query 'SELECT 1' --param a=1
	says 'query: has no :a'
	refuses 2 craton-inv query 'SELECT :a' --param a
	says 'KEY=VALUE is wanted'
}

@test "from a file and from standard input" {
	fleet 1
	echo "SELECT count(*) AS n FROM items WHERE kind = 'host';" >q.sql
	gives 0 craton-inv query --file q.sql -o tsv
	prints $'n\n1'
	gives 0 craton-inv query --file - -o tsv <q.sql
	prints $'n\n1'
	refuses 2 craton-inv query --file missing.sql
}

@test "resolved: what items see, and from where" {
	fleet 2
	craton-inv set dfw ntp=10.0.0.1
	craton-label set cabinet=a01 pdu=p1
	gives 0 craton-inv query -o tsv "SELECT item, value, ref(level) AS level FROM resolved
	    WHERE key IN ('ntp', 'pdu') AND item IN (SELECT id FROM items WHERE kind = 'host')
	    ORDER BY item, key"
	[ "${lines[1]}" = $'host:dfw/compute-0001\t10.0.0.1\tregion:us/dfw' ]
	[ "${lines[2]}" = $'host:dfw/compute-0001\tp1\tlabel:cabinet=a01' ]
	[ "${#lines[@]}" -eq 5 ]
	# The same as the records that list prints.
	craton-inv list --kind host --resolved --json | jq -r '.ref as $r | .resolved | to_entries[] | [$r, .key, (.value | tostring)] | @tsv' | sort >listed
	craton-inv query -o tsv "SELECT item, key, value FROM resolved
	    WHERE item IN (SELECT id FROM items WHERE kind = 'host')" | tail -n +2 | sort | cmp - listed
}

@test "labels by rule are in the views, by item, by label and altogether" {
	fleet 4
	craton-label rule add -q bigmem --where 'ram_gb >= 512'
	craton-label rule add -q first --where "item.name = 'compute-0001'"
	gives 0 craton-inv query -o names "SELECT item FROM labels WHERE label = 'bigmem'"
	prints 'host:dfw/compute-0002
host:dfw/compute-0004'
	gives 0 craton-inv query -o tsv "SELECT label, source FROM labels
	    WHERE item = (SELECT id FROM items WHERE name = 'compute-0002') ORDER BY label"
	prints $'label\tsource\nbigmem\tby rule\ncabinet=a01\ttest\ncompute\ttest'
	gives 0 craton-inv query -o tsv 'SELECT label, rule, count(*) AS n FROM rule_labels GROUP BY label'
	prints $'label\trule\tn\nbigmem\tram_gb >= 512\t2\nfirst\titem.name = \'compute-0001\'\t1'
	craton-inv set compute-0003 ram_gb=n/a
	gives 0 craton-inv query 'SELECT count(*) AS n FROM rule_labels' -o tsv
	says 'host:dfw/compute-0003: label bigmem: its rule cannot be told'
}

@test "sources that contradict each other" {
	fleet 2
	craton-inv set compute-0001 ram_gb=1 item.ip_address=10.9.9.9
	gives 0 craton-inv query -o tsv 'SELECT key, value, source, wins FROM conflicts ORDER BY key, source'
	prints $'key\tvalue\tsource\twins
item.ip_address\t"10.9.9.9"\toperator\t1
item.ip_address\t"10.0.0.2"\ttest\t0
ram_gb\t1\toperator\t1
ram_gb\t256\ttest\t0'
}

@test "a query that would write, see more or never end is stopped, and says why" {
	fleet 1
	sum=$(craton-inv export | sha256sum)
	for sql in 'DELETE FROM item' 'DROP TABLE item' "ATTACH 'x.db' AS x" 'PRAGMA user_version = 9' \
	    "VACUUM INTO 'x.db'" 'CREATE VIRTUAL TABLE t USING resolved'; do
		refuses 2 craton-inv query "$sql"
		says 'query: only SELECT'
	done
	refuses 2 craton-inv query 'UPDATE resolved SET value = 1'
	says 'table resolved may not be modified'
	refuses 2 craton-inv query 'DELETE FROM items'
	says 'cannot modify items because it is a view'
	refuses 2 craton-inv query 'SELECT * FROM document'
	says 'query: not a view for queries: document'
	refuses 2 craton-inv query 'SELECT * FROM itmes'
	says 'query: no view itmes; did you mean "items"?'
	refuses 2 craton-inv query 'SELECT 1; DELETE FROM item'
	says 'query: more than one statement'
	gives 2 craton-inv query -t 200ms 'SELECT count(*) FROM items a, items b, items c, items d, items e,
	    items f, items g, items h, items i, items j, items k, items l, items m'
	says 'query: takes longer than 200ms'
	gives 3 craton-inv query --limit 3 'SELECT name FROM items' -o tsv
	[ "${#lines[@]}" -eq 4 ]
	says 'query: more than 3 rows'
	[ ! -e x.db ]
	[ "$(craton-inv export | sha256sum)" = "$sum" ]
}

@test "what is made item by item is stopped at its deadline, too" {
	fleet 2000
	gives 2 craton-inv query -t 20ms 'SELECT count(*) FROM resolved a, resolved b'
	says 'query: takes longer than 20ms'
}

@test "mistakes" {
	fleet 1
	refuses 2 craton-inv query
	says 'one SELECT is wanted'
	refuses 2 craton-inv query SELECT 1
	refuses 2 craton-inv query 'SELECT name FROM items' -o names
	says 'prints a column called ref or item'
	refuses 2 craton-inv query 'SELECT 1 AS a, 2 AS a' --json
	says 'two columns are called a'
	gives 2 craton-inv query "SELECT char(0xdc00) AS a, 9e999 AS b" --json
	[ -z "$output" ]
	run -2 bash -c 'craton-inv query "SELECT 1" >/dev/full'
	gives 0 craton-inv query --help
}
