#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# SIGKILL at any instant: the database is as before or as after, never between.
load helper

# hosts N GENERATION: a stream of N hosts in the layer of one source.
hosts() {
	seq "$1" | sed "s/.*/{\"kind\":\"host\",\"name\":\"h&\",\"region\":\"dfw\",\"labels\":[\"gen=$2\"],\"variables\":{\"gen\":$2}}/"
}

# kill_after MILLISECONDS COMMAND...: SIGKILLs it then, if it is still there.
kill_after() {
	local ms=$1
	shift
	"$@" 2>/dev/null &
	sleep "$(printf '0.%03d' "$ms")"
	kill -9 $! 2>/dev/null || :
	wait $! 2>/dev/null || :
}

# whole N OLD NEW: all N hosts are of one generation, which is OLD or NEW; prints it.
whole() {
	craton-inv fsck -q || return
	craton-inv list -l 'kind=host' --json | jq -r '"\(.variables.gen) \(.labels[0])"' | sort | uniq -c >seen
	[ "$(wc -l <seen)" -eq 1 ] || { cat seen; return 1; }
	read -r n gen label <seen
	[ "$n" -eq "$1" ] && [ "$label" = "gen=$gen" ] || { cat seen; return 1; }
	[ "$gen" = "$2" ] || [ "$gen" = "$3" ] || { cat seen; return 1; }
	[ -z "$(ls -A | grep spool)" ] || return
	echo "$gen"
}

prepare() {
	fleet 0
	RANDOM=${SEED:-11}
}

# killed N TIMES MOST: N hosts imported anew TIMES, killed within MOST milliseconds each time.
killed() {
	local n=$1 times=$2 most=$3 gen=0 now
	hosts "$n" 0 | craton-inv import -q --source test
	for ((t = 1; t <= times; t++)); do
		hosts "$n" "$t" >in
		kill_after $((RANDOM % most)) craton-inv import -q --source test in
		now=$(whole "$n" "$gen" "$t") || { echo "kill $t: $now"; return 1; }
		gen=$now
	done
	# And the next one, left alone, is done.
	hosts "$n" 999 | craton-inv import -q --source test
	whole "$n" 999 999
}

# KILLS: how many of each; make stress has 200.
@test "small imports killed at many instants: old or new, and sound" {
	killed 3 "${KILLS:-30}" 12
}

@test "imports of 2,000 hosts killed at many instants: old or new, and sound" {
	killed 2000 "${KILLS:-30}" 250
}

@test "the first import of all killed: no database, an empty one, or all of it" {
	hosts 500 1 | sed '1i{"kind":"region","name":"dfw"}' >in
	for _ in {1..15}; do
		rm -f "$CRATON_DB"*
		kill_after $((RANDOM % 80)) craton-inv import -q --source test in
		run --separate-stderr craton-inv list --kind host -o names
		[ "$status" -eq 0 ] || [[ $stderr == *'no database yet'* || $stderr == *'schema '* ]] ||
			{ echo "$stderr"; return 1; }
		[ "${#lines[@]}" -eq 0 ] || [ "${#lines[@]}" -eq 500 ]
		craton-inv import -q --source test in
		[ "$(craton-inv list --kind host -o names | wc -l)" -eq 500 ]
		craton-inv fsck -q
	done
}

@test "sets, labels and removals killed: each is done, or not" {
	hosts 300 0 | craton-inv import -q --source test
	for t in {1..10}; do
		kill_after $((RANDOM % 20)) craton-inv set --kind host "tier=$t"
		kill_after $((RANDOM % 20)) craton-label add "batch=$t" --kind host
		craton-inv fsck -q
		[ "$(craton-inv list --kind host --json | jq -c .variables.tier | uniq | wc -l)" -eq 1 ]
	done
	kill_after $((RANDOM % 20)) craton-inv rm -q --kind host
	craton-inv fsck -q
	n=$(craton-inv list --kind host -o names | wc -l)
	[ "$n" -eq 0 ] || [ "$n" -eq 300 ]
}

@test "an audit killed: what it stored is sound, and the next one is whole" {
	hosts 300 0 | craton-inv import -q --source test
	printf '%s\n' 'audit: g' 'title: G' 'select: kind=host' 'checks:' \
		'  - {id: gen, severity: low, expect: gen > 0}' >g.yaml
	for _ in {1..10}; do
		kill_after $((RANDOM % 60)) craton-audit run -q ./g.yaml >/dev/null
		craton-inv fsck -q
	done
	gives 1 craton-audit run -q ./g.yaml
	has '"complete":true,"scope":300,"counts":{"pass":0,"fail":300,'
	[ "$(craton-audit findings -o names | wc -l)" -eq 300 ]
}
