#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The circuit breaker of a workflow: what opens it, what it stops, who closes it.
load helper
load runs

# A run of w that trips: two of eight fail, and one may.
trip() {
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0, in_flight: 1, max_fail: 1}' \
		"steps: {one: {run: [sh, -c, 'case \$0 in *[12]) exit 1; esac', '{item}']}}" >trip.yaml
	craton-remediate plan -q trip.yaml -l compute >trip.plan
	run_it 3 trip.plan
}

@test "while the breaker is open nothing is planned or run, and the refusal has its arithmetic" {
	workflow 'canary: 0' "one: {action: none}"
	trip
	why='refused: the breaker of workflow w is open since 2026-01-02T03:04:05Z, by run 1: failures 2 > max_fail 1'
	refuses 3 craton-remediate plan w.yaml -l compute
	says "$why"
	refuses 3 craton-remediate run w.plan
	says "$why; \"craton-remediate breaker reset w -m REASON\" closes it"
	[ "$(sql 'SELECT count(*) FROM run')" -eq 1 ]
}

@test "reset by a person with a reason, the workflow is planned and run again" {
	trip
	craton-remediate breaker reset w -m 'two bad disks, seen to'
	workflow 'canary: 0' "one: {action: none}"
	run_it 0
	gives 0 craton-remediate log --all -o jsonl
	[ "$(jq -c 'select(.event | startswith("breaker")) | [.event, .workflow, .why // .reason]' <<<"$output")" = \
		'["breaker.open","w","failures 2 > max_fail 1"]'$'\n''["breaker.reset","w","two bad disks, seen to"]' ]
	gives 0 craton-inv fsck
}

@test "a reset drops the backlog: plans from before it are void" {
	workflow 'canary: 0' "one: {action: none}"
	trip
	CRATON_NOW=2026-01-02T03:10:00Z craton-remediate breaker reset -q w -m 'the switch was it'
	export CRATON_NOW=2026-01-02T03:11:00Z
	refuses 3 craton-remediate run w.plan
	says 'plan void: made 2026-01-02T03:04:05Z, before '
	says ' closed the breaker of workflow w, 2026-01-02T03:10:00Z: the switch was it; make a new one'
	craton-remediate plan -q w.yaml -l compute >w.plan
	run_it 0
}

@test "other workflows run, and other projects" {
	trip
	sed 's/workflow: w/workflow: other/; s/exit 1/exit 0/' trip.yaml >other.yaml
	craton-remediate plan -q other.yaml -l compute >other.plan
	run_it 0 other.plan
	export CRATON_PROJECT=elsewhere
	fleet 8
	workflow 'canary: 0' "one: {action: none}"
	run_it 0
}

@test "the run that tripped goes on with a new limit, though the breaker stays open" {
	trip
	gives 1 craton-remediate resume -q --max-fail 5 -m 'disks, seen to'
	refuses 3 craton-remediate plan trip.yaml -l compute
	gives 0 craton-remediate breaker -o names
	prints w
}

@test "another run of the workflow stops as soon as the breaker opens, and is held" {
	unset CRATON_NOW
	workflow 'canary: 0, in_flight: 1, max_fail: 8' \
		"one: {run: [$ACT, '{item}', one, 0, 0.1]}"
	craton-remediate run w.plan >out 2>err &
	engine=$!
	waits_for log 'start compute-0002'
	sql "INSERT INTO breaker (project, workflow, opened, run, why)
		SELECT project, 'w', 0, 99, 'failures 4 > max_fail 3' FROM run"
	ends 4 "$engine"
	grep -q 'run 1 is held: the breaker is open by run 99: failures 4 > max_fail 3' out
	grep -q 'next: craton-remediate breaker reset w -m REASON' err
	[ "$(grep -c start log)" -lt 8 ]
	[ "$(grep -c start log)" -eq "$(grep -c end log)" ]
	refuses 3 craton-remediate resume
	craton-remediate breaker reset -q w -m 'seen to'
	gives 0 craton-remediate resume -q
	[ "$(grep -c start log)" -eq 8 ]
}

@test "to cancel and undo is allowed while the breaker is open" {
	workflow 'canary: 0, in_flight: 1, max_fail: 8' \
		"one: {run: [$ACT, '{item}', one], undo: [$ACT, '{item}', back]}" \
		"two: {run: [$ACT, '{item}', two, 0, 0.3]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0001 two'
	kill -KILL "$engine"
	ends 137 "$engine"
	waits_for log 'end compute-0001 two'
	sql "INSERT INTO breaker (project, workflow, opened, run, why)
		SELECT project, 'w', 0, 99, 'failures 4 > max_fail 3' FROM run"
	refuses 3 craton-remediate resume
	craton-remediate cancel -q --undo
	gives 4 craton-remediate resume -q
	grep -q 'end compute-0001 back' log
}

@test "an open breaker outlives the kill of its engine" {
	workflow 'canary: 0, in_flight: 2, max_fail: 0' \
		"one: {run: [sh, -c, 'case \$0 in *1) exit 1; esac; sleep 5', '{item}'], idempotent: true}"
	craton-remediate run -o jsonl w.plan >events &
	engine=$!
	waits_for events breaker.open
	kill -KILL "$engine"
	ends 137 "$engine"
	gives 0 craton-remediate breaker -o names
	prints w
	refuses 3 craton-remediate plan w.yaml -l compute
}

@test "breakers are listed as table and records, open ones unless all are wanted" {
	gives 0 craton-remediate breaker
	prints ''
	trip
	gives 0 craton-remediate breaker list
	has 'WORKFLOW'
	has 'failures 2 > max_fail 1'
	gives 0 craton-remediate breaker -o jsonl
	prints '{"kind":"breaker","workflow":"w","state":"open","opened":"2026-01-02T03:04:05Z","run":1,"why":"failures 2 > max_fail 1"}'
	craton-remediate breaker reset -q w -m seen
	gives 0 craton-remediate breaker
	prints ''
	gives 0 craton-remediate breaker --all --json
	[ "$(jq -r .state <<<"$output")" = closed ]
	run -2 bash -c 'craton-remediate breaker --all >/dev/full'
}

@test "a reset wants a workflow whose breaker is open, and a reason" {
	trip
	refuses 2 craton-remediate breaker reset
	refuses 2 craton-remediate breaker reset w
	says '-m REASON is wanted'
	refuses 2 craton-remediate breaker reset w -m ''
	refuses 2 craton-remediate breaker close w
	refuses 2 craton-remediate breaker list w
	refuses 1 craton-remediate breaker reset wx -m seen
	says 'no breaker of workflow wx is open; did you mean "w"?'
	craton-remediate breaker reset -q w -m seen
	refuses 1 craton-remediate breaker reset w -m seen
}
