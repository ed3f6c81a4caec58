#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# craton-inv list | craton-label add: a reader and a writer of one database at both ends of a
# pipe that fills. In SQLite's rollback mode this deadlocks.
load helper

prepare() {
	fleet 1200
}

@test "a fleet larger than a pipe is labelled, in batches" {
	[ "$(craton-inv list --kind host -o jsonl | wc -c)" -gt $((3 * 65536)) ]
	run -0 timeout 60 bash -o pipefail -c \
		'craton-inv list --kind host -o jsonl | craton-label add -q here'
	[ "$(craton-inv list -l here -o names | wc -l)" -eq 1200 ]
	# 1200 items are three transactions; the first entry is the import.
	[ "$(craton-inv log -o names | wc -l)" -eq 4 ]
	gives 0 craton-inv fsck
}

@test "no lock is held while the next line is awaited" {
	mkfifo slow
	craton-label add -q late - <slow &
	exec 9>slow
	echo compute-0001 >&9
	craton-inv set compute-0002 a=1
	exec 9>&-
	wait $!
	[ "$(craton-inv list -l late -o names)" = host:dfw/compute-0001 ]
}

@test "killed in mid-stream, it leaves whole batches" {
	craton-inv list --kind host -o names >names
	mkfifo slow
	craton-label add -q part - <slow 3>&- &
	label=$!
	exec 9>slow
	head -700 names >&9
	until [ "$(craton-inv list -l part -o names 2>/dev/null | wc -l)" -gt 0 ]; do sleep 0.1; done
	kill -9 "$label"
	exec 9>&-
	wait "$label" || :
	[ "$(craton-inv list -l part -o names | wc -l)" -eq 500 ]
	gives 0 craton-inv fsck
}
