#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Many at once, for STRESS seconds: make stress takes a minute.
load helper

# writer N: until the end sets a variable of its own host and of the one that all share, in
# one change with its number as the reason; what was acknowledged goes to acked.N.
writer() {
	local w=$1 n=0 status
	while ((SECONDS < end)); do
		n=$((n + 1)) status=0
		craton-inv set -q "compute-000$w" compute-0009 "w$w=$n" -m "w$w-$n" 2>>"said.$w" || status=$?
		case $status in
		0) echo "w$w-$n" >>"acked.$w" ;;
		75) : ;;
		*) echo "writer $w: status $status" >>wrong ;;
		esac
	done
}

# reader N: whatever it reads is whole records, and both hosts of a change agree.
reader() {
	while ((SECONDS < end)); do
		craton-inv list --kind host --json >"read.$1" || echo "reader $1: list" >>wrong
		jq -se 'length == 9 and (map({(.name): .variables}) | add | . as $v |
			all(range(1; 9); $v["compute-000\(.)"]["w\(.)"] == $v["compute-0009"]["w\(.)"]))' \
			"read.$1" >/dev/null || echo "reader $1: torn" >>wrong
		craton-inv log --limit 5 -o jsonl | jq -se 'all(.kind == "change")' >/dev/null || echo "reader $1: log" >>wrong
		craton-inv export --at 1 | cmp -s - first || echo "reader $1: past" >>wrong
		echo >>"reads.$1"
	done
}

@test "eight writers and four readers at once: each acknowledged change is there and logged, none torn" {
	fleet 9
	unset CRATON_NOW
	craton-inv export >first
	end=$((SECONDS + ${STRESS:-4}))
	for w in {1..8}; do writer "$w" & done
	for r in {1..4}; do reader "$r" & done
	wait
	[ ! -e wrong ] || { sort wrong | uniq -c; return 1; }
	cat acked.* | sort >acked
	craton-inv log -o tsv | sed 1d | cut -f8 | grep '^w' | sort >logged
	cmp acked logged
	for w in {1..8}; do
		[ "$(craton-inv get compute-0009 "w$w")" = "$(tail -1 "acked.$w" | cut -d- -f2)" ]
	done
	craton-inv fsck -q
	echo "# $(wc -l <acked) changes acknowledged, $(cat reads.* | wc -l) rounds of reading" >&3
}
