#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Words to a run while no engine is at work, engines that come back, and gaps between items.
load helper
load runs

# killed N: a run of one item at a time whose engine is killed once item N has started.
killed() {
	workflow "${2:-canary: 0, in_flight: 1}" \
		"one: {run: [$ACT, '{item}', one], undo: [$ACT, '{item}', undo]}" \
		"two: {run: [$ACT, '{item}', two, 0, 0.3]}"
	craton-remediate run -q w.plan &
	local engine=$!
	waits_for log "start compute-000$1 two"
	kill -KILL "$engine"
	ends 137 "$engine"
}

@test "a pause said while no engine is at work is answered by resume" {
	killed 2
	gives 0 craton-remediate pause -m 'not tonight'
	says 'no engine is at work on run 1; nothing starts before "craton-remediate resume 1"'
	gives 0 craton-remediate status
	has 'not tonight'
	gives 0 craton-remediate resume -q
	[ "$(sql 'SELECT state FROM run')" = 'done' ]
}

@test "a cancel said while no engine is at work is carried out by resume, with undo" {
	killed 2
	gives 0 craton-remediate cancel --undo -m 'wrong kernel'
	says 'it is cancelled by "craton-remediate resume 1"'
	gives 4 craton-remediate resume -q
	[ "$(sql 'SELECT state, ok FROM run')" = 'cancelled|1' ]
	grep -q 'end compute-0002 undo' log
	[ "$(grep -c 'start compute-0003' log)" -eq 0 ]
	refuses 3 craton-remediate cancel 1
	says 'run 1 is over: cancelled'
}

@test "cancel without undo leaves what is done as it is" {
	killed 2
	gives 0 craton-remediate cancel -q
	gives 4 craton-remediate resume -q
	[ "$(grep -c undo log)" -eq 0 ]
}

@test "an approval said before it is asked for is kept" {
	workflow 'canary: 1, approve: every-wave, size: [2]' "one: {action: none}"
	run_it 4
	gives 0 craton-remediate approve -q --wave 3
	gives 4 craton-remediate resume -q
	[[ $(sql 'SELECT why, wave FROM run') == 'wave 4 waits for approval|3' ]]
	gives 0 craton-remediate approve -q
	gives 0 craton-remediate resume -q
	refuses 3 craton-remediate approve 1
}

@test "a word to a run that there is not, or to two, is refused" {
	for word in pause cancel approve; do
		refuses 2 craton-remediate "$word" 7
		refuses 2 craton-remediate "$word" 1 2
		refuses 2 craton-remediate "$word"
	done
	refuses 2 craton-remediate halt 1
	refuses 1 craton-remediate halt --clear
}

@test "an engine that was stopped and finds another epoch writes nothing more" {
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', one, 0, 0.2]}"
	craton-remediate run -q w.plan 2>err &
	engine=$!
	waits_for log 'start compute-0002'
	kill -STOP "$engine"
	sql 'UPDATE run SET epoch = epoch + 1'
	sql 'SELECT seq, run, at, event, body FROM event UNION ALL SELECT pos, run, step, state, attempt FROM step' >before
	kill -CONT "$engine"
	ends 75 "$engine"
	grep -q 'was taken over by another engine; this one has stopped' err
	sql 'SELECT seq, run, at, event, body FROM event UNION ALL SELECT pos, run, step, state, attempt FROM step' | cmp before -
	[ "$(grep -c start log)" -eq 2 ]
	gives 0 craton-remediate resume -q
	[ "$(grep -c start log)" -eq 8 ]
}

@test "a run that tripped on failures goes on only with a new limit, which is told" {
	workflow 'canary: 0, in_flight: 1, max_fail: 1' \
		"one: {run: [sh, -c, 'case \$0 in *[123]) exit 1; esac', '{item}']}"
	run_it 3
	refuses 3 craton-remediate resume
	says 'run 1 has tripped: failures 2 > max_fail 1; --max-fail N lets it go on'
	refuses 3 craton-remediate resume --max-fail 1
	says '2 have failed already'
	gives 1 craton-remediate resume --max-fail 3 -m 'two bad disks, seen to'
	has 'stops at more than 3 failures now, says '
	has 'two bad disks, seen to'
	[ "$(sql 'SELECT state, ok, kicked FROM run')" = 'done-with-kicked|5|3' ]
}

@test "a row of failures trips, whatever is allowed in all, and a new limit begins it anew" {
	workflow 'canary: 0, in_flight: 1, max_fail: 8, max_fail_in_a_row: 2' \
		"one: {run: [sh, -c, 'case \$0 in *[23456]) exit 1; esac', '{item}']}"
	run_it 3
	[[ $(sql 'SELECT why, kicked FROM run') == 'failures in a row 3 > max_fail_in_a_row 2|3' ]]
	refuses 3 craton-remediate resume
	gives 1 craton-remediate resume -q --max-fail 8
	[ "$(sql 'SELECT ok, kicked FROM run')" = '3|5' ]
}

@test "strict never has more at work than may still fail, and one" {
	workflow 'canary: 0, in_flight: 8, max_fail: 2, strict: true' "one: {run: [$ACT, '{item}', one, 1, 0.2]}"
	run_it 3
	[ "$(grep -c start log)" -eq 3 ]
	[ "$(sql 'SELECT kicked FROM run')" = 3 ]
}

@test "what timed out, was not reached or is unknown counts as a failure" {
	workflow 'canary: 0, in_flight: 1, max_fail: 2' \
		"one: {run: [sleep, '5'], timeout: 100ms, when: \"item.name = 'compute-0001'\"}" \
		"two: {run: [sh, -c, 'exit 255'], when: \"item.name = 'compute-0002'\"}" \
		"three: {run: [sh, -c, 'kill -9 \$\$'], when: \"item.name = 'compute-0003'\"}"
	run_it 3
	[[ $(sql 'SELECT why FROM run') == 'failures 3 > max_fail 2' ]]
}

@test "items start no closer to each other than the gap, which a restart keeps" {
	workflow 'canary: 0, in_flight: 8, gap: 200ms' "one: {run: ['true']}"
	craton-remediate plan --show w.plan | grep -q '200ms apart'
	unset CRATON_NOW
	craton-remediate plan -q w.yaml -l compute >w.plan
	craton-remediate run -q w.plan &
	engine=$!
	until [ "$(sql "SELECT count(*) FROM event WHERE event = 'item.ok'" 2>/dev/null)" = 3 ]; do sleep 0.02; done
	kill -KILL "$engine"
	ends 137 "$engine"
	gives 0 craton-remediate resume -q
	[ "$(sql 'SELECT min(d) >= 195 FROM (SELECT started - lag(started) OVER (ORDER BY started) AS d FROM run_item)')" = 1 ]
}

@test "waves are sized by number, share, list and doubling, and by what the plan has" {
	sizes() { # BATCH: how many items each wave of its plan has
		workflow "canary: 1, $1" "one: {action: none}"
		jq -r 'select(.kind == "plan-item").wave' w.plan | sort -n | uniq -c | awk '{ print $1 }' | paste -sd ' '
	}
	[ "$(sizes 'size: 3')" = '1 3 3 1' ]
	[ "$(sizes 'size: 25%')" = '1 2 2 2 1' ]
	[ "$(sizes 'size: [1, 50%]')" = '1 1 4 2' ]
	[ "$(sizes 'size: doubling')" = '1 1 2 4' ]
	[ "$(sizes 'size: 1%')" = '1 1 1 1 1 1 1 1' ]
}

@test "a wave bakes before the next, in a run that is resumed meanwhile too" {
	unset CRATON_NOW
	workflow 'canary: 1, wait: 700ms' "one: {run: ['true']}"
	craton-remediate run -q w.plan &
	engine=$!
	until [ "$(sql "SELECT count(*) FROM event WHERE event = 'wave.end'" 2>/dev/null)" = 1 ]; do sleep 0.02; done
	kill -KILL "$engine"
	ends 137 "$engine"
	gives 0 craton-remediate resume -q
	[ "$(sql "SELECT min(CASE wave WHEN 1 THEN started END) - max(CASE wave WHEN 0 THEN ended END) >= 695 FROM run_item")" = 1 ]
}

@test "an item with two values of a label that the batch spreads over is an error of the plan" {
	craton-label add -q cabinet=b09 compute-0003
	printf 'workflow: w\nproof: none\nbatch: {spread: {cabinet: 1}}\nsteps: {one: {action: none}}\n' >w.yaml
	refuses 2 craton-remediate plan w.yaml -l compute
	says 'host:dfw/compute-0003 has more than one value of label cabinet'
}
