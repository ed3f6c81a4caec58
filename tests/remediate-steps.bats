#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016 # the steps' own shells expand
# Steps over arrays, back to earlier ones, within their times; what a run does once.
load helper

# Steps of the tests: act NAME... [=STATUS] logs a line, and exits so. A file NAME.fails counts how
# often it still fails.
prepare() {
	fleet 4
	cat >act <<-'END'
		#!/bin/sh
		echo "$*" >>"$ACT_LOG"
		left=$(cat "$ACT_DIR/$1-$2.fails" 2>/dev/null || echo 0)
		[ "$left" -gt 0 ] || exit 0
		echo $((left - 1)) >"$ACT_DIR/$1-$2.fails"
		exit 3
	END
	chmod +x act
	ACT_LOG=$PWD/log ACT_DIR=$PWD ACT=$PWD/act
	export ACT_LOG ACT_DIR
	: >log
	printf '#!/bin/sh\necho "$OUTPUT"\n' >list
	chmod +x list
	LIST=$PWD/list
	craton-inv set -q compute-0001 'disks=["sda","sdb","sdc"]' 'parts=[{"dev":"vda","n":1},{"dev":"vdb","n":2}]'
}

# workflow TEXT ITEM...: a workflow of that body; then its plan.
workflow() {
	printf 'workflow: w\nproof: none\nbatch: {max_fail: 100%%}\n%s\n' "$1" >w.yaml
	shift
	craton-remediate plan -q w.yaml "${@:-compute-0001}" >w.plan
}

sql() {
	sqlite3 -bail "$CRATON_DB" "$1"
}

# run_it STATUS [OPTION...]: runs the plan, events to a file.
run_it() {
	local status=$1
	shift
	gives "$status" craton-remediate run "$@" -o jsonl w.plan
	printf '%s\n' "$output" >events
}

# log_is LINE...: what the steps have logged.
log_is() {
	run cat log
	prints "$(printf '%s\n' "$@")"
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

@test "for_each runs a step once for each element, in order" {
	workflow "steps:
  wipe: {for_each: '{var.disks}', run: [$ACT, '{item}', '{each}']}
  done: {run: [$ACT, '{item}', done]}"
	run_it 0
	log_is 'compute-0001 sda' 'compute-0001 sdb' 'compute-0001 sdc' 'compute-0001 done'
	[ "$(sql 'SELECT group_concat(element) FROM attempt WHERE step = 0')" = 1,2,3 ]
	[ "$(sql 'SELECT output FROM step WHERE step = 0 AND element = 0')" = '{"count":3,"each":[null,null,null]}' ]
}

@test "an element may be an object, and the array what an earlier step printed" {
	export OUTPUT='{"found":[{"h":"x y","n":7},{"h":"z","n":8}]}'
	workflow "steps:
  list: {run: [$LIST]}
  each-one: {for_each: {in: '{list.found}'}, run: [$ACT, '{each.h}', '{each.n}', '{each}']}"
	run_it 0
	log_is 'x y 7 {"h":"x y","n":7}' 'z 8 {"h":"z","n":8}'
}

@test "at_once elements are at work together, never more" {
	workflow "steps:
  wipe: {for_each: {in: '{var.disks}', at_once: 2}, run: [sh, -c, 'echo in >>\"\$ACT_LOG\"; sleep 0.2; echo out >>\"\$ACT_LOG\"']}"
	run_it 0
	run awk '$1 == "in" { n++ } $1 == "out" { n-- } n > most { most = n } END { print most, NR }' log
	prints '2 6'
}

@test "an element that fails is tried again alone, and kicks its item out when that is no use" {
	echo 1 >compute-0001-sdb.fails
	workflow "steps:
  wipe: {for_each: '{var.disks}', run: [$ACT, '{item}', '{each}'], retry: {times: 1, wait: 10ms}}"
	run_it 0
	log_is 'compute-0001 sda' 'compute-0001 sdb' 'compute-0001 sdb' 'compute-0001 sdc'

	: >log
	echo 9 >compute-0001-sdb.fails
	workflow "title: again
steps:
  wipe: {for_each: '{var.disks}', run: [$ACT, '{item}', '{each}'], retry: {times: 1, wait: 10ms},
    undo: [$ACT, undo, '{each}'], else: undo}"
	run_it 1
	log_is 'compute-0001 sda' 'compute-0001 sdb' 'compute-0001 sdb' 'undo sda'
	[ "$(sql 'SELECT step FROM kicked')" = 'wipe[2]' ]
	[ "$(sql 'SELECT element, state FROM step WHERE run = 2' | paste -sd ' ')" = '0|cancelled 1|undone 2|failed' ]
}

@test "an element's failure with else: continue leaves the others alone" {
	echo 9 >compute-0001-sda.fails
	workflow "steps:
  wipe: {for_each: '{var.disks}', run: [$ACT, '{item}', '{each}'], else: continue}
  done: {run: [$ACT, '{item}', done]}"
	run_it 0
	log_is 'compute-0001 sda' 'compute-0001 sdb' 'compute-0001 sdc' 'compute-0001 done'
}

@test "an empty array is done at once, and what is no array fails the item" {
	craton-inv set -q compute-0001 'none=[]' word=sda
	workflow "steps:
  a: {for_each: '{var.none}', run: [$ACT, '{each}', a]}
  b: {run: [$ACT, '{item}', '{a.count}']}"
	run_it 0
	log_is 'compute-0001 0'

	workflow "steps:
  a: {for_each: '{var.word}', run: [$ACT, '{each}', a]}"
	run_it 1
	[ "$(sql 'SELECT reason FROM kicked')" = 'variable word is no array' ]
}

@test "an item whose engine was killed among its elements goes on with those that are left" {
	workflow "steps:
  wipe: {for_each: '{var.disks}', run: [sh, -c, '\"\$0\" \"\$@\"; [ \"\$2\" != sdb ] || sleep 1', $ACT, '{item}', '{each}']}
  done: {run: [$ACT, '{item}', done]}"
	craton-remediate run -o jsonl w.plan >events &
	waits_for log sdb
	kill -9 $!
	gives 0 craton-remediate resume -o jsonl
	has '"event":"step.adopt","item":"host:dfw/compute-0001","step":"wipe[2]"'
	log_is 'compute-0001 sda' 'compute-0001 sdb' 'compute-0001 sdc' 'compute-0001 done'
}

@test "retry.from begins again at an earlier step, and undoes what was done since" {
	echo 1 >compute-0001-check.fails
	workflow "steps:
  build: {run: [$ACT, '{item}', build, '{key}'], undo: [$ACT, undo, build]}
  copy: {run: [$ACT, '{item}', copy], undo: [$ACT, undo, copy]}
  check: {run: [$ACT, '{item}', check], retry: {times: 2, wait: 10ms, from: build}}"
	run_it 0
	key=$(sed -n '1s/.* //p' log)
	log_is "compute-0001 build $key" 'compute-0001 copy' 'compute-0001 check' 'undo copy' \
		'undo build' "compute-0001 build $key~1" 'compute-0001 copy' 'compute-0001 check'
	[ "$(sql 'SELECT group_concat(pass) FROM step')" = 1,1,1 ]
	grep -q '"event":"step.rewind","item":"host:dfw/compute-0001","step":"check","from":"build"' events
}

@test "retry.from is used up like any other retry" {
	echo 9 >compute-0001-check.fails
	workflow "steps:
  copy: {run: [$ACT, '{item}', copy], rerun: true}
  check: {run: [$ACT, '{item}', check], retry: {times: 2, wait: 10ms, from: copy}}"
	run_it 1
	[ "$(sort log | uniq -c | tr -s ' ' | paste -sd,)" = ' 3 compute-0001 check, 3 compute-0001 copy' ]
	[ "$(sql 'SELECT reason FROM kicked')" = 'retries used up: exit status 3' ]
}

@test "a step on another branch is left alone by retry.from" {
	echo 1 >compute-0001-check.fails
	workflow "steps:
  a: {run: [$ACT, '{item}', a]}
  b: {run: [$ACT, '{item}', b], needs: a, idempotent: true}
  other: {run: [$ACT, '{item}', other], needs: a}
  check: {run: [$ACT, '{item}', check], needs: [b, other], retry: {times: 1, wait: 10ms, from: b}}"
	run_it 0
	[ "$(sort log | uniq -c | tr -s ' ' | paste -sd,)" = \
		' 1 compute-0001 a, 2 compute-0001 b, 2 compute-0001 check, 1 compute-0001 other' ]
}

@test "a way back over what may not be run again is refused" {
	printf 'workflow: w\nsteps:\n  a: {run: [x]}\n  b: {run: [y], retry: {times: 1, from: a}}\n' >w.yaml
	refuses 2 craton-remediate lint w.yaml
	says 'w.yaml:4: steps.b.retry.from: step a would be run again, and is not idempotent; undo: or rerun: true would allow it'
	sed -i 's/from: a}/from: c}/' w.yaml
	refuses 2 craton-remediate lint w.yaml
	says 'no step c'
}

@test "going back waits for the time that was drawn, over a restart" {
	echo 1 >compute-0001-check.fails
	workflow "steps:
  a: {run: [$ACT, '{item}', a], idempotent: true}
  check: {run: [$ACT, '{item}', check], retry: {times: 1, wait: 1h, jitter: none, from: a}}"
	craton-remediate run -o jsonl w.plan >events &
	waits_for events backoff
	kill -9 $!
	CRATON_NOW=2026-01-02T04:04:06Z gives 0 craton-remediate resume -q
	log_is 'compute-0001 a' 'compute-0001 check' 'compute-0001 a' 'compute-0001 check'
}

@test "an undo has its own retries, and an undo that fails for good ends going back" {
	echo 2 >undo-a.fails
	echo 1 >compute-0001-check.fails
	workflow "steps:
  a: {run: [$ACT, '{item}', a], undo: {run: [$ACT, undo, a], retry: {times: 2, wait: 10ms}}}
  check: {run: [$ACT, '{item}', check], retry: {times: 1, wait: 10ms, from: a}}"
	run_it 0
	log_is 'compute-0001 a' 'compute-0001 check' 'undo a' 'undo a' 'undo a' 'compute-0001 a' 'compute-0001 check'

	echo 3 >undo-a.fails
	echo 1 >compute-0001-check.fails
	craton-remediate plan -q w.yaml compute-0002 compute-0001 >w.plan
	run_it 1
	[ "$(sql 'SELECT reason FROM kicked')" = 'going back to a: what was done since could not be undone; undo failed' ]
}

@test "when: sees what earlier steps printed" {
	export OUTPUT='{"size":5}'
	workflow "steps:
  look: {run: [$LIST]}
  small: {run: [$ACT, '{item}', small], when: 'look.size < 10'}
  big: {run: [$ACT, '{item}', big], when: 'look.size >= 10'}"
	run_it 0
	log_is 'compute-0001 small'
	printf 'workflow: w\nsteps:\n  a: {run: [x], when: b.size > 1}\n  b: {run: [y]}\n' >w.yaml
	refuses 2 craton-remediate lint w.yaml
	says 'b has not ended when this starts'
}

@test "an item's time limit ends its attempt, and no retry follows" {
	workflow "deadline: {item: 300ms}
steps:
  a: {run: [sleep, 9], idempotent: true, retry: {times: 5, wait: 10ms}, else: continue}
  b: {run: [$ACT, '{item}', b]}
finally: [$ACT, '{item}', '{result}']"
	run_it 1
	log_is 'compute-0001 kicked'
	[ "$(sql 'SELECT step, reason FROM kicked')" = "a|the item's time limit of 300ms has passed" ]
	[ "$(sql 'SELECT count(*) FROM attempt')" -eq 2 ]
}

@test "before and after run once a run, whatever the number of items" {
	workflow "before: [$ACT, before, '{key}']
steps:
  a: {run: [$ACT, '{item}', a]}
after: [$ACT, after, '{result}']" compute-0001 compute-0002 compute-0003
	run_it 0
	[ "$(sed -n '$p' log)" = 'after done' ]
	[ "$(grep -c before log)" -eq 1 ]
	head -1 log | grep -q '^before 1-[0-9a-f]*/before$'
	[ "$(wc -l <log)" -eq 5 ]
}

@test "a before that fails lets no item in; it is run again when the run is resumed" {
	echo 1 >before-x.fails
	workflow "before: [$ACT, before, x]
steps:
  a: {run: [$ACT, '{item}', a]}"
	run_it 3
	log_is 'before x'
	[ "$(sql 'SELECT state, why FROM run')" = 'tripped|before: failed: exit status 3' ]
	gives 0 craton-remediate resume -q
	log_is 'before x' 'before x' 'compute-0001 a'
}

@test "a before whose end nobody knows is never run again" {
	workflow "before: [sh, -c, 'echo before >>\"\$ACT_LOG\"; kill -9 \$PPID; sleep 0.1']
steps:
  a: {run: [$ACT, '{item}', a]}"
	craton-remediate run -o jsonl w.plan >events &
	waits_for log before
	kill -9 $! || true
	sleep 0.3
	gives 3 craton-remediate resume -q
	gives 3 craton-remediate resume -q
	log_is before
	[ "$(sql 'SELECT why FROM run')" = 'before: unknown: it was started, and its end cannot be known' ]
}

@test "an after that fails changes nothing of the items, and shows in the exit status each time" {
	echo 9 >after-done.fails
	workflow "steps:
  a: {run: [$ACT, '{item}', a]}
after: [$ACT, after, '{result}']"
	run_it 1
	gives 1 craton-remediate resume -q
	log_is 'compute-0001 a' 'after done'
	[ "$(sql 'SELECT state, ok, why FROM run')" = 'done|1|after: failed: exit status 3' ]
}

@test "an after that was running when the engine was killed is not run twice" {
	workflow "steps:
  a: {run: [$ACT, '{item}', a]}
after: [sh, -c, '\"\$0\" after x; sleep 0.5', $ACT]"
	craton-remediate run -o jsonl w.plan >events &
	waits_for log after
	kill -9 $!
	gives 0 craton-remediate resume -q
	log_is 'compute-0001 a' 'after x'
	[ "$(sql 'SELECT state FROM run')" = 'done' ]
}

@test "the run's time limit lets nobody else in, and a resume begins it anew" {
	workflow "deadline: {run: 1s}
steps:
  a: {run: [sh, -c, '\"\$0\" \"\$1\" a; sleep 0.7', $ACT, '{item}']}" compute-0001 compute-0002 compute-0003
	sed -i 's/^batch:.*/batch: {canary: 0, in_flight: 1}/' w.yaml
	craton-remediate plan -q w.yaml compute-0001 compute-0002 compute-0003 >w.plan
	run_it 3
	log_is 'compute-0001 a' 'compute-0002 a'
	[ "$(sql 'SELECT why FROM run')" = "the run's time limit of 1s has passed" ]
	gives 0 craton-remediate resume -q
	[ "$(wc -l <log)" -eq 3 ]
}

@test "an engine that dies right after going back, or before, goes back once" {
	for point in engine.rewound engine.before-commit:5 engine.committed:5 engine.before-start:4; do
		rm -rf craton.db craton.db-* craton.db.runs log
		: >log
		fleet 1
		echo 1 >compute-0001-check.fails
		workflow "title: $point
steps:
  a: {run: [$ACT, '{item}', a], undo: [$ACT, undo, a]}
  check: {run: [$ACT, '{item}', check], retry: {times: 2, wait: 10ms, from: a}}"
		gives 137 env CRATON_CRASH="$point" "$BUILD/chaos/craton-remediate" run -q w.plan
		gives 0 craton-remediate resume -q
		log_is 'compute-0001 a' 'compute-0001 check' 'undo a' 'compute-0001 a' 'compute-0001 check'
	done
}

@test "a dry run says what it would run, what it cannot tell, and what it would skip" {
	workflow "before: [$ACT, before]
steps:
  a: {run: [$ACT, '{item}', '{each}'], for_each: '{var.disks}', when: 'ram_gb = 256'}
  b: {run: [$ACT, '{item}'], when: 'ram_gb > 999'}
  c: {run: [$ACT, '{a.count}'], for_each: '{a.each}'}
after: [$ACT, '{result}']"
	gives 0 craton-remediate run -n w.plan
	has "would run before: $ACT before"
	has 'would run host:dfw/compute-0001 a[3]: '
	has 'skipped because host:dfw/compute-0001 b: not true: ram_gb > 999'
	has "would run after: $ACT done"
	[ ! -s log ]
	[ "$(sql 'SELECT count(*) FROM run')" -eq 0 ]
	workflow "steps:
  a: {run: [$ACT, '{item}']}
  c: {run: [$ACT, '{each}'], for_each: '{a.found}'}
  d: {run: [$ACT, '{a.found}']}"
	gives 0 craton-remediate run -n w.plan
	has 'cannot tell host:dfw/compute-0001 c: step a printed no member found'
	has 'cannot tell host:dfw/compute-0001 d: step a printed no member found'
}
