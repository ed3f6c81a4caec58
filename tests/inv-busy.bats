#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Another process holds the write lock: 75, try again. Readers do not wait.
load helper

prepare() {
	fleet 2
	craton-label add -q gold compute-0001
	craton-inv link compute-0001 depends-on compute-0002
	coproc HOLDER { exec sqlite3 "$CRATON_DB"; }
	echo 'BEGIN IMMEDIATE; SELECT 42;' >&"${HOLDER[1]}"
	read -r _ <&"${HOLDER[0]}"
}

teardown() {
	echo 'ROLLBACK;' >&"${HOLDER[1]}" || :
	eval "exec ${HOLDER[1]}>&-"
	wait "$HOLDER_PID" || :
}

@test "every verb that writes gives up with 75, and says so in a line" {
	# All at once: each of them waits its five seconds.
	while read -r command; do
		# shellcheck disable=SC2086 # words on purpose
		(
			code=0
			$command </dev/null >out."${command//[ \/]/_}" 2>&1 || code=$?
			echo "$code $command" >>statuses
		) &
	done <<-'END'
	craton-inv add host new
	craton-inv set compute-0001 a=1
	craton-inv unset compute-0001 a
	craton-inv rm compute-0001
	craton-inv link compute-0001 depends-on us
	craton-inv unlink compute-0001 depends-on compute-0002
	craton-inv source set test --rank 5
	craton-label add silver compute-0001
	craton-label rm gold compute-0001
	craton-label set gold a=1
	END
	for job in $(jobs -p); do
		[ "$job" = "$HOLDER_PID" ] || wait "$job"
	done
	[ "$(cut -d' ' -f1 statuses | sort | uniq -c | tr -d ' ')" = 1075 ] || { cat statuses; return 1; }
	for out in out.*; do
		[ "$(wc -l <"$out")" -eq 1 ]
		grep -q 'in use by another process; try again' "$out"
	done
}

@test "every verb that reads answers at once" {
	SECONDS=0
	craton-inv list
	craton-inv show compute-0001
	craton-inv get compute-0001 ram_gb
	craton-inv log
	craton-inv source
	craton-inv fsck
	craton-inv rm -n compute-0001
	craton-label list
	craton-label show gold
	[ "$SECONDS" -lt 5 ]
}
