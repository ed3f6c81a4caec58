#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016 # the steps' own shells expand
# Items that come after items: an order that was made elsewhere.
load helper

prepare() {
	fleet 5
	cat >act <<-'END'
		#!/bin/sh
		echo "$1" >>"$ACT_LOG"
		[ ! -e "$ACT_LOG.$1" ]
	END
	chmod +x act
	ACT_LOG=$PWD/log
	export ACT_LOG
	: >log
	workflow ''
}

# workflow BATCH
workflow() {
	printf 'workflow: w\nproof: none\nbatch: {canary: 0, in_flight: 5, max_fail: 100%%, %s}\nsteps:\n  a: {run: [%s, "{item}"]}\n' \
		"$1" "$PWD/act" >w.yaml
}

# item N [AFTER]: a record of compute-000N.
item() {
	printf '{"kind":"host","name":"compute-000%d"%s}\n' "$1" "${2:+,\"after\":[$2]}"
}

# 5 after 1 and 3, 1 after 4; given in the order 5 1 2 3 4
records() {
	item 5 '"compute-0001","compute-0003"'
	item 1 '"compute-0004"'
	item 2
	item 3
	item 4
}

@test "a plan is in an order in which each item comes after those that it has to" {
	records | craton-remediate plan -q w.yaml >w.plan
	run jq -rs '[.[1:][] | .name[-1:]] | join(" ")' w.plan
	prints '2 3 4 1 5'
	run jq -c 'select(.name == "compute-0005").after' w.plan
	prints '["host:dfw/compute-0001","host:dfw/compute-0003"]'
}

@test "an item begins when those before it have ended, however many may be in work" {
	records | craton-remediate plan -q w.yaml >w.plan
	gives 0 craton-remediate run -o jsonl w.plan
	run jq -rs '[.[] | select(.event == "item.start" or .event == "item.ok") | .event[5:] + .item[-1:]]
		| (index("ok4") < index("start1")) and (index("ok1") < index("start5")) and (index("ok3") < index("start5"))' <<<"$output"
	prints true
	[ "$(wc -l <log)" -eq 5 ]
}

@test "what comes after a kicked item is skipped with the reason, and so on" {
	records | craton-remediate plan -q w.yaml >w.plan
	touch log.compute-0004
	gives 1 craton-remediate run -o jsonl w.plan
	run sqlite3 "$CRATON_DB" "SELECT name, state, reason FROM run_item WHERE state = 'skipped' ORDER BY name"
	prints "$(printf '%s\n' 'compute-0001|skipped|comes after host:dfw/compute-0004, which did not end well' \
		'compute-0005|skipped|comes after host:dfw/compute-0001, which did not end well')"
	[ "$(sort log | paste -sd ' ')" = 'compute-0002 compute-0003 compute-0004' ]
}

@test "dependants: run has them run all the same, in their order" {
	workflow 'dependants: run'
	records | craton-remediate plan -q w.yaml >w.plan
	touch log.compute-0004
	gives 1 craton-remediate run -q -o jsonl w.plan
	[ "$(wc -l <log)" -eq 5 ]
}

@test "a run that was killed goes on in its order" {
	workflow 'in_flight: 1'
	sed -i 's/, in_flight: 5//' w.yaml
	records | craton-remediate plan -q w.yaml >w.plan
	gives 137 env CRATON_CRASH=engine.committed:4 "$BUILD/chaos/craton-remediate" run -q w.plan
	gives 0 craton-remediate resume -q
	prints ''
	[ "$(paste -sd ' ' log)" = 'compute-0002 compute-0003 compute-0004 compute-0001 compute-0005' ]
}

@test "a cycle is refused with its path" {
	{ item 1 '"compute-0002"'; item 2 '"compute-0003"'; item 3 '"compute-0001"'; } >items
	gives 2 craton-remediate plan w.yaml <items
	says 'a cycle: host:dfw/compute-0001 needs host:dfw/compute-0002 needs host:dfw/compute-0003 needs host:dfw/compute-0001'
}

@test "what comes after an item that is not in the plan is left out, and an unknown one is an error" {
	{ item 1 '"compute-0002"'; item 3; item 4 '"compute-0001"'; } >items
	gives 0 craton-remediate plan w.yaml <items
	says 'left out: after an item that is not in the plan 2'
	[ "$(wc -l <<<"$output")" -eq 2 ]
	item 1 '"compute-0009"' >items
	gives 2 craton-remediate plan w.yaml <items
	says 'stdin:1: after: '
}

@test "a dry run keeps the order" {
	records | craton-remediate plan -q w.yaml >w.plan
	gives 0 craton-remediate run -n w.plan
	run sed -n 's/^would run host:dfw.compute-000\(.\).*/\1/p' <<<"$output"
	prints "$(printf '%s\n' 2 3 4 1 5)"
}

@test "a plan whose items were put in another order by hand is void or none" {
	records | craton-remediate plan -q w.yaml >w.plan
	{ sed -n 1p w.plan; sed -n '2,$p' w.plan | tac; } >x.plan
	refuses 2 craton-remediate run x.plan
	says 'after is no list of items above'
}
