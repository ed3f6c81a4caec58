# SPDX-License-Identifier: Apache-2.0
# For tests of runs: a fleet of 8, a program that logs what it does, and waiting.
# shellcheck shell=bash disable=SC2034,SC2154

# Steps of the tests: act ITEM STEP [STATUS [SECONDS]] logs its start and end in one file.
prepare() {
	fleet 8
	cat >act <<-'END'
		#!/bin/sh
		echo "start $1 $2" >>"$ACT_LOG"
		sleep "${4:-0}"
		echo "end $1 $2" >>"$ACT_LOG"
		exit "${3:-0}"
	END
	chmod +x act
	ACT_LOG=$PWD/log ACT=$PWD/act
	export ACT_LOG
	: >log
}

# workflow 'BATCH' STEP...: proof none, each step a line; then its plan over all hosts.
workflow() {
	printf 'workflow: w\nproof: none\nbatch: {%s}\nsteps:\n' "$1" >w.yaml
	shift
	printf '  %s\n' "$@" >>w.yaml
	craton-remediate plan -q w.yaml -l compute >w.plan
}

# sql TEXT: one value or lines from the database.
sql() {
	sqlite3 -bail "$CRATON_DB" "$1"
}

# events WORD: how many events of that word the last run printed.
events() {
	grep -c "\"event\":\"$1\"" events || :
}

# run_it STATUS [PLAN]: runs the plan, events to a file.
run_it() {
	gives "$1" craton-remediate run -o jsonl "${2:-w.plan}"
	printf '%s\n' "$output" >events
}

# ends N PID: the background job exits with N.
ends() {
	local status=0
	wait "$2" || status=$?
	[ "$status" -eq "$1" ] || { echo "status: $status"; return 1; }
}

# waits_for FILE TEXT: until a line has it, 10 s at most.
waits_for() {
	for _ in $(seq 500); do
		if grep -q "$2" "$1" 2>/dev/null; then return 0; fi
		sleep 0.02
	done
	echo "never: $2"
	return 1
}
