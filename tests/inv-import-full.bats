#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0

load helper

# twenty: as many hosts as make one missing less than the share that is refused.
twenty() {
	for i in $(seq 19); do
		printf '{"kind":"host","key":"%d","name":"db%d","labels":["compute","cabinet=a%d"],' "$i" "$i" "$i"
		echo '"relations":[{"type":"uses","to":"key:cmdb/20"}]}'
	done
	echo '{"kind":"host","key":"20","name":"db20"}'
}

@test "a full import of the same again changes nothing, relations and labels included" {
	twenty | craton-inv import -q --full --source cmdb
	craton-inv log >before
	twenty | craton-inv import -q --full --source cmdb
	craton-inv log | cmp - before
	craton-inv list -o jsonl --relations db1 | grep -q '"to":"host:db20"'
}

@test "a full import retires what is missing, and only from its source" {
	twenty | craton-inv import -q --full --source cmdb
	echo '{"kind":"host","name":"db3","variables":{"a":1}}' | craton-inv import -q --source other
	twenty | grep -v '"db2"' | craton-inv import -q --full --source cmdb
	gives 1 craton-inv list -o names -w 'db[1-3]'
	says 'db2'
	prints "host:db1
host:db3"
}

@test "a full import in which more than a tenth is missing is refused" {
	twenty | craton-inv import -q --full --source cmdb
	twenty | head -12 >shrunken
	refuses 3 craton-inv import --full --source cmdb shrunken
	says 'source cmdb would lose'
}

@test "the demo's NetBox dump imported in full again is as before" {
	craton-inv import -q --source netbox "$ROOT/share/demo/netbox.jsonl"
	craton-inv log >before
	craton-inv import -q --full --source netbox "$ROOT/share/demo/netbox.jsonl"
	craton-inv log | cmp - before
}

@test "a dry run tells each change that would be, and changes nothing" {
	twenty | craton-inv import -q --full --source cmdb
	twenty | sed -e '/"db2"/d' -e 's/"name":"db3"/"name":"dbx"/' >next
	craton-inv export >before
	gives 0 craton-inv import -n --json --full --source cmdb next
	[ "$(jq -c '[.op, .item, .old.attributes.name, .new.attributes.name]' <<<"$output")" = \
		'["layer","host:dbx","db3","dbx"]
["drop","label:cabinet=a2","cabinet=a2",null]
["drop","host:db2","db2",null]' ]
	says 'dry run: 19 read: 0 created, 3 changed, 18 as before, 2 retired'
	craton-inv export | cmp - before
	refuses 2 craton-inv import --json next
}
