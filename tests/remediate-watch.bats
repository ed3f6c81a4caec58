#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# How people and programs follow a run: its lines, status, watch, log --follow.
load helper
load runs

@test "run says what became of items, and not that each began" {
	workflow 'canary: 1, max_fail: 8' "one: {run: [$ACT, '{item}', one]}" \
		"two: {run: [sh, -c, '[ \"\$0\" != compute-0003 ]', '{item}']}"
	gives 1 craton-remediate run -m CHG-1 w.plan
	[[ $output == "$(cat <<-'END'
	03:04:05 run 1: w, 8 items; stops at more than 8 failures; CHG-1
	03:04:05 wave 0: 1 item
	03:04:05 compute-0001 ok
	03:04:05 wave 0 is over: so far 1 ok
	03:04:05 wave 1: 7 items
	END
	)"* ]]
	has '03:04:05 compute-0003 two failed, attempt 1: exit status 1'
	has '03:04:05 compute-0003 kicked out at two: failed: exit status 1'
	has '03:04:05 run 1 is done-with-kicked; 7 ok, 1 kicked out'
	[ "$(wc -l <<<"$output")" -eq 15 ]
	[ "$(awk '{ if (length > 80) print }' <<<"$output")" = '' ]
	says 'next: craton-remediate kicked --run 1'
}

@test "-v says also that each began" {
	workflow 'canary: 0' "one: {action: none}"
	gives 0 craton-remediate run -v w.plan
	[ "$(grep -c ' begins$' <<<"$output")" -eq 8 ]
	[ "$(grep -c 'compute-0002 one' <<<"$output")" -eq 2 ]
}

@test "every event that the sources know has its sentence and its place in the manual" {
	words=$(cd "$ROOT" && cat libcommon/flow/*/*.c |
		grep -oE '"(run|wave|item|step|verify|undo|proof|kicked|halt|breaker|plan|notify)\.[a-z]+"' | tr -d '"' | sort -u)
	page=$(grep -oE '(run|wave|item|step|verify|undo|proof|kicked|halt|breaker|plan|notify)\.[a-z]+' "$ROOT/man/craton-events.5" | sort -u)
	diff <(echo "$words") <(echo "$page")
	[ "$(wc -l <<<"$words")" -gt 25 ]
}

@test "status of all runs is a line each, the newest first" {
	workflow 'canary: 0' "one: {action: none}"
	run_it 0
	workflow 'canary: 1, approve: after-canary' "one: {action: none}"
	run_it 4
	gives 0 craton-remediate status --all
	[ "$(wc -l <<<"$output")" -eq 3 ]
	[[ $(sed -n 2p <<<"$output") == '  2  w         held       8   1       0     7  '*'wave 1 waits for approval' ]]
	same 'craton-remediate status 2 1' 'craton-remediate status --all'
	[ "$(craton-remediate status --all -o jsonl | jq -c '[.run,.state]' | paste -sd ' ')" = \
		'[2,"held"] [1,"done"]' ]
	refuses 2 craton-remediate status --all 1
	refuses 2 craton-remediate status 1 7
	refuses 2 craton-remediate status -o tsv
}

@test "no run yet is said, and a list of none is empty" {
	refuses 2 craton-remediate status
	says 'no run yet'
	refuses 2 craton-remediate watch
	gives 0 craton-remediate status --all
	prints ''
}

@test "status says what was said to the run and not heard yet" {
	workflow 'canary: 1, approve: after-canary' "one: {action: none}"
	run_it 4
	gives 0 craton-remediate status
	has 'next      craton-remediate approve 1'
	craton-remediate approve -q -m 'looks good'
	gives 0 craton-remediate status
	has "said      approve, by $(id -un): looks good"
	has 'next      craton-remediate resume 1'
	gives 0 craton-remediate resume -q
	gives 0 craton-remediate status
	[[ $output != *'said '* && $output != *'next '* ]]
}

@test "status of both runs says that one waits for the other's items" {
	workflow 'canary: 0, in_flight: 2' "one: {run: [$ACT, '{item}', one, 0, 1]}"
	craton-remediate run -q w.plan &
	first=$!
	waits_for log 'start compute-0002'
	sed 's/workflow: w/workflow: v/; s/, 1\]/, 0]/' w.yaml >v.yaml
	craton-remediate plan -q v.yaml compute-0001 >v.plan
	craton-remediate run -q -o jsonl v.plan >events &
	second=$!
	waits_for events 'item.block.*"by_run":1'
	gives 0 craton-remediate status 1
	has 'blocks    run 2, which waits for 1 of its items'
	gives 0 craton-remediate status 2
	has 'waits     host:dfw/compute-0001: in work by run 1, which is running'
	ends 0 "$first"
	ends 0 "$second"
}

@test "watch in a pipe prints a line when something has changed, and ends as the run does" {
	workflow 'canary: 0, in_flight: 4, max_fail: 8' \
		"one: {run: [$ACT, '{item}', one, 100, 0.3]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0004'
	gives 1 craton-remediate watch --every 50ms
	ends 1 "$engine"
	has '03:04:05 run 1 running, wave 1 of 1: 0 of 8 ok, 4 in work, 0 failed of 8 allowed'
	has '03:04:05 run 1 done-with-kicked, wave 1 of 1: 0 of 8 ok, 0 in work, 8 failed of 8 allowed'
	[ -z "$(uniq -d <<<"$output")" ]
	gives 1 craton-remediate watch
	[ "$(wc -l <<<"$output")" -eq 1 ]
}

# on_terminal LINES COLUMNS COMMAND: its exit status, what it drew in the file drawn.
on_terminal() {
	local status=0
	env TERM="${TERMINAL:-xterm}" LINES="$1" COLUMNS="$2" script -qec "$3" /dev/null >drawn || status=$?
	echo "$status"
}

@test "watch on a terminal draws one screen, no wider and no longer than that" {
	workflow 'canary: 0, in_flight: 8, spread: {cabinet: 1}' "one: {run: [$ACT, '{item}', one, 0, 0.3]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0005'
	[ "$(on_terminal 24 80 'craton-remediate watch --every 100ms')" -eq 0 ]
	ends 0 "$engine"
	grep -q 'running   host:dfw/compute-0001 one, attempt 1' drawn
	grep -q 'waits     host:dfw/compute-0002: cabinet=a01: host:dfw/compute-0001 is active' drawn
	# the cursor goes home for each screen; none has more lines than fit, none is too wide
	sed 's/\r//g; s/\x1b\[2J//g; s/\x1b\[[KJ]//g; s/\x1b\[H/=home=\n/g' drawn >screens
	[ "$(grep -c =home= screens)" -gt 3 ]
	awk '/=home=/ { n = 0; next } ++n > 23 || length > 80 { exit 1 }' screens
	[ "$(on_terminal 6 40 'craton-remediate watch')" -eq 0 ]
	sed 's/\r//g; s/\x1b\[2J//g; s/\x1b\[[KJ]//g; s/\x1b\[H/=home=\n/g' drawn >screens
	awk '/=home=/ { n = 0; next } ++n > 5 || length > 40 { exit 1 }' screens
	grep -q 'more lines' screens
}

@test "on a dumb terminal watch prints lines" {
	workflow 'canary: 0' "one: {action: none}"
	run_it 0
	TERMINAL=dumb
	[ "$(on_terminal 24 80 'craton-remediate watch')" -eq 0 ]
	run ! grep -q $'\x1b' drawn
	grep -q 'run 1 done' drawn
}

@test "watch ends with 4 when the engine is gone" {
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', one, 0, 0.3]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0001'
	kill -KILL "$engine"
	ends 137 "$engine"
	gives 4 craton-remediate watch
}

@test "log --follow has every event once while the engine commits, and ends with the run" {
	workflow 'canary: 0, in_flight: 8' \
		"one: {action: none, with: {status: 75}, retry: {times: 200, wait: 1ms, jitter: none, factor: 1}, else: continue}" \
		"two: {run: [$ACT, '{item}', two, 0, 0.2]}"
	craton-remediate run -q w.plan &
	engine=$!
	until craton-remediate log --since 0 -o jsonl >half 2>/dev/null && [ -s half ]; do sleep 0.02; done
	craton-remediate log --follow -o jsonl >all
	ends 0 "$engine"
	same 'craton-remediate log -o jsonl' 'cat all'
	[ "$(wc -l <all)" -gt 3000 ]
	# cut anywhere, and taken up again at the last seq
	seq=$(tail -n1 half | jq .seq)
	{ cat half; craton-remediate log --follow -o jsonl --since "$seq"; } >joined
	cmp all joined
	jq -es 'map(.seq) | . == (sort | unique)' all >/dev/null
}

@test "a follower that comes before the run's first event waits for it" {
	workflow 'canary: 0' "one: {run: [$ACT, '{item}', one, 0, 0.1]}"
	run_it 0
	workflow 'canary: 0, in_flight: 2' "one: {run: [$ACT, '{item}', one, 0, 0.1]}"
	craton-remediate run -q w.plan &
	engine=$!
	until craton-remediate status 2 >/dev/null 2>&1; do sleep 0.02; done
	gives 0 craton-remediate log --follow 2
	ends 0 "$engine"
	has 'run 2 is done; 8 ok'
}

@test "log in sentences has all there is; a full device is an error" {
	workflow 'canary: 0' "one: {action: none}"
	run_it 0
	gives 0 craton-remediate log
	[ "$(wc -l <<<"$output")" -eq "$(wc -l <events)" ]
	for command in 'log' 'log -o json' 'status' 'status --all' 'watch'; do
		run -2 bash -c "craton-remediate $command >/dev/full"
	done
}

@test "control characters of the fleet reach no terminal by a sentence" {
	workflow 'canary: 0' "one: {action: none, with: {status: \"{var.bad}\"}, when: \"item.name = 'compute-0001'\"}"
	craton-inv set -q -l compute 'bad="\u001b[31mred"'
	craton-remediate plan -q w.yaml -l compute >w.plan
	gives 3 craton-remediate run w.plan
	[[ $output != *$'\x1b'* ]]
	has '[31mred'
}
