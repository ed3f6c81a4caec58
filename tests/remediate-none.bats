#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The action none: everything of a run but the programs.
load helper

prepare() {
	fleet 8
}

# workflow STEP...: each a line; one item at a time, in the order of the plan.
workflow() {
	printf 'workflow: w\nproof: none\nbatch: {in_flight: 1, max_fail: 100%%}\nsteps:\n' >w.yaml
	printf '  %s\n' "$@" >>w.yaml
}

planned() {
	workflow "$@"
	craton-remediate plan -q w.yaml -l compute >w.plan
}

@test "a step of it is done at once, with rows and events as any other" {
	planned 'a: {action: none}' 'b: {action: none, with: {status: 0}}'
	gives 0 craton-remediate run -o jsonl w.plan
	[ "$(grep -c '"event":"step.done"' <<<"$output")" -eq 16 ]
	[ "$(sqlite3 "$CRATON_DB" "SELECT count(*) FROM attempt WHERE state = 'done'")" -eq 16 ]
	[ "$(sqlite3 "$CRATON_DB" "SELECT count(*) FROM step WHERE state = 'done'")" -eq 16 ]
}

@test "its status is the parameter's, from a variable of the item too" {
	craton-inv set compute-0003 rehearsal=100
	craton-inv set -w 'compute-000[1-2,4-8]' rehearsal=0
	planned 'a: {action: none, with: {status: "{var.rehearsal}"}}'
	gives 1 craton-remediate run -o jsonl w.plan
	[[ $(craton-remediate kicked -o names) == *compute-0003 ]]
	[ "$(craton-remediate kicked -o names | wc -l)" -eq 1 ]
}

@test "a list is by attempt, and its last for all that follow" {
	planned 'a: {action: none, with: {status: [75, 75, 0]}, retry: {times: 3, wait: 1ms}}'
	gives 0 craton-remediate run -o jsonl w.plan
	[ "$(sqlite3 "$CRATON_DB" 'SELECT group_concat(DISTINCT tries) FROM step')" = 3 ]
	planned 'a: {action: none, with: {status: [75, 1]}, retry: {times: 2, wait: 1ms}}'
	gives 1 craton-remediate run -o jsonl w.plan
	[ "$(craton-remediate kicked -o names | wc -l)" -eq 8 ]
}

@test "what is no status fails the step, and says so" {
	craton-inv set -l compute rehearsal=no
	planned 'a: {action: none, with: {status: "{var.rehearsal}"}}'
	gives 1 craton-remediate run -o jsonl w.plan
	has 'status: \"no\"'
}

@test "a parameter that it has not is an error of the workflow" {
	workflow 'a: {action: none, with: {stauts: 1}}'
	refuses 2 craton-remediate lint w.yaml
	says 'did you mean "status"?'
}

@test "a dry run says that it would run it" {
	planned 'a: {action: none, with: {status: 3}}'
	gives 0 craton-remediate run -n w.plan
	has 'would run host:'
	has ' a: none 3'
}

@test "one that was intended when the engine died is run again" {
	planned 'a: {action: none}'
	gives 137 env CRATON_CRASH=engine.before-start:3 "$BUILD/chaos/craton-remediate" run -q w.plan
	gives 0 craton-remediate resume -o jsonl
	[ "$(grep -c '"event":"step.done"' <<<"$output")" -eq 6 ]
	[ "$(sqlite3 "$CRATON_DB" "SELECT count(*) FROM step WHERE state = 'done'")" -eq 8 ]
}
