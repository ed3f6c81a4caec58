#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Windows and freezes: when items may begin. The clock stands at Friday 2026-01-02 03:04:05 UTC.
# shellcheck disable=SC2154 # bats sets output and stderr
load helper
load runs

prepare() {
	fleet 3
}

# flow WINDOW...: a workflow of three items, each 5 minutes at most, with what follows its name.
flow() {
	printf '%s\n' 'workflow: w' 'proof: none' 'deadline: {item: 5m}' "$@" \
		'steps: {one: {run: [echo, "{item}"]}}' >w.yaml
	craton-remediate plan -q w.yaml -l compute >p
}

@test "outside the workflow's window nothing begins: the run is held until it opens, and goes on then" {
	flow 'window: "Mon-Thu 22:00-05:00 Europe/Berlin"'
	CRATON_NOW=2026-01-02T04:04:05Z gives 4 craton-remediate run p
	has 'run 1 is held: outside the window Mon-Thu 22:00-05:00 Europe/Berlin; window opens 2026-01-05T21:00:00Z'
	before=$(craton-remediate log -o jsonl | wc -l)
	CRATON_NOW=2026-01-05T20:59:59Z gives 4 craton-remediate resume # as cron would: no event
	says 'run 1 is held: outside the window'
	[ "$(craton-remediate log -o jsonl | wc -l)" -eq "$before" ]
	CRATON_NOW=2026-01-05T21:00:00Z gives 0 craton-remediate resume -q
}

@test "inside the window it runs, on the night of the day that it opened on" {
	flow 'window: "Mon-Thu 22:00-05:00 Europe/Berlin"'
	gives 0 craton-remediate run -q p # Friday 04:04 in Berlin, of Thursday's
}

@test "an item that would not end inside the window does not begin, with the arithmetic" {
	flow 'window: "Fri 03:00-03:08 UTC"'
	gives 4 craton-remediate run p
	has 'held: needs 5m, only 235s left until 2026-01-02T03:08:00Z; window opens 2026-01-09T03:00:00Z'
}

@test "without deadline: item the time limits of steps, verifies and proofs are what it may take" {
	printf '%s\n' 'workflow: w' 'proof: {run: [true], timeout: 1m}' 'window: "Fri 03:00-03:15 UTC"' \
		'steps: {a: {run: [echo], timeout: 4m, verify: {run: [false], timeout: 2m}}, b: {run: [echo], timeout: 3m}}' >w.yaml
	gives 0 craton-remediate plan w.yaml -l compute
	says 'not now: needs 11m, only 655s left'
}

@test "plan says when its items may begin, and refuses what no window is ever long enough for" {
	flow 'window: ["Sat 10:00-12:00 UTC", "Sun 10:00-12:00 UTC"]'
	gives 0 craton-remediate plan w.yaml -l compute
	says 'not now: outside the window Sat 10:00-12:00 UTC or Sun 10:00-12:00 UTC; window opens 2026-01-03T10:00:00Z'
	sed -i 's/5m/3h/' w.yaml
	refuses 3 craton-remediate plan w.yaml -l compute
	says 'no time of 3h within 400 days'
}

@test "the windows of the policy hold beside the workflow's, and are those of today, not of the plan" {
	flow 'window: "Fri 03:00-04:00 UTC"'
	printf 'windows: "Fri 03:30-05:00 UTC"\n' >>"$CRATON_DB.policy"
	gives 4 craton-remediate run p
	has 'held: outside the window Fri 03:30-05:00 UTC; window opens 2026-01-02T03:30:00Z'
	gives 0 craton-remediate policy
	has 'only in the window Fri 03:30-05:00 UTC'
	CRATON_NOW=2026-01-02T03:30:00Z gives 0 craton-remediate resume -q
}

@test "in a freeze nothing begins, for the reason that its author gave" {
	flow
	printf '%s\n' 'freezes: [{from: "2025-12-20 UTC", to: "2026-01-06 UTC", why: year end}]' >>"$CRATON_DB.policy"
	gives 0 craton-remediate plan w.yaml -l compute
	says 'not now: freeze until 2026-01-07T00:00:00Z: year end'
	gives 4 craton-remediate run p
	has 'held: freeze until 2026-01-07T00:00:00Z: year end'
	gives 0 craton-remediate policy
	has 'freeze from 2025-12-20T00:00:00Z to 2026-01-07T00:00:00Z: year end'
	CRATON_NOW=2026-01-07T00:00:00Z gives 0 craton-remediate resume -q
}

@test "a run that is held outside its window can be cancelled there" {
	flow 'window: "Sat 10:00-12:00 UTC"'
	gives 4 craton-remediate run -q p
	craton-remediate cancel -q
	gives 4 craton-remediate resume -q
	[ "$(sql 'SELECT state FROM run')" = cancelled ]
}

@test "a window that closes on the way lets what is in work end, and holds the rest" {
	printf '%s\n' 'workflow: w' 'proof: none' 'deadline: {item: 5m}' 'batch: {canary: 0, in_flight: 1}' \
		'window: "Fri 03:00-04:00 UTC"' 'steps: {one: {run: [sh, -c, "echo >begun; sleep 1"]}}' >w.yaml
	craton-remediate plan -q w.yaml -l compute >p
	craton-remediate run -q p >/dev/null &
	until [ -e begun ]; do sleep 0.05; done
	kill -9 $!
	wait $! || true
	CRATON_NOW=2026-01-02T03:58:00Z gives 4 craton-remediate resume
	has "run 1 is held: needs 5m, only 2m left"
	has '1 ok, 2 left'
}

@test "before is not run outside the window, and a dry run says that it would be held" {
	flow 'window: "Sat 10:00-12:00 UTC"' 'before: [touch, before.ran]'
	gives 4 craton-remediate run -q p
	[ ! -e before.ran ]
	craton-remediate plan -q w.yaml -w compute-0001 >p1
	gives 0 craton-remediate run -n p1
	has 'would hold: outside the window Sat 10:00-12:00 UTC'
	has 'would run host:dfw/compute-0001 one'
}

@test "a window or freeze that cannot be told is refused with its line: no zone, no day, no end" {
	local bad
	for bad in 'window: "Mon 22:00"' 'window: "Mon 22:00-05:00"' 'window: "Mon 22:00-05:00 Europe/Berlinn"' \
		'window: "Mon 22:00-25:00 UTC"' 'window: []' 'window: ""'; do
		printf '%s\n' 'workflow: w' "$bad" 'steps: {a: {run: [x]}}' >w.yaml
		refuses 2 craton-remediate lint ./w.yaml
		says 'w.yaml:2: window'
	done
	printf 'freezes: {from: "2026-01-06 UTC", to: "2026-01-02 UTC", why: x}\n' >"$CRATON_DB.policy"
	refuses 3 craton-remediate policy
	says 'refused: the policy cannot be told'
	says 'ends before it begins'
	printf 'freezes: {from: "2026-01-06 UTC", to: "2026-01-07 UTC"}\n' >"$CRATON_DB.policy"
	refuses 3 craton-remediate policy
	says 'why'
}
