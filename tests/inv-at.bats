#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The past: what list, show, get and export said then, they say again.
load helper

# Three days: a fleet, another value, a host that moved, was renamed and one that went.
prepare() {
	fleet 3
	CRATON_NOW=2026-01-03T00:00:00Z craton-inv set compute-0001 ntp=a tier=gold -m first
	CRATON_NOW=2026-01-04T00:00:00Z craton-inv set compute-0001 ntp=b item.name=db1
	CRATON_NOW=2026-01-05T00:00:00Z craton-inv rm -q compute-0002
	CRATON_NOW=2026-01-06T00:00:00Z craton-inv add host compute-0002 --region dfw -L new
}

names() { craton-inv list --kind host -o names "$@" | tr '\n' ' '; }

@test "a time, a date, a length of time, and an entry are points in time" {
	[ "$(craton-inv get compute-0001 ntp --at 2026-01-03)" = a ]
	[ "$(craton-inv get compute-0001 ntp --at 2026-01-03T23:59:59.999Z)" = a ]
	[ "$(craton-inv get db1 ntp --at 3)" = b ]
	[ "$(CRATON_NOW=2026-01-04T01:00:00Z craton-inv get compute-0001 ntp --at 2h)" = a ]
	[ "$(CRATON_NOW=2026-01-04T01:00:00Z craton-inv get db1 ntp --at 1h)" = b ]
}

@test "names, items that are gone and items made again are those of then" {
	[ "$(names --at 1)" = 'host:dfw/compute-0001 host:dfw/compute-0002 host:dfw/compute-0003 ' ]
	[ "$(names --at 3)" = 'host:dfw/db1 host:dfw/compute-0002 host:dfw/compute-0003 ' ]
	[ "$(names --at 4)" = 'host:dfw/db1 host:dfw/compute-0003 ' ]
	[ "$(craton-inv list compute-0002 --at 1 --json | jq -c '[.cell, .labels, .variables.ram_gb]')" = \
		'["c0001",["cabinet=a01","compute"],512]' ]
	[ "$(craton-inv list compute-0002 --at 5 --json | jq -c '[.cell, .labels, .variables.ram_gb]')" = \
		'[null,["new"],null]' ]
}

@test "before the first entry there is nothing" {
	[ -z "$(names --at 0)" ]
	[ -z "$(names --at 2020-01-01)" ]
	refuses 1 craton-inv show db1 --at 2020-01-01
	says '"db1": no such item'
}

@test "selectors, expressions and inherited values see the past" {
	craton-inv set dfw ntp=region
	craton-inv set dfw ntp=later
	[ "$(craton-inv get compute-0003 ntp --at 6)" = region ]
	[ "$(names --at 1 -l cabinet=a01)" = "$(names --at 1)" ]
	[ "$(names --at 3 --where "ntp = 'b'")" = 'host:dfw/db1 ' ]
	[ -z "$(names --at 4 -l new 2>/dev/null)" ]
	[ "$(craton-label list --at 5 -o names | grep -c new)" = 1 ]
	[[ $(craton-label show compute --at 1) == *'compute-['* ]]
}

@test "blame tells who said so until then" {
	craton-inv show compute-0001 --at 2 --json >then
	jq -e '.blame.ntp | length == 1 and .[0].value == "a" and .[0].reason == "first"' then
	craton-inv get db1 ntp --blame --at 3 | grep -q b
}

@test "ranks and what they decided are those of then" {
	craton-inv set db1 ram_gb=1
	craton-inv source set test --rank 5
	[ "$(craton-inv get compute-0001 ram_gb)" = 256 ]
	[ "$(craton-inv get db1 ram_gb --at 6)" = 1 ]
}

@test "what retired is alive in the past, and what moved was elsewhere" {
	craton-inv export >before
	craton-inv add region ord --cloud us
	craton-inv set cell:dfw/c0001 --region ord
	for i in {1..20}; do printf '{"kind":"rack","key":"r%d","name":"r%d"}\n' "$i" "$i"; done >racks
	craton-inv import -q --source extra racks
	tail -n +2 racks | craton-inv import -q --source extra --full
	gives 0 craton-inv list --kind rack --at 8 -o names
	[ "${#lines[@]}" -eq 20 ]
	gives 0 craton-inv list --kind rack -o names
	[ "${#lines[@]}" -eq 19 ]
	craton-inv export --at 5 | cmp - before
	gives 0 craton-inv list compute-0003 --at 5 -o names
	prints host:dfw/compute-0003
	gives 0 craton-inv list host:ord/compute-0003 -o names
}

@test "a point that is none is refused" {
	refuses 2 craton-inv list --at yesterday
	refuses 2 craton-inv list --at 99
	says '99: no such entry of the change log'
	refuses 2 craton-inv get db1 ntp --at ''
}

@test "the past is read while others write" {
	craton-inv export --at 3 >was
	for i in {1..5}; do craton-inv set -q db1 "n=$i" & done
	for _ in {1..5}; do craton-inv export --at 3 | cmp - was; done
	wait
	craton-inv fsck -q
}

@test "a full disk is told" {
	gives 2 bash -c 'craton-inv list --at 1 >/dev/full'
}

@test "after each of many changes, the state of all entries is read back as it was" {
	perl "$BATS_TEST_DIRNAME/walk" 7 45 || return
	rm -f "$CRATON_DB"*
	perl "$BATS_TEST_DIRNAME/walk" 8 45
}
