#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The journal: what runs and people did, chained, held to its chain, and printed whole.
load helper
load runs

# Two runs, a halt and its end.
history() {
	workflow 'canary: 0' "one: {action: none}"
	run_it 0
	craton-remediate halt -m 'incident 4711'
	craton-remediate halt --clear -m 'it was the fan'
	workflow 'canary: 1' "one: {action: none}"
	run_it 0
}

# faulty SQL: after it fsck exits 1 and says one thing of the journal, which is in $output.
faulty() {
	sql "$1"
	gives 1 craton-inv fsck
	[ "$(wc -l <<<"$output")" -eq 1 ] || { echo "$output"; return 1; }
}

@test "set and cleared, a halt is in the journal with who and why" {
	history
	gives 0 craton-remediate log --all -o jsonl
	[ "$(jq -c 'select(.event | startswith("halt")) | [.event, .reason, has("run"), (.actor | length > 0)]' <<<"$output")" = \
		'["halt.set","incident 4711",false,true]'$'\n''["halt.clear","it was the fan",false,true]' ]
	gives 0 craton-remediate log --all
	has 'every run is halted, says '
	has 'the halt is cleared, says '
	has ': it was the fan'
}

@test "halted, a plan is refused by whose word that is; cleared, it runs" {
	workflow 'canary: 0' "one: {action: none}"
	craton-remediate halt -m 'incident 4711'
	refuses 3 craton-remediate run w.plan
	says ': incident 4711; "craton-remediate halt --clear" ends that'
	[ "$(sql 'SELECT count(*) FROM run')" -eq 0 ]
	craton-remediate halt --clear
	run_it 0
}

@test "the journal has the runs of all projects, in order, and what is of none" {
	history
	export CRATON_PROJECT=other
	fleet 8
	workflow 'canary: 0' "one: {action: none}"
	run_it 0
	unset CRATON_PROJECT
	gives 0 craton-remediate log --all -o jsonl
	[ "$(jq -r .seq <<<"$output")" = "$(jq -r .seq <<<"$output" | sort -n)" ]
	[ "$(jq -r 'select(.event == "run.end").run' <<<"$output" | paste -sd ' ')" = '1 2 3' ]
	same 'craton-remediate log --all -o jsonl | jq -c "select(.run == 2)"' 'craton-remediate log -o jsonl 2 | jq -c .'
	last=$(tail -1 <<<"$output" | jq .seq)
	gives 0 craton-remediate log --all --since "$last"
	prints ''
}

@test "an empty journal is printed as nothing, and is sound" {
	gives 0 craton-remediate log --all -o jsonl
	prints ''
	gives 0 craton-inv fsck
	has ', 0 events'
	refuses 2 craton-remediate log --all 1
	refuses 2 craton-remediate log
}

@test "a journal that cannot be written out is said" {
	history
	run -2 bash -c 'craton-remediate log --all -o jsonl >/dev/full'
	[[ $output == 'craton-remediate: '* ]]
}

@test "the printed journal is checked with nothing but sha256sum" {
	history
	craton-remediate log --all -o jsonl >journal.jsonl
	hash='' lines='' n=0
	while IFS= read -r line; do
		lines=$lines${line/,\"hash\":\"*/\}}$'\n'
		if [[ $line == *'"hash":"'* ]]; then
			hash=$(printf %s "$hash$lines" | sha256sum | cut -c-64) lines=''
			[ "$(jq -r .hash <<<"$line")" = "$hash" ]
			n=$((n + 1))
		fi
	done <journal.jsonl
	[ -z "$lines" ]
	[ "$n" -gt 4 ]
}

@test "what run prints is what log prints, hashes and all" {
	workflow 'canary: 0' "one: {action: none}"
	run_it 0
	craton-remediate log -o jsonl 1 | cmp - events
	grep -q '"hash":"' events
}

@test "fsck holds every event to the chain" {
	history
	cp "$CRATON_DB" sound.db
	gives 0 craton-inv fsck
	has ' events'
	faulty "UPDATE event SET body = '{\"actor\":\"nobody\"}' WHERE event = 'halt.set'"
	has 'is not what was written'
	cp sound.db "$CRATON_DB"
	faulty "DELETE FROM event WHERE event = 'halt.clear'"
	has 'is not what was written'
	cp sound.db "$CRATON_DB"
	faulty "UPDATE event SET at = at - 1 WHERE seq = 2"
	cp sound.db "$CRATON_DB"
	faulty "INSERT INTO event (seq, at, event, body, hash) VALUES (99999, 1, 'halt.set', '{}', 'x')"
	has 'event 99999: '
}

@test "fsck misses the last event, and one without its hash" {
	history
	cp "$CRATON_DB" sound.db
	sql "CREATE TEMP TABLE t AS SELECT 1; DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)"
	gives 1 craton-inv fsck
	has 'it was the last one, and is gone'
	cp sound.db "$CRATON_DB"
	faulty "UPDATE event SET hash = NULL WHERE seq = (SELECT max(seq) FROM event)"
	has 'without its hash'
}

@test "events from before the chain are left alone, and none comes among it" {
	history
	cp "$CRATON_DB" sound.db
	sql "UPDATE event SET hash = '' WHERE run = 1; DELETE FROM event WHERE run IS NULL OR run = 2"
	sql "UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM event) WHERE name = 'event'"
	gives 0 craton-inv fsck
	craton-remediate halt
	gives 0 craton-inv fsck
	craton-remediate log --all -o jsonl | head -1 | jq -e 'has("hash") | not'
	cp sound.db "$CRATON_DB"
	sql "UPDATE event SET hash = '' WHERE seq = (SELECT max(seq) FROM event WHERE run = 2)"
	gives 1 craton-inv fsck
	has 'it is not in the chain'
}
