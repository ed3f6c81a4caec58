#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A log made shorter, signed off; and a copy of the database while it is in use.
load helper

prepare() {
	fleet 3
	CRATON_NOW=2026-02-01T00:00:00Z craton-inv set compute-0001 ntp=a
	CRATON_NOW=2026-03-01T00:00:00Z craton-inv rm -q compute-0002
	CRATON_NOW=2026-04-01T00:00:00Z craton-inv set compute-0001 ntp=b
	CRATON_NOW=2026-05-01T00:00:00Z craton-inv source set test --rank 7
}

@test "what was pruned is told by log, --at, diff and undo; the rest works" {
	craton-inv export --at 3 >was
	gives 0 craton-inv prune --before 2026-03-15 -m archived
	says '3 entries up to 2026-03-01T00:00:00Z pruned'
	gives 0 craton-inv log -o names
	prints '5
4'
	[[ $stderr == 'craton-inv: entries up to 3 (2026-03-01T00:00:00Z) were pruned at '*': archived' ]]
	craton-inv export --at 3 | cmp - was
	craton-inv export --at 2026-03-20 | cmp - was
	refuses 2 craton-inv list --at 2
	says '2: not readable any more: entries up to 3 (2026-03-01T00:00:00Z) were pruned'
	refuses 2 craton-inv diff --from 2026-02-02
	refuses 2 craton-inv undo 2
	says 'entry 2: pruned'
	gives 0 craton-inv undo 4
	[ "$(craton-inv get compute-0001 ntp)" = a ]
	craton-inv fsck -q
}

@test "fsck goes on from the anchor, and finds what changed before it" {
	craton-inv prune -q --before 3 -m archived
	craton-inv prune -q --before 4 -m 'more of it'
	craton-inv set compute-0001 ntp=c
	gives 0 craton-inv fsck
	has '2 log entries'
	cp "$CRATON_DB" sound
	for damage in "document SET variables = replace(variables, '256', '257')" \
		"document SET attributes = replace(attributes, '10.0.0.2', '10.0.0.3')" \
		"anchor SET reason = 'x'" "anchor SET actor = 'x' WHERE entry = 3" "anchor SET state = hash" \
		"txn SET hash = replace(hash, '1', '2')" "source SET rank = 8 WHERE name = 'test'" \
		"item SET updated = updated + 1 WHERE name = 'compute-0001'"; do
		sqlite3 "$CRATON_DB" "UPDATE $damage"
		gives 1 craton-inv fsck
		rm -f "$CRATON_DB"-*
		cp sound "$CRATON_DB"
	done
}

@test "the newest entry stays, and what comes next goes on" {
	gives 0 craton-inv prune --before 2027-01-01 -m all
	says '4 entries up to 2026-04-01T00:00:00Z pruned'
	craton-inv set compute-0001 ntp=c
	craton-inv undo -q 6
	craton-inv fsck -q
	gives 0 craton-inv prune --before 4 -m again
	says 'nothing to prune'
}

@test "it wants a reason and a time, and --dry-run changes nothing" {
	refuses 2 craton-inv prune --before 3
	refuses 2 craton-inv prune -m why
	refuses 2 craton-inv prune --before tomorrow -m why
	gives 0 craton-inv prune -n --before 3
	says '3 entries up to 2026-03-01T00:00:00Z would be pruned'
	[ "$(craton-inv log -o names | wc -l)" -eq 5 ]
}

# ---- snapshot ----

@test "a snapshot is one file with all that is in the database" {
	gives 0 craton-inv snapshot copy.db
	[ "$(ls copy.db*)" = copy.db ]
	[ "$(sqlite3 copy.db 'PRAGMA journal_mode')" = delete ]
	same 'craton-inv export' 'craton-inv export --db copy.db'
	same 'craton-inv log -o jsonl' 'craton-inv log --db copy.db -o jsonl'
	craton-inv fsck -q --db copy.db
}

@test "a snapshot overwrites nothing, and leaves nothing where it fails" {
	echo mine >there
	refuses 2 craton-inv snapshot there
	says 'there: is there already'
	[ "$(<there)" = mine ]
	refuses 2 craton-inv snapshot no/such/folder
	refuses 2 craton-inv snapshot
	refuses 2 craton-inv snapshot a b
	run --separate-stderr bash -c "trap '' XFSZ; ulimit -f 8; exec craton-inv snapshot small.db"
	[ "$status" -eq 2 ]
	[ -z "$(ls | grep small)" ]
}

@test "snapshots taken while eight write are each one state, and sound" {
	for i in {1..8}; do
		for j in {1..6}; do craton-inv set -q compute-0001 compute-0003 "both=$i$j" || :; done &
	done
	for i in {1..6}; do
		craton-inv snapshot "copy$i"
		craton-inv fsck -q --db "copy$i"
		[ "$(craton-inv list --db "copy$i" --kind host --json | jq -c .variables.both | sort -u | wc -l)" -eq 1 ]
	done
	wait
}
