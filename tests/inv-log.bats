#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Who changed what, when and why: log, and the ranks of sources.
load helper

prepare() {
	fleet 2
	CRATON_NOW=2026-02-01T00:00:00Z craton-inv set compute-0001 ntp=a -m 'first clock'
	CRATON_NOW=2026-03-01T00:00:00Z craton-inv set compute-0001 ntp=b -m 'second clock'
	CRATON_NOW=2026-04-01T00:00:00Z craton-inv set compute-0002 ntp=c
}

reasons() { craton-inv log "$@" -o tsv | sed 1d | cut -f8; }

@test "entries come newest first, with what they did" {
	gives 0 craton-inv log -o tsv
	[ "${lines[0]}" = $'ENTRY\tAT\tACTOR\tSOURCE\tNEW\tCHANGED\tREMOVED\tREASON' ]
	[[ ${lines[1]} =~ ^4.2026-04-01T00:00:00Z.[^$'\t']+.operator.0.1.0.$ ]]
	[[ ${lines[4]} =~ ^1.*test.7.0.0.$ ]]
}

@test "of an item, only what touched it" {
	[ "$(reasons compute-0001)" = $'second clock\nfirst clock' ]
	[ "$(craton-inv log compute-0001 compute-0002 -o names | wc -l)" -eq 4 ]
}

@test "by time, actor and source" {
	[ "$(reasons --since 2026-02-01 --until 2026-03-01)" = 'first clock' ]
	[ "$(craton-inv log --source test -o names)" = 1 ]
	[ "$(craton-inv log --actor nobody-at-all -o names)" = '' ]
	[ "$(CRATON_NOW=2026-03-01T01:00:00Z craton-inv log --since 2h --until 2026-03-02 -o names)" = 3 ]
	[ "$(craton-inv log --limit 2 -o names | tr '\n' ' ')" = '4 3 ' ]
}

@test "a record tells old and new values" {
	craton-inv log compute-0001 --limit 1 -o jsonl | jq -e '
		.kind == "change" and .entry == 3 and .reason == "second clock" and
		.item == "host:dfw/compute-0001" and .source == "operator" and
		.old == {"variables": {"ntp": "a"}} and .new == {"variables": {"ntp": "b"}}'
}

@test "new values are those of the entry, whatever came later" {
	craton-inv unset compute-0001 ntp
	[ "$(craton-inv log compute-0001 -o jsonl | jq -c '[.old.variables.ntp, .new.variables.ntp]' | tr '\n' ' ')" = \
		'["b",null] ["a","b"] [null,"a"] [null,null] ' ]
}

@test "labels, places and relations are told by name" {
	craton-label add -q gold compute-0001
	craton-inv link compute-0001 depends-on compute-0002
	craton-inv log compute-0001 --limit 2 -o jsonl >got
	jq -se '.[0].new.relations == [{"type": "depends-on", "to": "host:dfw/compute-0002"}]' got
	jq -se '.[1].new.labels == ["gold"] and .[1].old.labels == []' got
	craton-inv log compute-0001 -o jsonl | jq -se '.[-1].new.attributes.cell == "cell:dfw/c0001"'
}

@test "a removed item is still found by its name" {
	craton-inv rm -q compute-0002 -m sold
	[ "$(reasons compute-0002 | head -1)" = sold ]
	[ "$(reasons host:compute-0002 | head -1)" = sold ]
	craton-inv log compute-0002 --limit 1 -o jsonl | jq -se '
		map(.op) == ["drop", "drop", "remove"] and .[0].item == "host:compute-0002"'
}

@test "a clock stepped back does not reorder history" {
	CRATON_NOW=2020-01-01T00:00:00Z craton-inv set compute-0001 ntp=d
	[ "$(craton-inv log --limit 1 -o jsonl | jq -r .at)" = 2026-04-01T00:00:00.001Z ]
}

@test "the actor is who logged in, through sudo" {
	gives 0 env SUDO_UID="$(id -u nobody)" craton-inv set compute-0001 ntp=e
	[ "$(id -u)" -eq 0 ] || skip 'sudo is seen by root only'
	case $(cat /proc/self/loginuid 2>/dev/null || echo 4294967295) in
	4294967295) [ "$(craton-inv log --limit 1 -o tsv | tail -1 | cut -f3)" = nobody ] ;;
	*) skip 'the kernel knows who logged in' ;;
	esac
}

@test "an unknown item has the near miss" {
	refuses 2 craton-inv log compute-001
	says 'did you mean "compute-0001"?'
	refuses 2 craton-inv log --since yesterday
	refuses 2 craton-inv log -o xml
}

@test "a full disk is told" {
	gives 2 bash -c 'craton-inv log >/dev/full'
}

# ---- sources ----

@test "sources are listed by rank, with how much they say" {
	gives 0 craton-inv source
	prints 'NAME      RANK  LAYERS  SEEN                  STATE
operator    10       2
test       100       7  2026-01-02T03:04:05Z'
	gives 0 craton-inv source --json
	has '{"kind":"source","name":"operator","rank":10,"layers":2}'
}

@test "a new rank settles who wins, and is logged" {
	craton-inv set compute-0001 ram_gb=1 --ip-address 10.1.1.1
	gives 0 craton-inv source set test --rank 5 -m reviewed
	[ "$(craton-inv get compute-0001 ram_gb)" = 256 ]
	[ "$(craton-inv get compute-0001 item.ip_address)" = 10.0.0.2 ]
	craton-inv log --limit 1 -o jsonl | jq -e '.op == "rank" and .old_rank == 100 and .rank == 5'
	gives 0 craton-inv fsck
}

@test "an unknown source is an error with the near miss" {
	refuses 2 craton-inv source set tset --rank 5
	says 'source "tset": no such source; did you mean "test"?'
	refuses 2 craton-inv source set test
	refuses 2 craton-inv source set test --rank -3
	refuses 2 craton-inv source test
}
