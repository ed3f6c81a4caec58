#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What comes out goes in again and changes nothing: the demo's real data, three sources of it.
load helper

prepare() {
	demo=$ROOT/share/demo
	craton-inv import -q --source netbox --format netbox "$demo/netbox.jsonl"
	craton-inv import -q --source facter --format facter "$demo/facts.jsonl"
	craton-inv import -q --source cmdb "$demo/overlay.jsonl"
}

# Everything that is resolved of every item, whatever kind: winners, variables, relations.
resolved() {
	craton-inv list --resolved --relations --json "$@"
	craton-inv list --kind label --resolved --json "$@"
}

@test "list into import as another source changes nothing that is resolved" {
	resolved >before
	[ "$(wc -c <before)" -gt 1000000 ] # well past what a pipe holds
	bash -o pipefail -c 'craton-inv list --json | craton-inv import -q --source copy'
	resolved >after
	cmp before after
	craton-inv fsck -q
	# And once more is no change at all.
	bash -o pipefail -c 'craton-inv list --json | craton-inv import --source copy' 2>said
	grep -q ' 0 created, 0 changed, .* 0 retired, 0 skipped' said
	resolved | cmp before -
}

@test "so it does with what is resolved on the records: import passes that over" {
	resolved >before
	bash -o pipefail -c 'craton-inv list --resolved --relations --json | craton-inv import -q --source copy'
	resolved | cmp before -
	# What was inherited is not frozen: a change above is still seen below.
	host=$(craton-inv list --kind host -o names | head -1)
	region=$(craton-inv list "$host" --json | jq -r '"region:" + (.region | @uri)')
	craton-inv set "$region" seen_below=1
	[ "$(craton-inv get "$host" seen_below)" = 1 ]
}

@test "an export into a new file and out again is byte for byte the same" {
	craton-inv set --kind host tier=gold -m 'the operator speaks too'
	craton-label add -q 'odd "label"' --kind vm
	craton-label set 'odd "label"' ntp='["10.0.0.1"]'
	craton-inv source set cmdb --rank 5
	craton-inv export >out1
	craton-inv import -q --db new.db out1
	craton-inv export --db new.db >out2
	cmp out1 out2
	craton-inv fsck -q --db new.db
	# The order of ids differs, what is said of each item does not.
	resolved | sort >before
	resolved --db new.db | sort | cmp before -
}

@test "an export through a pipe is the same as through a file" {
	bash -o pipefail -c 'craton-inv export | craton-inv import -q --db new.db'
	same 'craton-inv export' 'craton-inv export --db new.db'
}

@test "an export into the file it came from changes nothing, and enters nothing in the log" {
	craton-inv export >out1
	craton-inv log >log1
	bash -o pipefail -c 'craton-inv export | craton-inv import -q'
	craton-inv export | cmp out1 -
	craton-inv log | cmp log1 -
}

@test "through jq, one line at a time, in any order of keys, it is the same" {
	craton-inv export >out1
	jq -c 'to_entries | reverse | from_entries' out1 | craton-inv import -q --format jsonl --db new.db
	craton-inv export --db new.db | cmp out1 -
}
