#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

prepare() {
	fleet 6
	craton-inv add network-interface eth0 --parent compute-0001
}

names() { craton-inv list "$@" -o names; }

@test "an item is removed, its interfaces with it" {
	gives 0 craton-inv rm compute-0001 -m sold
	says '2 items removed'
	refuses 2 craton-inv rm compute-0001
	says 'no such item'
	[ -z "$(names --kind network-interface)" ]
}

@test "-n lists what would go, and changes nothing" {
	names >before
	gives 0 craton-inv rm -n compute-0001
	prints 'network-interface:dfw/compute-0001/eth0
host:dfw/compute-0001'
	names | cmp - before
}

@test "what is in a place goes only with -r; without, the count is told" {
	refuses 3 craton-inv rm cell:dfw/c0001
	says 'refused: 6 more would go along, host:dfw/compute-0001 and others'
	refuses 3 craton-inv rm -n cell:dfw/c0001
	gives 0 craton-inv rm -r cell:dfw/c0001
	says '8 items removed'
	[ -z "$(names --kind host)" ]
	names dfw
}

@test "a whole cloud goes in one entry, each item once" {
	craton-inv rm -q -r cloud:us
	[ "$(craton-inv log --limit 1 -o jsonl | jq -r 'select(.op == "remove").item' | sort | uniq -d)" = '' ]
	[ "$(craton-inv log --limit 1 -o jsonl | jq -r 'select(.op == "remove").item' | wc -l)" -eq 10 ]
	gives 0 craton-inv fsck
}

@test "a device with child devices stays, unless they go in the same word" {
	craton-inv add host lxc1 --region dfw --parent compute-0002
	refuses 2 craton-inv rm -r compute-0002
	says 'has 1 child devices'
	gives 0 craton-inv rm compute-0002 lxc1
	gives 0 craton-inv fsck
}

@test "a label is taken off all that carry it, and relations are cut" {
	craton-inv link compute-0002 depends-on compute-0003
	craton-inv rm -q label:compute compute-0003
	gives 0 craton-inv list compute-0002 --json --relations
	[[ $output == *'"labels":["cabinet=a01"]'* ]]
	[[ $output != *relations* ]]
	gives 0 craton-inv fsck
}

@test "the log remembers who removed what" {
	craton-inv rm -q compute-0004 -m 'burnt out'
	gives 0 craton-inv log host:compute-0004 -o tsv
	has 'burnt out'
}

@test "a name can be used again; it is another item then" {
	craton-inv rm -q compute-0004
	craton-inv add host compute-0004 --cell c0001
	gives 1 craton-inv get compute-0004 ram_gb
	gives 0 craton-inv fsck
}

@test "the project itself stays" {
	refuses 2 craton-inv rm project:default
}

@test "everything must be spelled out, and an unknown name stops all" {
	names >before
	refuses 2 craton-inv rm
	refuses 2 craton-inv rm -l cabinet=a99
	refuses 2 craton-inv rm compute-0001 compute-00002
	says 'did you mean "compute-0002"?'
	names | cmp - before
	craton-inv rm -q --all -r
	[ -z "$(names --kind host)" ]
}

@test "a source that still names a removed place is taken as not saying it" {
	craton-inv add cell c0002 --region dfw
	echo '{"kind":"host","name":"h","cell":"c0002","parent":"compute-0002"}' |
		craton-inv import -q --source low
	craton-inv set h --cell c0001 --parent compute-0003
	craton-inv rm -q cell:dfw/c0002 compute-0002
	craton-inv unset h item.cell item.parent
	gives 0 craton-inv list h --json
	prints '{"kind":"host","name":"h","ref":"host:h"}'
	gives 0 craton-inv fsck
	craton-inv export >all
	CRATON_DB=copy.db craton-inv import -q all
}
