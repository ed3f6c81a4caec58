#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What breaks around a run: its database, its disk, its machine, its clock. Kills are in
# tests/chaos, a full disk and a second engine in remediate-run.bats.
# shellcheck disable=SC2016,SC2017,SC2154 # the steps' own shells expand; whole frames; bats sets stderr
load helper
load runs

FRAME=4120 # of the log: a header of 24 bytes and a page

# dies POINT: runs the plan with an engine that dies at the named point.
dies() {
	gives 137 env CRATON_CRASH="$1" "$BUILD/chaos/craton-remediate" run -q w.plan
}

# none_twice: no step was started again after it had been started.
none_twice() {
	[ "$(grep ^start log | sort | uniq -d)" = '' ] || { sort log | uniq -c; return 1; }
}

two_steps() {
	workflow 'canary: 0, in_flight: 2, max_fail: 100%' "one: {run: [$ACT, '{item}', one]}" \
		"two: {run: [$ACT, '{item}', two]}"
}

@test "a database cut off at any frame of its log opens; nothing that had begun is done again" {
	two_steps
	dies engine.committed:9
	mkdir whole
	cp -R "$CRATON_DB" "$CRATON_DB-wal" "$CRATON_DB.runs" log whole
	frames=$((($(stat -c %s "$CRATON_DB-wal") - 32) / FRAME))
	[ "$frames" -gt 20 ]
	refused=0 resumed=0 before=0
	for ((n = frames; n >= 0; n--)); do
		rm -rf "$CRATON_DB"*
		cp "$DATA/open.policy" "$CRATON_DB.policy"
		cp -R whole/. .
		truncate -s $((32 + n * FRAME)) "$CRATON_DB-wal"
		craton-inv fsck -q
		run --separate-stderr craton-remediate resume -q
		none_twice || { echo "frame $n"; return 1; }
		case $status in
		0 | 1) resumed=$((resumed + 1)) ;;
		2) before=$((before + 1)); says 'no run' ;;
		3) refused=$((refused + 1)); says 'its record knows of attempt' ;;
		*) echo "frame $n: status $status: $stderr"; return 1 ;;
		esac
	done
	# Nothing was committed after the last start, and something before all others.
	[ "$resumed" -gt 0 ]
	[ "$refused" -gt 0 ]
}

@test "a run whose database lost commits can be cancelled: not one more step" {
	two_steps
	dies engine.committed:9
	truncate -s $((32 + $(stat -c %s "$CRATON_DB-wal") / FRAME / 2 * FRAME)) "$CRATON_DB-wal"
	refuses 3 craton-remediate resume -q
	says 'or cancel the run'
	sleep 0.2 # what runs under its guard comes to its end
	before=$(grep -c ^start log)
	craton-remediate cancel -q
	gives 4 craton-remediate resume -q
	[ "$(grep -c ^start log)" -eq "$before" ]
	[ "$(sql 'SELECT state FROM run')" = cancelled ]
}

# other_boot COMMAND...: as if the machine had been started again since.
other_boot() {
	echo 01234567-89ab-cdef-0123-456789abcdef >boot_id
	unshare -m sh -c 'mount --bind boot_id /proc/sys/kernel/random/boot_id; exec "$@"' sh "$@"
}

@test "after another boot what had begun is unknown, what ended is not, the rest is run" {
	[ "$(id -u)" -eq 0 ] || skip 'another boot needs root'
	other_boot true 2>/dev/null || skip 'the boot id cannot be covered here'
	# three items hang in step two, which tells its own pid and its guard's; others wait for them
	workflow 'canary: 0, in_flight: 3, max_fail: 100%' "one: {run: [$ACT, '{item}', one]}" \
		"two: {run: [sh, -c, 'echo \"start \$0 two\" >>\$ACT_LOG; case \$0 in *-000[1-3]) echo \$PPID \$\$ >>pids; exec sleep 60;; esac', '{item}']}"
	craton-remediate run -q -o jsonl w.plan >events &
	engine=$!
	for _ in $(seq 1500); do [ "$(wc -l 2>/dev/null <pids)" != 3 ] || break; sleep 0.02; done
	# shellcheck disable=SC2046 # pids are words; guards die first, and can tell nothing
	kill -9 "$engine" $(cut -d' ' -f1 pids) $(cut -d' ' -f2 pids)
	wait "$engine" || :
	gives 1 other_boot craton-remediate resume -q -o jsonl
	[ "$(grep -c step.unknown <<<"$output")" -ge 3 ]
	none_twice
	run sql "SELECT name, state, reason FROM run_item WHERE state <> 'ok'"
	prints 'compute-0001|kicked|unknown: it was started, and its end cannot be known
compute-0002|kicked|unknown: it was started, and its end cannot be known
compute-0003|kicked|unknown: it was started, and its end cannot be known'
}

@test "after another boot a step is run again where it is harmless, or where verify says so" {
	[ "$(id -u)" -eq 0 ] || skip 'another boot needs root'
	other_boot true 2>/dev/null || skip 'the boot id cannot be covered here'
	workflow 'canary: 0, in_flight: 8' \
		"one: {run: [sh, -c, 'echo \"start \$0 one\" >>\$ACT_LOG; [ -e again ] && exit; echo \$PPID \$\$ >>pids; exec sleep 60', '{item}'], verify: [test, '{item}', =, compute-0002]}"
	craton-remediate run -q w.plan >events &
	engine=$!
	for _ in $(seq 500); do [ "$(wc -l 2>/dev/null <pids)" = 8 ] || sleep 0.02; done
	touch again
	# shellcheck disable=SC2046 # pids are words; guards die first, and can tell nothing
	kill -9 "$engine" $(cut -d' ' -f1 pids) $(cut -d' ' -f2 pids)
	wait "$engine" || :
	gives 0 other_boot craton-remediate resume -q
	# all but the one that verify says is done
	[ "$(grep -c '^start compute-0002' log)" -eq 1 ]
	[ "$(wc -l <log)" -eq 15 ]
}

# The file system of craton.db, which an error has made read-only under the engine's open files.
@test "a file system that goes read-only: no more starts, results are kept, and mounted again it goes on" {
	[ "$(id -u)" -eq 0 ] || skip 'a file system of its own needs root'
	truncate -s 32m image
	mkfs.ext4 -q image 2>/dev/null || skip 'no ext4 can be made'
	mkdir small
	mount -o loop image small 2>/dev/null || skip 'no image can be mounted'
	cp "$CRATON_DB" small/craton.db
	cp "$CRATON_DB.policy" small/craton.db.policy
	sync small/craton.db
	CRATON_DB=$PWD/small/craton.db
	workflow 'canary: 0, in_flight: 2, max_fail: 100%' "one: {run: [$ACT, '{item}', one, 0, 0.1]}"
	timeout -s KILL 60 craton-remediate run -q -o jsonl w.plan >events 2>messages &
	engine=$!
	waits_for log 'end compute-0002'
	mount -o remount,abort small
	sleep 0.5
	before=$(grep -c ^start log)
	sleep 0.5
	after=$(grep -c ^start log)
	kill -TERM "$(pgrep -P "$engine")"
	status=0
	wait "$engine" || status=$?
	# Really gone: mounted again while it is in use, it would be the same, broken one.
	for _ in $(seq 100); do ! umount small 2>/dev/null || break; sleep 0.1; done
	e2fsck -p image >/dev/null || :
	mount -o loop image small
	run --separate-stderr craton-remediate resume -q
	resumed=$status
	none_twice
	started=$(grep -c ^start log) doubts=$(sql "SELECT count(*) FROM attempt WHERE state = 'unknown'")
	umount -l small
	echo "engine $status, resumed $resumed: $stderr; $doubts doubts; $before $after $started started"; cat messages
	[ "$before" -lt 8 ]
	[ "$before" -eq "$after" ]
	[ "$started" -eq 8 ]
	echo "status $resumed, $doubts doubts"
	[ "$resumed" -eq "$((doubts > 0))" ]
}

@test "a clock set back or forward parks no item and hurries none past its limit" {
	workflow 'canary: 0, in_flight: 8' \
		"one: {run: [sh, -c, '\"\$1\" \"\$0\" one; [ -e well ] || exit 75', '{item}', $ACT], retry: {times: 1, wait: 4s, max: 4s, jitter: none}}"
	craton-remediate run -q -o jsonl w.plan >events &
	engine=$!
	for _ in $(seq 350); do [ "$(events step.fail)" -lt 8 ] || break; sleep 0.01; done
	kill -9 "$engine"
	wait "$engine" || :
	touch well
	# ten years back: the stored time is far ahead, the wait is the longest that it may be
	CRATON_NOW=2016-01-02T03:04:05Z gives 0 timeout 30 craton-remediate resume -q
	[ "$(grep -c ^start log)" -eq 16 ]
	workflow 'canary: 0, in_flight: 8' "two: {run: [$ACT, '{item}', two, 0, 0.3], timeout: 20s}"
	dies engine.told:4
	# ten years on: what runs has its limit on the boot clock
	CRATON_NOW=2036-01-02T03:04:05Z gives 0 timeout 30 craton-remediate resume -q -o jsonl
	[[ $output != *timeout* ]]
	[ "$(grep -c '^start.* two' log)" -eq 8 ]
}

@test "every test that a run is accepted by is there" {
	while IFS=$'\t' read -r what file name; do
		[ "${what:0:1}" != '#' ] || continue
		grep -qF "$name" "$BATS_TEST_DIRNAME/$file" || { echo "$what: $file has no \"$name\""; return 1; }
	done <"$BATS_TEST_DIRNAME/chaos/acceptance"
}
