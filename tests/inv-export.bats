#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0

load helper

two_sources() {
	craton-inv import -q --source cmdb <<-'END'
		{"kind":"region","name":"dfw"}
		{"kind":"host","name":"db1","region":"dfw","key":"7","labels":["compute"],"variables":{"ram_gb":512}}
	END
	craton-inv import -q --source facter <<-'END'
		{"kind":"host","ref":"host:dfw/db1","variables":{"facts":{"kernel":"Linux"}}}
	END
}

@test "a line for each item and source, the sources first" {
	two_sources
	gives 0 craton-inv export
	prints '{"kind":"source","name":"operator","rank":10}
{"kind":"source","name":"cmdb","rank":100}
{"kind":"source","name":"facter","rank":100}
{"kind":"label","name":"compute","ref":"label:compute","source":"cmdb"}
{"kind":"region","name":"dfw","ref":"region:dfw","source":"cmdb"}
{"kind":"host","name":"db1","ref":"host:dfw/db1","source":"cmdb","key":"7","region":"region:dfw","labels":["compute"],"variables":{"ram_gb":512}}
{"kind":"host","ref":"host:dfw/db1","source":"facter","variables":{"facts":{"kernel":"Linux"}}}'
}

@test "the demo's export into a new file and out again is byte for byte the same" {
	craton-inv import -q --source netbox "$ROOT/share/demo/netbox.jsonl"
	craton-inv import -q --source facter "$ROOT/share/demo/facts.jsonl"
	craton-inv import -q --source cmdb "$ROOT/share/demo/overlay.jsonl"
	craton-inv export >first
	craton-inv import -q --db other.db first
	craton-inv export --db other.db | cmp - first
	[ "$(wc -l <first)" -gt 2600 ]
}

@test "an export resolves the same in the new file" {
	two_sources
	craton-inv export | craton-inv import -q --db other.db
	same 'craton-inv list -o jsonl --resolved --relations' \
	    'craton-inv list --db other.db -o jsonl --resolved --relations'
}

@test "importing an export into the file it came from changes nothing" {
	two_sources
	craton-inv log >before
	craton-inv export | craton-inv import -q
	craton-inv log | cmp - before
}

@test "without a database it says so, and makes none" {
	refuses 2 craton-inv export
	[ ! -e "$CRATON_DB" ]
}

@test "names are refused, since it exports all" {
	two_sources
	refuses 2 craton-inv export db1
}

@test "a full device is not success" {
	two_sources
	run -2 bash -c 'craton-inv export >/dev/full'
	[[ $output == *"No space left"* ]]
}

@test "a reader that goes away ends it quietly" {
	craton-inv import -q --source netbox "$ROOT/share/demo/netbox.jsonl"
	run bash -c 'craton-inv export | head -1'
	prints '{"kind":"source","name":"operator","rank":10}'
}
