#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# An entry of the log taken back: exactly, or not at all.
load helper

prepare() {
	fleet 2
	craton-inv export >fleet.jsonl
}

last() { craton-inv log --limit 1 -o names; }

# undone COMMAND...: the command, and its entry undone, is nothing.
undone() {
	craton-inv export >was
	"$@"
	! craton-inv export | cmp -s - was
	gives 0 craton-inv undo "$(last)"
	craton-inv export | cmp - was
	craton-inv fsck -q
}

@test "values set, taken away, labels, relations, moves and removals come back" {
	undone craton-inv set compute-0001 ram_gb=1 ntp=a --note broken
	craton-inv set compute-0001 ntp=a tier=gold
	undone craton-inv unset compute-0001 ntp
	undone craton-label add maintenance compute-0001 compute-0002
	undone craton-inv link compute-0001 depends-on compute-0002
	craton-inv add region ord --cloud us
	undone craton-inv set cell:dfw/c0001 --region ord
	undone craton-inv set dfw item.name=dallas
	undone craton-inv rm -q compute-0002
	undone craton-inv rm -q -r dfw
}

@test "an import, and what a full one took away, is undone as one" {
	for i in {1..300}; do printf '{"kind":"host","name":"h%d","key":"k%d","region":"dfw","labels":["new"]}\n' "$i" "$i"; done >many
	craton-inv import -q --source netbox <<<'{"kind":"vm","name":"first"}'
	undone craton-inv import -q --source netbox many
	craton-inv import -q --source netbox many
	head -290 many >fewer
	undone craton-inv import -q --source netbox --full fewer
}

@test "an item that comes back is the same item: id, keys, time of creation" {
	craton-inv import -q --source netbox <<<'{"kind":"host","name":"compute-0001","key":"device-1","region":"dfw"}'
	sqlite3 "$CRATON_DB" "SELECT id, created FROM item WHERE name = 'compute-0001'" >was
	craton-inv rm -q compute-0001
	craton-inv undo -q "$(last)"
	sqlite3 "$CRATON_DB" "SELECT id, created FROM item WHERE name = 'compute-0001'" | cmp - was
	gives 0 craton-inv list key:netbox/device-1 -o names
	prints host:dfw/compute-0001
	craton-inv fsck -q
}

@test "an undo is an entry, told with its reason, and can be undone" {
	craton-inv set compute-0001 ntp=a
	gives 0 craton-inv undo "$(last)" -m 'wrong host'
	says 'entry 2 undone by entry 3'
	gives 1 craton-inv get compute-0001 ntp
	[ "$(craton-inv log --limit 1 -o tsv | tail -1 | cut -f8)" = 'undo of entry 2: wrong host' ]
	craton-inv undo -q "$(last)"
	[ "$(craton-inv get compute-0001 ntp)" = a ]
	craton-inv source set test --rank 5
	craton-inv undo -q "$(last)"
	craton-inv source | grep -q 'test *100'
	craton-inv fsck -q
}

@test "what later entries did to other values stays" {
	craton-inv set compute-0001 ntp=a
	craton-inv set compute-0001 tier=gold
	craton-label add -q kept compute-0001
	craton-inv undo -q 2
	[ "$(craton-inv list compute-0001 --json | jq -c '[.variables, .labels]')" = \
		'[{"ram_gb":256,"tier":"gold"},["cabinet=a01","compute","kept"]]' ]
}

@test "where later entries touched the same, it is refused with their numbers" {
	craton-inv set compute-0001 compute-0002 ntp=a
	craton-inv set compute-0001 ntp=b
	craton-inv set compute-0002 tier=gold
	craton-inv unset compute-0002 ntp
	craton-inv export >was
	refuses 3 craton-inv undo 2
	says 'entry 2: later entries touched the same; undo these first: 3, 5'
	refuses 3 craton-inv undo -n 2
	craton-inv export | cmp - was
	[ "$(last)" = 5 ]
}

@test "what was made stays where others rest on it" {
	craton-inv add region ord --cloud us
	craton-inv add host new --region ord
	refuses 3 craton-inv undo 2
	says 'undo these first: 3'
	craton-inv rm -q compute-0001
	craton-inv add host compute-0001 --region dfw
	refuses 3 craton-inv undo 4
	says 'is there already'
}

@test "--dry-run says what would change, and changes nothing" {
	craton-inv set compute-0001 ntp=a
	craton-inv set compute-0001 ntp=b
	gives 0 craton-inv undo -n 3
	prints 'host:dfw/compute-0001 (operator)
  ~ ntp: "b" -> "a"'
	[ "$(craton-inv get compute-0001 ntp)" = b ]
	[ "$(last)" = 3 ]
}

@test "an entry that is none, or of another project, is refused" {
	refuses 2 craton-inv undo 99
	says 'entry 99: no such entry of project default'
	craton-inv add --project other cloud x 2>/dev/null
	refuses 2 craton-inv undo "$(craton-inv log --project other --limit 1 -o names)"
	refuses 2 craton-inv undo
	refuses 2 craton-inv undo two
	refuses 2 craton-inv undo 1 2
	craton-inv set compute-0001 ntp=a
	gives 2 bash -c 'craton-inv undo -n 3 >/dev/full'
}
