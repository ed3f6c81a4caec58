#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

# A run that has ended, with items 1 to 3 kicked at step fix; 1 had done step take before.
kicked_fleet() {
	fleet 4
	sqlite3 "$CRATON_DB" "
	INSERT INTO run (id, project, plan, workflow, definition, limits, state, items, ok, kicked, actor, created, ended)
		SELECT 7, id, 'x', 'repair', '{}', '{}', '${1:-done-with-kicked}', 4, 1, 3, 'ada', 1, 2
		FROM item WHERE kind = 'project';
	INSERT INTO run_item (run, pos, item, ref, name, wave, state)
		SELECT 7, row_number() OVER (ORDER BY name) - 1, id, 'host:dfw/' || name, name, 0,
			CASE name WHEN 'compute-0004' THEN 'ok' ELSE 'kicked' END
		FROM item WHERE name GLOB 'compute-*';
	INSERT INTO step (run, pos, step, state, tries, epoch, started)
		VALUES (7, 0, 0, 'done', 1, 1, 1), (7, 0, 1, 'failed', 4, 1, 1), (7, 0, 1001, 'done', 1, 1, 1);
	INSERT INTO kicked (run, pos, item, step, reason, evidence, at)
		SELECT 7, pos, item, 'fix', 'retries used up', '{\"status\":75}', 1767323000000
		FROM run_item WHERE state = 'kicked'"
}

sql() {
	sqlite3 "$CRATON_DB" "$1"
}

@test "what was given up is listed with step and reason, in 80 columns" {
	kicked_fleet
	gives 0 craton-remediate kicked
	[ "$(printf '%s\n' "$output" | wc -l)" -eq 4 ]
	has 'compute-0001  7    repair    fix   open   2026-01-02T03:03:20Z  retries used up'
}

@test "of items that are named the evidence is printed, line by line" {
	kicked_fleet
	sql "UPDATE kicked SET evidence = '{\"status\":75,\"stderr\":\"bad disk\\nsdb\"}' WHERE pos = 1"
	gives 0 craton-remediate kicked compute-0002
	prints "$(cat <<-'END'
	host:dfw/compute-0002, run 7, repair at fix
	  2026-01-02T03:03:20Z retries used up
	  status    75
	  stderr    bad disk
	            sdb
	END
	)"
	craton-remediate kicked drop -q compute-0002 -m 'sold'
	gives 0 craton-remediate kicked --settled compute-0002
	has "  dropped   by $(id -un) at 2026-01-02T03:04:05Z: sold"
}

@test "a selector lists what it chose, and settles those of them that are open" {
	kicked_fleet
	craton-label add -q row=1 compute-0002 compute-0003 compute-0004
	gives 0 craton-remediate kicked -l row=1 -o names
	prints $'host:dfw/compute-0002\nhost:dfw/compute-0003'
	gives 0 craton-remediate kicked 'done' -l row=1 -m 'the switch was it'
	says '2 items settled'
	gives 0 craton-remediate kicked -o names
	prints 'host:dfw/compute-0001'
	refuses 1 craton-remediate kicked 'done' -l row=1 -m again
	says 'none of these 3 items is kicked out'
	refuses 2 craton-remediate kicked 'done' -l row=7 -m x
	gives 0 craton-remediate kicked drop -q --all -m 'new plan'
	gives 0 craton-remediate kicked -o names
	prints ''
}

@test "names come from a pipe" {
	kicked_fleet
	run --separate-stderr -0 bash -o pipefail -c \
		'craton-remediate kicked -o names | craton-remediate kicked retry -m x -'
	says 'host:dfw/compute-0001 goes on with: craton-remediate resume 7'
	says 'host:dfw/compute-0003 goes on with: craton-remediate resume 7'
	run --separate-stderr -1 bash -o pipefail -c \
		'printf "compute-0001\n" | craton-remediate kicked drop -m x'
}

@test "one item's is listed by its name" {
	kicked_fleet
	gives 0 craton-remediate kicked list compute-0002 -o names
	prints 'host:dfw/compute-0002'
}

@test "records have the item's ref and the evidence" {
	kicked_fleet
	gives 0 craton-remediate kicked --json compute-0002
	prints '{"kind":"kicked","item":"host:dfw/compute-0002","run":7,"workflow":"repair","step":"fix","reason":"retries used up","evidence":{"status":75},"state":"open","at":"2026-01-02T03:03:20Z"}'
}

@test "nothing given up is nothing printed" {
	fleet 1
	gives 0 craton-remediate kicked
	prints ''
}

@test "retry queues the item in its run, and what it has done stays done" {
	kicked_fleet
	gives 0 craton-remediate kicked retry compute-0001 -m 'new disk'
	says 'compute-0001 goes on with: craton-remediate resume 7'
	[ "$(sql 'SELECT state FROM run_item WHERE pos = 0')" = queued ]
	[ "$(sql 'SELECT step, state, tries FROM step ORDER BY step' | paste -sd ' ')" = \
		'0|done|1 1|pending|0 1001|pending|0' ]
	[ "$(sql 'SELECT state, kicked, ended FROM run')" = 'paused|2|' ]
	[ "$(sql 'SELECT state, note FROM kicked WHERE pos = 0')" = 'retried|new disk' ]
	[ "$(sql 'SELECT event FROM event')" = kicked.retried ]
	[ "$(sql 'SELECT body FROM event' | jq -c '[.item,.reason]')" = \
		'["host:dfw/compute-0001","new disk"]' ]
}

@test "done is ok from now on" {
	kicked_fleet
	gives 0 craton-remediate kicked 'done' compute-0001 compute-0002 -m 'by hand'
	[ "$(sql 'SELECT state FROM run_item ORDER BY pos' | paste -sd ' ')" = 'ok ok kicked ok' ]
	[ "$(sql 'SELECT state FROM run')" = done-with-kicked ]
	gives 0 craton-remediate kicked -o names
	prints 'host:dfw/compute-0003'
	gives 0 craton-remediate kicked --settled -o names
	[ "$(printf '%s\n' "$output" | wc -l)" -eq 3 ]
}

@test "drop leaves the item as it is, and it may be planned again" {
	kicked_fleet
	printf 'workflow: w\nsteps: {a: {run: [x]}}\n' >w.yaml
	refuses 2 craton-remediate plan ./w.yaml compute-0001
	gives 0 craton-remediate kicked drop compute-0001 -m 'not worth it'
	gives 0 craton-remediate plan ./w.yaml compute-0001
}

@test "a reason has to be given" {
	kicked_fleet
	refuses 2 craton-remediate kicked 'done' compute-0001
	says '-m REASON is wanted'
}

@test "all names are settled, or none" {
	kicked_fleet
	refuses 1 craton-remediate kicked 'done' compute-0001 compute-0004 -m x
	says 'compute-0004: not kicked out, or settled already'
	[ "$(sql "SELECT count(*) FROM kicked WHERE state = 'open'")" = 3 ]
}

@test "the same word twice is refused the second time" {
	kicked_fleet
	craton-remediate kicked drop compute-0001 -m x
	refuses 1 craton-remediate kicked drop compute-0001 -m x
}

@test "an item cannot be retried under an engine at work" {
	kicked_fleet running
	refuses 75 craton-remediate kicked retry compute-0001 -m x
	says 'host:dfw/compute-0001: run 7 is running; pause it first, or retry when it has ended'
	[ "$(sql "SELECT count(*) FROM kicked WHERE state = 'open'")" = 3 ]
	gives 0 craton-remediate kicked 'done' compute-0001 -m x
}

@test "an unknown item gets an error" {
	kicked_fleet
	refuses 2 craton-remediate kicked drop compute-9999 -m x
}

@test "a full device is an error" {
	kicked_fleet
	run -2 bash -c 'craton-remediate kicked >/dev/full'
}

@test "a busy database is waited for, then given up" {
	kicked_fleet
	sqlite3 "$CRATON_DB" 'BEGIN IMMEDIATE' '.shell touch locked; sleep 8' COMMIT &
	while [ ! -e locked ]; do sleep 0.05; done
	refuses 75 craton-remediate kicked drop compute-0001 -m x
	wait
}
