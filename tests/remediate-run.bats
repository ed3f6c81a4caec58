#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016 # the steps' own shells expand
load helper
load runs

@test "a plan is carried out, every step of every item once, and the run is done" {
	workflow 'canary: 1, size: [3], in_flight: 2' \
		"one: {run: [$ACT, '{item}', one]}" "two: {run: [$ACT, '{item}', two]}"
	run_it 0
	[ "$(grep -c start log)" -eq 16 ]
	[ "$(sort log | uniq -d)" = "" ]
	[ "$(sql 'SELECT state, ok FROM run')" = 'done|8' ]
	[ "$(sql 'SELECT count(*) FROM item_lock')" -eq 0 ]
	[ "$(events item.ok)" -eq 8 ]
}

@test "the canary is alone, and a wave ends before the next begins" {
	workflow 'canary: 1, size: [3], in_flight: 8' "one: {run: [$ACT, '{item}', one, 0, 0.05]}"
	run_it 0
	[ "$(sed -n 2p log)" = 'end compute-0001 one' ]
	# the fifth start comes after the ends of the second to fourth
	run awk '/^start/ { n++ } /^end/ { m++ } n == 5 { print m; exit }' log
	prints 4
	[ "$(events wave.start)" -eq 4 ]
}

@test "steps run in the order of their needs, and what needs nothing of each other at once" {
	workflow 'canary: 8' "a: {run: [$ACT, '{item}', a], needs: []}" \
		"b: {run: [$ACT, '{item}', b, 0, 0.2], needs: [a]}" \
		"c: {run: [$ACT, '{item}', c, 0, 0.2], needs: [a]}" \
		"d: {run: [$ACT, '{item}', d], needs: [b, c]}"
	run_it 0
	run sh -c "grep compute-0003 log | cut -d' ' -f1,3 | tr '\n' ' '"
	[[ $output =~ ^'start a end a start '(b|c)' start '(b|c)' end '(b|c)' end '(b|c)' start d end d ' ]]
}

@test "a step that fails is tried again, and the item is fine when it recovers" {
	workflow 'canary: 8, max_fail: 8' \
		"one: {run: [sh, -c, '\"\$0\" \"\$1\" one; [ \$(grep -c \"start \$1\" $PWD/log) -ge 3 ] || exit 75', $ACT, '{item}'], retry: {times: 3, wait: 10ms}}"
	run_it 0
	[ "$(grep -c 'start compute-0001 one' log)" -eq 3 ]
	[ "$(events step.fail)" -eq 16 ]
	[ "$(sql 'SELECT DISTINCT tries FROM step')" -eq 3 ]
}

@test "retries are used up exactly, and the item is kicked out with the evidence" {
	workflow 'canary: 8, max_fail: 8' \
		"one: {run: [sh, -c, 'echo out of \"\$0\"; echo bad disk >&2; exit 3', '{item}'], retry: {times: 2, wait: 1ms}}"
	run_it 1
	[ "$(sql 'SELECT count(*) FROM attempt WHERE pos = 0')" -eq 3 ]
	[ "$(sql 'SELECT state FROM run')" = done-with-kicked ]
	run sql "SELECT reason, evidence FROM kicked WHERE pos = 2"
	has 'retries used up: exit status 3'
	has '"attempts":3'
	has '"status":3'
	has '"stderr":"bad disk\n"'
	has '"stdout":"out of compute-0003\n"'
}

@test "a permanent failure is not tried again" {
	workflow 'canary: 8, max_fail: 8' \
		"one: {run: [$ACT, '{item}', one, 100], retry: {times: 5, wait: 1ms}}"
	run_it 1
	[ "$(grep -c start log)" -eq 8 ]
}

@test "one item's failure touches no other item" {
	workflow 'canary: 8, max_fail: 8' \
		"one: {run: [$ACT, '{item}', one]}" \
		"two: {run: [sh, -c, '[ \"\$0\" != compute-0004 ]', '{item}']}" \
		"three: {run: [$ACT, '{item}', three]}"
	run_it 1
	[ "$(sql "SELECT group_concat(name) FROM run_item WHERE state <> 'ok'")" = compute-0004 ]
	[ "$(grep -c three log)" -eq 14 ]
}

@test "else: undo undoes the item's own done steps, the last first, then kicks it" {
	workflow 'canary: 8, max_fail: 8' \
		"one: {run: [$ACT, '{item}', one], undo: [$ACT, '{item}', undo-one]}" \
		"two: {run: [$ACT, '{item}', two], undo: [$ACT, '{item}', undo-two]}" \
		"three: {run: [sh, -c, '[ \"\$0\" != compute-0004 ]', '{item}'], else: undo}"
	run_it 1
	run sh -c "grep 'start compute-0004' log | cut -d' ' -f3 | tr '\n' ' '"
	prints 'one two undo-two undo-one '
	[ "$(grep -c undo log)" -eq 4 ]
	[ "$(sql "SELECT state FROM run_item WHERE name = 'compute-0004'")" = undone ]
	[ "$(sql 'SELECT count(*) FROM kicked')" -eq 1 ]
}

@test "an undo that fails stops there, and says so" {
	workflow 'canary: 8, max_fail: 8' \
		"one: {run: [$ACT, '{item}', one], undo: [$ACT, '{item}', undo-one]}" \
		"two: {run: [$ACT, '{item}', two], undo: [$ACT, '{item}', undo-two, 1]}" \
		"three: {run: ['false'], else: undo}"
	run_it 1
	[ "$(grep -c undo-one log)" -eq 0 ]
	[ "$(sql 'SELECT DISTINCT state FROM run_item')" = kicked ]
	[[ $(sql 'SELECT reason FROM kicked LIMIT 1') == *'undo failed' ]]
}

@test "else: continue goes on, and the item is fine" {
	workflow 'canary: 8' "one: {run: ['false'], else: continue}" "two: {run: [$ACT, '{item}', two]}"
	run_it 0
	[ "$(grep -c start log)" -eq 8 ]
}

@test "else: halt gives the item up and lets nobody else in" {
	workflow 'canary: 1, max_fail: 8' "one: {run: [$ACT, '{item}', one, 1], else: halt}"
	run_it 3
	[ "$(grep -c start log)" -eq 1 ]
	[ "$(sql 'SELECT state FROM run')" = tripped ]
}

@test "when: leaves a step out where it is not true" {
	workflow 'canary: 8' "one: {run: [$ACT, '{item}', one], when: ram_gb = 512}" \
		"two: {run: [$ACT, '{item}', two]}"
	run_it 0
	[ "$(grep -c 'start.*one' log)" -eq 4 ]
	[ "$(grep -c 'start.*two' log)" -eq 8 ]
	[ "$(events step.skip)" -eq 4 ]
}

@test "what a step printed last is a value for the next" {
	workflow 'canary: 8' \
		"one: {run: [sh, -c, 'echo talk; printf \"{{\042target\042:\042on-%s\042}}\" \$0', '{item}']}" \
		"two: {run: [$ACT, '{one.target}', two]}"
	run_it 0
	grep -q 'start on-compute-0007 two' log
}

@test "finally runs at every end, with the result" {
	workflow 'canary: 8, max_fail: 8' "one: {run: [sh, -c, '[ \"\$0\" != compute-0004 ]', '{item}']}"
	echo "finally: [$ACT, '{item}', '{result}']" >>w.yaml
	craton-remediate plan -q w.yaml -l compute >w.plan
	run_it 1
	grep -q 'start compute-0004 kicked' log
	[ "$(grep -c 'start.*ok' log)" -eq 7 ]
}

@test "proof: what is not wrong any more is left alone, what is still wrong is given up" {
	cat >w.yaml <<-END
		workflow: w
		batch: {canary: 8, max_fail: 8}
		proof: [sh, -c, 'test "\$0" = compute-0001 || test -e fixed-\$0', '{item}']
		steps:
		  one: {run: [sh, -c, '"\$1" "\$0" one; [ "\$0" = compute-0002 ] || touch fixed-\$0', '{item}', $ACT]}
	END
	craton-remediate plan -q w.yaml -l compute >w.plan
	run_it 1
	[ "$(grep -c start log)" -eq 7 ]
	[ "$(sql "SELECT state, reason FROM run_item WHERE pos = 0")" = 'skipped|no longer wrong' ]
	[ "$(sql "SELECT reason FROM kicked")" = 'still wrong after all steps' ]
	[ "$(sql "SELECT ref FROM kicked JOIN run_item USING (run, pos)")" = host:dfw/compute-0002 ]
}

@test "spread: never more of a cabinet at once than allowed, by the actions' own log" {
	workflow 'canary: 0, in_flight: 8, spread: {cabinet: 1}' \
		"one: {run: [$ACT, '{item}', one, 0, 0.05]}"
	run_it 0
	# cabinets hold four: 0001 to 0004, 0005 to 0008
	run awk '{ c = int((substr($2, 9) - 1) / 4); n[c] += $1 == "start" ? 1 : -1
		if (n[c] > 1) bad = 1; if (n[0] + n[1] == 2) both = 1 }
		END { print bad + 0, both + 0 }' log
	prints '0 1'
}

@test "a broken item keeps its place: its cabinet is full, and the run is held with the reason" {
	workflow 'canary: 0, in_flight: 8, spread: {cabinet: 1}, max_fail: 8' \
		"one: {run: [sh, -c, '[ \"\$0\" != compute-0002 ]', '{item}']}"
	run_it 4
	[ "$(sql 'SELECT state, why FROM run')" = 'held|cabinet=a01 is full: 1 of 1 kicked out' ]
	[ "$(sql 'SELECT count(*) FROM run_item WHERE state = '"'queued'")" -eq 2 ]
}

@test "an item that is retried takes its own place in a domain that was full of it" {
	workflow 'canary: 0, in_flight: 8, spread: {cabinet: 1}, max_fail: 8' \
		"one: {run: [sh, -c, '[ \"\$0\" != compute-0002 ] || [ -e mended ]', '{item}']}"
	run_it 4
	: >mended
	craton-remediate kicked retry -q compute-0002 -m 'mended'
	gives 0 craton-remediate resume -q
	[ "$(sql "SELECT count(*) FROM run_item WHERE state = 'ok'")" -eq 8 ]
	[ "$(sql "SELECT max(n) FROM (SELECT count(*) AS n FROM attempt GROUP BY pos)")" -eq 2 ]
}

@test "max_fail trips when failures exceed it, not when they reach it" {
	workflow 'canary: 0, in_flight: 1, max_fail: 2' "one: {run: [$ACT, '{item}', one, 1]}"
	run_it 3
	[ "$(grep -c start log)" -eq 3 ]
	[ "$(sql 'SELECT state, why FROM run')" = 'tripped|failures 3 > max_fail 2' ]
	refuses 3 craton-remediate resume
	says '--max-fail N'
	craton-remediate breaker reset -q -m 'seen to' w
	workflow 'canary: 0, in_flight: 1, max_fail: 2' \
		"one: {run: [sh, -c, 'case \$0 in *5|*7) exit 1 ;; esac', '{item}']}"
	run_it 1
}

@test "a tripped run goes on with a new limit, and that is on record" {
	workflow 'canary: 0, in_flight: 1, max_fail: 2' "one: {run: [$ACT, '{item}', one, 1]}"
	run_it 3
	gives 3 craton-remediate resume -q --max-fail 4
	[ "$(grep -c start log)" -eq 5 ]
	[ "$(sql "SELECT count(*) FROM event WHERE event = 'run.limit'")" -eq 1 ]
}

@test "max_fail_in_a_row counts from the last item that was fine" {
	workflow 'canary: 0, in_flight: 1, max_fail: 8, max_fail_in_a_row: 1' \
		"one: {run: [sh, -c, '\"\$1\" \"\$0\" one; case \$0 in *1|*3|*5|*6) exit 1 ;; esac', '{item}', $ACT]}"
	run_it 3
	[ "$(grep -c start log)" -eq 6 ]
	[ "$(sql 'SELECT why FROM run')" = 'failures in a row 2 > max_fail_in_a_row 1' ]
}

@test "strict: no more are in work than may still fail, and one" {
	workflow 'canary: 0, in_flight: 8, max_fail: 2, strict: true' \
		"one: {run: [$ACT, '{item}', one, 1, 0.05]}"
	run_it 3
	[ "$(grep -c start log)" -eq 3 ]
}

@test "a wave that wants approval is held until a person lets it through" {
	workflow 'canary: 1, approve: after-canary' "one: {run: [$ACT, '{item}', one]}"
	run_it 4
	[ "$(sql 'SELECT state, why FROM run')" = 'held|wave 1 waits for approval' ]
	gives 4 craton-remediate resume -q
	[ "$(grep -c start log)" -eq 1 ]
	craton-remediate approve -q -m 'looks good'
	gives 0 craton-remediate resume -q
	[ "$(grep -c start log)" -eq 8 ]
}

@test "an empty plan is done at once, and silently with -q" {
	workflow 'canary: 1' "one: {run: ['true']}"
	printf '%s\n' 'audit: m' 'title: M' 'select: kind=host' 'checks:' \
		'  - {id: name, severity: low, expect: item.named, remedy: w}' >m.yaml
	craton-audit run ./m.yaml | craton-remediate plan -q w.yaml >empty.plan
	gives 0 craton-remediate run -q empty.plan
	prints ''
	[ -z "$stderr" ]
}

@test "a plan runs once" {
	workflow 'canary: 8' "one: {run: [$ACT, '{item}', one]}"
	run_it 0
	refuses 3 craton-remediate run w.plan
	says 'this plan has run already, as run 1'
	[ "$(grep -c start log)" -eq 8 ]
}

@test "an item that changed since the plan is left out" {
	fleet 20
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', '{var.ram_gb}']}"
	craton-inv set -q compute-0005 ram_gb=1
	craton-inv set -q compute-0006 other=1
	run_it 0
	[ "$(sql "SELECT name || ': ' || reason FROM run_item WHERE state = 'skipped'")" = \
		'compute-0005: changed variable ram_gb: 1, was 256' ]
	[ "$(grep -c start log)" -eq 19 ]
}

@test "too many changed items and the run refuses to go on" {
	workflow 'canary: 0, in_flight: 1, spread: {cabinet: 8}' "one: {run: [$ACT, '{item}', one]}"
	craton-label rm -q cabinet=a01 compute-0002
	craton-label add -q cabinet=b01 compute-0002
	run_it 3
	[[ $(sql 'SELECT why FROM run') == '1 of 8 items changed since the plan was made (12.5 %) > 10 %' ]]
}

@test "an item belongs to one run at a time; the other run waits for it" {
	workflow 'canary: 0, in_flight: 8' "one: {run: [$ACT, '{item}', first, 0, 0.7]}"
	cp w.plan first.plan
	cp w.yaml first.yaml
	sed -i 's/w.yaml/first.yaml/' first.plan
	workflow 'canary: 0, in_flight: 8' "one: {run: [$ACT, '{item}', first, 0, 0.7]}"
	sed 's/, first/, second/' w.yaml >second.yaml
	craton-remediate plan -q second.yaml -l compute >second.plan
	craton-remediate run -q w.plan &
	first=$!
	waits_for log 'start compute-0008'
	run_it 0 second.plan
	wait "$first"
	[ "$(events item.block)" -eq 8 ]
	run awk '{ n[$2] += $1 == "start" ? 1 : -1; if (n[$2] > 1) bad = 1 } END { print bad + 0 }' log
	prints 0
	[ "$(grep -c start log)" -eq 16 ]
}

@test "a database that is busy for a while stops nothing but starts" {
	workflow 'canary: 0, in_flight: 2' "one: {run: [$ACT, '{item}', one, 0, 0.1]}"
	craton-remediate run -q -o jsonl w.plan >events &
	engine=$!
	waits_for log 'end compute-0002'
	# holds the write lock for a second
	{
		echo 'BEGIN IMMEDIATE;'
		sleep 1
		echo 'ROLLBACK;'
	} | sqlite3 -cmd '.timeout 5000' "$CRATON_DB"
	wait "$engine"
	[ "$(grep -c start log)" -eq 8 ]
	[ "$(events item.ok)" -eq 8 ]
}

@test "pause starts nothing more, resume goes on where it was" {
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', one, 0, 0.2]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0002'
	craton-remediate pause -q -m 'storage is slow'
	ends 4 "$engine"
	[ "$(grep -c start log)" -lt 8 ]
	[ "$(grep -c start log)" -eq "$(grep -c end log)" ]
	[[ $(sql 'SELECT state, why FROM run') == 'paused|paused by '*': storage is slow' ]]
	gives 0 craton-remediate resume -q
	[ "$(grep -c start log)" -eq 8 ]
}

@test "cancel ends the run for good, and --undo takes back what its items have done" {
	workflow 'canary: 0, in_flight: 1' \
		"one: {run: [$ACT, '{item}', one], undo: [$ACT, '{item}', undo]}" \
		"two: {run: [$ACT, '{item}', two, 0, 0.5]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0001 two'
	craton-remediate cancel -q --undo
	ends 4 "$engine"
	grep -q 'end compute-0001 undo' log
	[ "$(sql 'SELECT state, cancelled FROM run')" = 'cancelled|8' ]
	started=$(grep -c start log)
	gives 4 craton-remediate resume -q
	[ "$(grep -c start log)" -eq "$started" ]
}

@test "the first SIGTERM lets running steps end; then the run is paused" {
	workflow 'canary: 0, in_flight: 2' "one: {run: [$ACT, '{item}', one, 0, 0.4]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0002'
	kill -TERM "$engine"
	ends 4 "$engine"
	[ "$(grep -c start log)" -eq 2 ]
	[ "$(grep -c end log)" -eq 2 ]
	[ "$(sql 'SELECT state FROM run')" = paused ]
}

@test "the second SIGTERM stops them: they are unknown, unless harmless to repeat" {
	workflow 'canary: 0, in_flight: 2, max_fail: 8' \
		"one: {run: [sleep, '30'], idempotent: true, when: \"item.name = 'compute-0001'\"}" \
		"two: {run: [sleep, '31'], when: \"item.name <> 'compute-0001'\"}"
	craton-remediate run -q -o jsonl w.plan >events &
	engine=$!
	waits_for events '"event":"step.start".*compute-0002'
	kill -TERM "$engine"
	sleep 0.2
	kill -TERM "$engine"
	ends 4 "$engine"
	[ "$(sql "SELECT pos, step, state FROM step WHERE state IN ('pending', 'unknown')")" = $'0|0|pending\n1|1|unknown' ]
}

@test "halt stops every run, and nothing starts until it is cleared" {
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', one, 0, 0.2]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0002'
	craton-remediate halt -q -m 'incident 4711'
	ends 4 "$engine"
	[ "$(grep -c end log)" -lt 8 ]
	refuses 3 craton-remediate resume
	says 'incident 4711'
	craton-remediate halt -q --clear
	gives 0 craton-remediate resume -q
}

@test "the halt file does the same, whatever is in it" {
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', one]}"
	touch "$CRATON_DB.halt"
	refuses 3 craton-remediate run w.plan
	says 'halted by the file'
	rm "$CRATON_DB.halt"
	run_it 0
}

@test "a database that is called by a link has the halt file of both names" {
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', one]}"
	ln -s "$CRATON_DB" link.db
	touch "$CRATON_DB.halt"
	CRATON_DB=$PWD/link.db refuses 3 craton-remediate run w.plan
	says "halted by the file $(realpath "$CRATON_DB").halt"
	rm "$CRATON_DB.halt"
	touch link.db.halt
	CRATON_DB=$PWD/link.db refuses 3 craton-remediate run w.plan
	rm link.db.halt
	CRATON_DB=$PWD/link.db run_it 0
}

@test "a run has one engine: a second one is told who has it" {
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', one, 0, 0.3]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0001'
	refuses 75 craton-remediate resume
	says "the engine with pid $engine"
	wait "$engine"
}

@test "takeover ends a stopped engine, and goes on with what it had running" {
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', one, 0, 0.3]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0001'
	kill -STOP "$engine"
	refuses 75 craton-remediate resume
	says 'which is stopped'
	gives 0 craton-remediate resume -q --takeover
	[ "$(grep -c start log)" -eq 8 ]
	[ "$(sort log | uniq -d)" = "" ]
}

# A child of it that has not become its program yet, here one that takes its time.
@test "the lock of a killed engine is waited for while a child of it still holds it" {
	workflow 'canary: 0, in_flight: 1' "one: {run: [$ACT, '{item}', one, 0, 0.1]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0002'
	kill -9 "$engine"
	ends 137 "$engine"
	python3 - "$CRATON_DB.runs/1/run.lock" <<-'END' &
		import fcntl, struct, sys, time
		F_OFD_SETLK = 37
		lock = open(sys.argv[1], "r+")
		fcntl.fcntl(lock, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0))
		open("held", "w").close()
		time.sleep(0.7)
	END
	for _ in $(seq 100); do [ -e held ] || sleep 0.02; done
	[ -e held ]
	gives 0 craton-remediate resume -q
	[ "$(grep -c start log)" -eq 8 ]
}

@test "a step past its timeout is ended and counts as failed" {
	workflow 'canary: 8, max_fail: 8' "one: {run: [sleep, '30'], timeout: 200ms}"
	run_it 1
	[ "$(sql "SELECT DISTINCT outcome FROM attempt")" = timeout ]
	[[ $(sql 'SELECT reason FROM kicked LIMIT 1') == *'timed out' ]]
}

@test "a step that says nothing for its stall is ended" {
	workflow 'canary: 8, max_fail: 8' "one: {run: [sleep, '30'], stall: 300ms}"
	run_it 1
	[ "$(sql "SELECT DISTINCT outcome FROM attempt")" = stall ]
}

@test "after a timeout verify is asked whether the work was done" {
	workflow 'canary: 8, max_fail: 8' \
		"one: {run: [sh, -c, 'touch did-\$0; sleep 30', '{item}'], timeout: 300ms, verify: [sh, -c, 'test -e did-\$0', '{item}']}"
	run_it 0
	[ "$(sql "SELECT count(*) FROM attempt WHERE purpose = 'verify' AND state = 'done'")" -eq 8 ]
}

@test "a dry run says what would be run, in the order of admission, and touches nothing" {
	workflow 'canary: 1, in_flight: 4' "one: {run: [$ACT, '{item}', one], when: ram_gb = 256}" \
		"two: {run: [$ACT, '{one.target}', two]}"
	before=$(sha256sum "$CRATON_DB")
	gives 0 craton-remediate run -n w.plan
	[ ! -s log ]
	[ "$(sha256sum "$CRATON_DB")" = "$before" ]
	has "would run host:dfw/compute-0001 one: $ACT compute-0001 one"
	has 'cannot tell host:dfw/compute-0001 two'
	has 'skipped because'
	[ "$(grep -c 'would run' <<<"$output")" -eq 4 ]
}

@test "events have a seq: a reader that was cut off asks for the rest" {
	workflow 'canary: 8' "one: {run: ['true']}"
	run_it 0
	same 'cat events' 'craton-remediate log -o jsonl'
	seq=$(sed -n 10p events | jq .seq)
	same 'sed 1,10d events' "craton-remediate log -o jsonl --since $seq"
	jq -es 'map(.seq) | . == (sort | unique)' events
}

@test "a reader that leaves does not end the run" {
	workflow 'canary: 8' "one: {run: [$ACT, '{item}', one]}"
	craton-remediate run w.plan 2>/dev/null | true
	[ "$(sql 'SELECT state FROM run')" = 'done' ]
}

@test "usage: no plan, two plans, no such run, an unknown format" {
	refuses 2 craton-remediate run
	refuses 2 craton-remediate run a b
	refuses 2 craton-remediate status 7
	refuses 2 craton-remediate log
	refuses 2 craton-remediate run -o nonsense w.plan
}

@test "status says who is in work, who waits for whom, and what to do next" {
	workflow 'canary: 0, in_flight: 8, spread: {cabinet: 1}, max_fail: 8' \
		"one: {run: [$ACT, '{item}', one, 0, 0.6]}"
	craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'start compute-0005'
	gives 0 craton-remediate status
	has '8: 0 ok, 2 in work, 6 queued'
	has 'failures  0 of 8 allowed'
	has 'running   host:dfw/compute-0001 one, attempt 1'
	has 'waits     host:dfw/compute-0002: cabinet=a01: host:dfw/compute-0001 is active'
	kill -KILL "$engine"
	ends 137 "$engine"
	gives 0 craton-remediate status
	has 'but its engine is gone'
	has 'next      craton-remediate resume 1'
	gives 0 craton-remediate resume -q
	[ "$(grep -c start log)" -eq 8 ]
}

@test "a backoff that was drawn is kept by the next engine" {
	workflow 'canary: 0, in_flight: 8, max_fail: 8' \
		"one: {run: [$ACT, '{item}', one, 75], retry: {times: 1, wait: 1h, jitter: none, max: 2h}}"
	craton-remediate run -q -o jsonl w.plan >events &
	engine=$!
	waits_for events 'step.fail.*compute-0008'
	kill -KILL "$engine"
	ends 137 "$engine"
	[ "$(sql 'SELECT DISTINCT state, due FROM step')" = 'backoff|1767326645000' ]
	CRATON_NOW=2026-01-02T04:04:04Z gives 1 craton-remediate resume -q
	[ "$(grep -c start log)" -eq 16 ]
}

@test "a full disk starts nothing; when there is room again the run goes on" {
	[ "$(id -u)" -eq 0 ] || skip 'a small file system needs root'
	mkdir small
	mount -t tmpfs -o size=8m tmpfs small 2>/dev/null || skip 'no tmpfs can be mounted'
	cp "$CRATON_DB" small/craton.db
	cp "$CRATON_DB.policy" small/craton.db.policy
	CRATON_DB=$PWD/small/craton.db
	# tries without end fill the file: its log alone is written over and over
	workflow 'canary: 0, in_flight: 8' \
		"one: {run: [sh, -c, '\"\$1\" \"\$0\" one; [ -e $PWD/room ] || exit 75', '{item}', $ACT], retry: {times: 1000, wait: 1ms, jitter: none, factor: 1}}"
	timeout -s KILL 90 craton-remediate run -q w.plan &
	engine=$!
	waits_for log 'end compute-0002'
	dd if=/dev/zero of=small/filler bs=4k 2>/dev/null || :
	before=-1 stuck=0
	for _ in $(seq 40); do
		if [ "$before" -eq "$stuck" ]; then break; fi
		before=$stuck
		sleep 0.5
		stuck=$(grep -c start log)
	done
	touch room
	sleep 0.2
	still=$(grep -c start log)
	rm small/filler
	status=0
	wait "$engine" || status=$?
	state=$(sql 'SELECT state FROM run') attempts=$(sql 'SELECT count(*) FROM attempt')
	umount -l small
	[ "$status" -eq 0 ]
	[ "$before" -eq "$stuck" ]
	[ "$still" -eq "$stuck" ]
	[ "$state" = 'done' ]
	[ "$(grep -c start log)" -eq "$attempts" ]
}

@test "a finding is proved by its check before and after: fixed, not fixed, no longer wrong" {
	cat >audit.yaml <<-END
		audit: memory
		title: Enough memory
		select: compute
		checks:
		  - {id: enough, title: Memory, severity: high, expect: "ram_gb >= 512", remedy: w}
		examples: {pass: {ram_gb: 512}, fail: {ram_gb: 256}}
	END
	cat >w.yaml <<-END
		workflow: w
		batch: {canary: 8, max_fail: 8}
		steps:
		  one: {run: [sh, -c, '"\$1" "\$0" one; [ "\$0" = compute-0003 ] || craton-inv set -q "\$0" ram_gb=512', '{item}', $ACT]}
	END
	gives 1 craton-audit run -o jsonl ./audit.yaml
	printf '%s\n' "$output" | craton-remediate plan -q w.yaml >w.plan
	[ "$(grep -c plan-item w.plan)" -eq 4 ]
	craton-inv set -q compute-0007 ram_gb=1024
	run_it 1
	[ "$(sql "SELECT group_concat(name || ' ' || state, ', ') FROM (SELECT * FROM run_item ORDER BY pos)")" = \
		'compute-0001 ok, compute-0003 kicked, compute-0005 ok, compute-0007 skipped' ]
	[ "$(sql 'SELECT reason FROM kicked')" = 'still wrong after all steps' ]
}

@test "a run comes to its end though its caller had blocked or ignored the signal of ended children" {
	workflow 'in_flight: 8' "one: {run: [$ACT, '{item}', one]}"
	gives 0 timeout 20 env --block-signal=CHLD craton-remediate run -q w.plan
	workflow 'in_flight: 8' "two: {run: [$ACT, '{item}', two]}"
	gives 0 timeout 20 env --ignore-signal=CHLD craton-remediate run -q w.plan
	[ "$(grep -c '^end' log)" -eq 16 ]
}

@test "an item that is retried and fails again is kicked out again" {
	workflow 'canary: 0, max_fail: 8' "one: {run: [sh, -c, 'exit 3'], when: \"item.name = 'compute-0001'\"}"
	gives 1 craton-remediate run -q w.plan
	craton-remediate kicked retry -q compute-0001 -m 'new disk'
	gives 1 craton-remediate resume -q
	[ "$(sql 'SELECT state, settled IS NULL, actor IS NULL FROM kicked')" = 'open|1|1' ]
	[ "$(sql 'SELECT kicked FROM run')" -eq 1 ]
	gives 0 craton-remediate kicked 'done' compute-0001 -m 'by hand'
}
