#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Files, disks and streams that are not as they should be: one line that names them, the right
# status, and the database as it was.
load helper

prepare() {
	fleet 4
	craton-inv export >before
	# A file that sqlite3 or cp can have: all of it in the file, none in the WAL.
	sqlite3 "$CRATON_DB" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	cp "$CRATON_DB" sound.db
}

# The database is what it was before, and sound.
kept() {
	craton-inv export >after
	cmp before after || { diff before after | head; return 1; }
	craton-inv fsck -q
}

readonly VERBS=('craton-inv list' 'craton-inv export' 'craton-inv fsck' 'craton-inv log'
	'craton-inv add cloud new' 'craton-inv set --all tier=gold' 'craton-inv import'
	'craton-label list' 'craton-label add gold compute-0001' 'craton-audit findings'
	'craton-audit run host-capacity' 'craton-remediate kicked')

# all_refuse FILE TEXT: every tool refuses it with TEXT, and leaves it as it is.
all_refuse() {
	cp "$1" left.db
	for verb in "${VERBS[@]}"; do
		# shellcheck disable=SC2086 # words on purpose
		refuses 2 $verb --db "$1" </dev/null
		says "$1: $2"
		cmp "$1" left.db
	done
}

@test "a file that is not a database is refused by every tool, and left alone" {
	echo 'a shopping list' >text.db
	all_refuse text.db 'not a database'
	head -c 100000 /dev/urandom >noise.db
	all_refuse noise.db 'not a database'
}

@test "another application's database is refused, and left alone" {
	sqlite3 other.db 'CREATE TABLE t (a); INSERT INTO t VALUES (1)'
	all_refuse other.db "a database, but not Craton's"
	sqlite3 marked.db 'PRAGMA application_id = 77; CREATE TABLE t (a)'
	all_refuse marked.db "a database, but not Craton's"
}

@test "a newer schema is refused by name, and left alone" {
	cp sound.db newer.db
	sqlite3 newer.db 'PRAGMA user_version = 99'
	all_refuse newer.db 'written by a newer Craton (schema 99'
}

@test "a file that was cut short is refused" {
	for size in 5000 20000; do
		head -c "$size" sound.db >cut.db
		for verb in "${VERBS[@]}"; do
			# shellcheck disable=SC2086 # words on purpose
			refuses 2 $verb --db cut.db </dev/null
			says 'cut.db: damaged'
		done
	done
}

@test "an empty file is no database yet: readers say so, the first write makes it one" {
	: >empty.db
	refuses 2 craton-inv list --db empty.db
	says 'empty.db: no database yet'
	[ ! -s empty.db ]
	gives 0 craton-inv add --db empty.db cloud us
	gives 0 craton-inv list --db empty.db -o names
	prints cloud:us
}

@test "folders, pipes and devices are no databases" {
	mkdir folder
	mkfifo pipe
	for verb in 'craton-inv list' 'craton-inv add cloud x'; do
		# shellcheck disable=SC2086 # words on purpose
		refuses 2 $verb --db folder
		says 'folder: Is a directory'
		# shellcheck disable=SC2086
		run --separate-stderr -2 timeout 10 $verb --db pipe
		says 'craton-inv: pipe: not a file'
		# shellcheck disable=SC2086
		refuses 2 $verb --db /dev/null
		says '/dev/null: not a file'
		# shellcheck disable=SC2086
		refuses 2 $verb --db sound.db/x
		says 'sound.db/x: Not a directory'
	done
}

@test "words of SQLite's are file names like any other" {
	for name in :memory: 'file:x?mode=memory'; do
		gives 0 craton-inv add --db "$name" cloud kept
		[ -f "$name" ]
		gives 0 craton-inv list --db "$name" -o names
		prints cloud:kept
	done
}

@test "a flipped bit crashes nothing: the same, or a fault that is told" {
	RANDOM=${SEED:-7}
	size=$(stat -c %s sound.db)
	# FLIPS: make stress has thousands.
	for ((flip = 0; flip < ${FLIPS:-40}; flip++)); do
		cp sound.db flip.db
		rm -f flip.db-wal flip.db-shm
		at=$(((RANDOM * 32768 + RANDOM) % size))
		byte=$(od -An -tu1 -j $at -N 1 flip.db)
		# shellcheck disable=SC2059 # the format is the byte
		printf "\\x$(printf %x $((byte ^ 1 << RANDOM % 8)))" |
			dd of=flip.db bs=1 seek=$at conv=notrunc status=none
		run --separate-stderr craton-inv export --db flip.db
		[ "$status" -le 2 ]
		[ "$status" -ne 0 ] || [ "$output" = "$(cat before)" ] || {
			run craton-inv fsck --db flip.db
			[ "$status" -eq 1 ] || [ "$status" -eq 2 ]
		}
		# One other command of the tools, in turn: none of them crashes, or hangs.
		commands=('craton-inv show --all' 'craton-inv get compute-0001 ram_gb --blame'
			'craton-inv log -o jsonl' 'craton-inv log --changes' 'craton-inv list --at 1'
			'craton-inv diff --from 1' 'craton-inv undo -n 1' 'craton-inv conflicts'
			'craton-inv query SELECT+*+FROM+variables' 'craton-inv impact compute-0001'
			'craton-inv import -q --source test before' 'craton-inv rm -q compute-0001'
			'craton-inv prune --before 1 -m why' 'craton-label list' 'craton-label show compute'
			'craton-audit list' 'craton-audit findings' 'craton-audit run -q os-support --local'
			'craton-remediate status' 'craton-remediate kicked' 'craton-remediate plan reboot --all')
		read -ra words <<<"${commands[flip % ${#commands[@]}]}"
		CRATON_DB=$PWD/flip.db run timeout 60 "${words[@]//+/ }" </dev/null
		[ "$status" -le 4 ] || { echo "flip $flip, ${words[*]}: $status"; return 1; }
		run craton-inv set --db flip.db compute-0001 a=1
		[ "$status" -le 2 ]
		run craton-inv fsck --db flip.db
		[ "$status" -le 2 ]
	done
}

@test "a region that the file has lost is told, not followed" {
	sqlite3 "$CRATON_DB" "PRAGMA foreign_keys = OFF; DELETE FROM item WHERE kind = 'region'"
	refuses 2 craton-inv set compute-0001 a=1
	says 'damaged (no region'
	refuses 2 craton-inv show compute-0001
}

# ---- where nothing can be written ----

# as_nobody COMMAND...: as a user who may write nothing here.
as_nobody() {
	[ "$(id -u)" -eq 0 ] || skip 'only root can become nobody'
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

@test "a folder that cannot be written: readers and writers say so" {
	mkdir folder
	cp sound.db folder/c.db
	for ((up = ${#PWD}; up >= ${#BATS_RUN_TMPDIR}; up--)); do
		[ ! -d "${PWD:0:up}" ] || chmod o+x "${PWD:0:up}"
	done
	chmod 555 folder
	chmod 444 folder/c.db
	as_nobody test -r folder/c.db || skip 'nobody cannot see the test folder'
	as_nobody test -x "$(command -v craton-inv)" || skip 'nobody cannot see the tools'
	run --separate-stderr -2 as_nobody craton-inv list --db folder/c.db
	[ -z "$output" ]
	says 'craton-inv: folder/c.db: its folder cannot be written'
	run --separate-stderr -2 as_nobody craton-inv add cloud x --db folder/c.db
	says 'craton-inv: folder/c.db: cannot be written (read-only)'
	run --separate-stderr -2 as_nobody craton-inv add cloud x --db folder/new.db
	says 'craton-inv: folder/new.db: Permission denied'
	run --separate-stderr -2 as_nobody craton-inv add cloud x --db folder/deep/new.db
	says 'craton-inv: folder/deep: Permission denied'
	cmp folder/c.db sound.db
	[ "$(ls folder)" = c.db ]
	chmod 755 folder
}

@test "a file size limit is a full disk to import: nothing is changed" {
	for ((i = 0; i < 2000; i++)); do
		printf '{"kind":"host","name":"h%d","region":"dfw","variables":{"a":"%050d"}}\n' "$i" "$i"
	done >many
	for limit in 32 100 600; do # KiB: of the spool, of the WAL's beginning, of its middle
		run --separate-stderr bash -c "trap '' XFSZ; ulimit -f $limit; exec craton-inv import -q --source test many"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ $stderr == "craton-inv: $CRATON_DB: "* ]]
		[ "$(wc -l <<<"$stderr")" -eq 1 ]
		kept
	done
	gives 0 craton-inv import -q --source test many
}

teardown() {
	! mountpoint -q "$BATS_TEST_TMPDIR/disk" || umount "$BATS_TEST_TMPDIR/disk"
}

@test "a disk that fills up costs nothing that was there" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can mount'
	mkdir disk
	mount -t tmpfs -o size=2m tmpfs disk 2>/dev/null || skip 'cannot mount'
	export CRATON_DB=$PWD/disk/craton.db
	fleet 4
	head -c 4000000 /dev/zero >disk/fill 2>/dev/null || :
	for ((i = 0; i < 1000; i++)); do printf '{"kind":"host","name":"h%d","region":"dfw"}\n' "$i"; done >many
	refuses 2 craton-inv import -q --source test many
	refuses 2 craton-inv add cloud x
	[[ $stderr == *': the disk is full; nothing was changed' || $stderr == *': No space left on device' ]]
	rm disk/fill
	kept
	gives 0 craton-inv add cloud x
}

# ---- streams ----

@test "a full device is exit status 2 in every verb that prints" {
	while read -r command; do
		run --separate-stderr -2 bash -c "$command >/dev/full"
		says "${command%% *}: stdout: No space left on device"
	done <<-'END'
	craton-inv list
	craton-inv list -o jsonl
	craton-inv list -o json
	craton-inv list -o names
	craton-inv list -o tsv
	craton-inv export
	craton-inv log
	craton-inv show compute-0001
	craton-inv get compute-0001 ram_gb
	craton-inv source
	craton-inv fsck
	craton-inv --help
	craton-inv list --help
	craton-inv --version
	craton-label list
	craton-label show compute
	craton-audit list
	craton-remediate lint reboot
	END
	kept
}

@test "a closed stdout is told, and the database is not written to in its place" {
	for command in 'craton-inv list' 'craton-inv export' 'craton-label list'; do
		run --separate-stderr -2 bash -c "$command >&-"
		says 'stdout: Bad file descriptor'
	done
	# Nothing to print: nothing to lose.
	bash -c 'craton-inv add cloud quiet >&- <&- 2>&-'
	craton-inv fsck -q
	gives 0 craton-inv list --kind cloud -o names
	prints "cloud:us
cloud:quiet"
}

@test "a closed stdin is not an empty one" {
	for command in 'craton-inv import --source test' 'craton-inv list -' 'craton-inv set - a=1' \
		'craton-remediate plan reboot'; do
		run --separate-stderr -2 bash -c "$command <&-"
		[ -z "$output" ]
		says 'stdin: Bad file descriptor'
	done
	kept
}

@test "a reader that goes away ends every tool quietly" {
	for command in 'craton-inv list -o jsonl' 'craton-inv export' 'craton-inv log' 'craton-label list'; do
		for reader in 'head -1' true; do
			run --separate-stderr -0 bash -c "$command | $reader"
			[ -z "$stderr" ]
		done
	done
}

@test "an input that cannot be read is named" {
	refuses 2 craton-inv import --source test ghost.jsonl
	says 'ghost.jsonl: No such file or directory'
	refuses 2 craton-inv import --source test .
	says 'Is a directory'
	refuses 2 craton-audit run ./ghost.yaml
	refuses 2 craton-audit run /dev/zero
	says '/dev/zero: larger than 1048576 bytes'
	refuses 2 craton-remediate plan ./ghost.yaml --all
	refuses 2 craton-remediate plan --show ghost.plan
	kept
}

# ---- others ----

@test "readers read while another process writes; two writers: the second gives up with 75" {
	coproc HOLDER { exec sqlite3 "$CRATON_DB"; }
	holder=$HOLDER_PID
	echo 'BEGIN IMMEDIATE; SELECT 42;' >&"${HOLDER[1]}"
	read -r _ <&"${HOLDER[0]}"
	gives 0 craton-inv list -o names
	refuses 75 craton-inv import -q --source test before
	says "$CRATON_DB: in use by another process; try again"
	printf '%s\n' 'ROLLBACK;' .quit >&"${HOLDER[1]}"
	wait "$holder" || :
	kept
}

@test "eight importers at once: each is all there, and the log is one chain" {
	for n in {1..8}; do
		for ((i = 0; i < 200; i++)); do
			printf '{"kind":"host","name":"h%d-%d","region":"dfw"}\n' "$n" "$i"
		done >"in$n"
		craton-inv import -q --source "s$n" "in$n" &
		pids+=("$!")
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	[ "$(craton-inv list --kind host -o names | wc -l)" -eq 1604 ]
	craton-inv fsck -q
}
