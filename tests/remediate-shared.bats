#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Two runs, begun by two people, over random limits, deaths and times: what all runs share is never
# exceeded at any instant. Told again from the journal alone, by the words of craton-policy(5):
#   at_once   items that have begun and not ended, of all runs, at most
#   per_hour  items begun in any hour by all runs, at most
#   one_region no two that are in work are of different regions
# SEED=N repeats one; it is printed.
load helper

# within AT_ONCE PER_HOUR REGIONS: reads the journal; says where a limit was passed, and the most there was.
within() {
	jq -rs --argjson at_once "$1" --argjson per_hour "$2" --argjson regions "$3" '
		reduce .[] as $e ({open: {}, begun: [], most: 0, hour: 0, faults: []};
			"\($e.run)/\($e.item)" as $key
			| if $e.event == "item.start" then
				($e.at | fromdateiso8601) as $t
				| .open[$key] = 1
				| .begun = [.begun[] | select(. > $t - 3600)] + [$t]
				| .most = ([.most, (.open | length)] | max)
				| .hour = ([.hour, (.begun | length)] | max)
				| (.open | keys | map(split(":")[1] | split("/")[0]) | unique | length) as $in
				| if (.open | length) > $at_once or (.begun | length) > $per_hour or $in > $regions
				  then .faults += ["\($e.seq): \(.open | length) in work, \(.begun | length) an hour, \($in) regions"]
				  else . end
			  elif $e.event | test("^item.(ok|kick|undone|cancel|skip)$") then del(.open[$key])
			  else . end)
		| "\(.most) \(.hour) \(.begun | length) \(.faults | join("; "))"'
}

# engine NAME: begins or goes on with one of the runs, as somebody would by hand. What is over
# already, held by somebody else or interrupted is looked at by the journal, not here.
engine() {
	if [ ! -e "$1.begun" ]; then
		: >"$1.begun"
		exec craton-remediate run -q "$1.plan"
	fi
	exec craton-remediate resume -q "$(cat "$1.run")"
}

# trial AT_ONCE PER_HOUR ONE_REGION: two runs over ten hosts each, to their end; each round is some minutes later.
trial() {
	local now=1767323045 round name earlier
	earlier=$(sqlite3 "$CRATON_DB" 'SELECT coalesce(max(id), 0) FROM run')
	printf 'at_once: %s\nat_once_share: 100%%\nper_hour: %s\nper_hour_share: 1%%\none_region: %s\n' "$1" "$2" "$3" >"$CRATON_DB.policy"
	printf 'soak: 0\ngap: 0\ncanary: 0\nproof: false\nmax_fail: 99\nmax_fail_share: 100%%\nplan_life: 100d\nsame_fix_day: 99\n' \
		>>"$CRATON_DB.policy"
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {in_flight: 20, canary: 0, max_fail: 100%}' \
		"steps: {one: {run: [sh, -c, 'sleep 0.0\$1', x, '{var.tenths}'], idempotent: true}}" >w.yaml
	rm -f ./*.begun ./*.run
	craton-remediate plan -q w.yaml -w 'compute-[0001-0010]' --life 50d >a.plan
	craton-remediate plan -q w.yaml -w 'compute-[0011-0020]' --life 50d >b.plan
	for ((round = 0; round < 80; round++)); do
		now=$((now + RANDOM % 1500))
		CRATON_NOW=$(date -u -d "@$now" +%Y-%m-%dT%H:%M:%SZ)
		export CRATON_NOW
		pids=()
		for name in a b; do
			engine "$name" 2>>messages &
			pids+=($!)
		done
		sleep "0.$((RANDOM % 5 + 1))"
		kill "-$((RANDOM % 2 ? 9 : 15))" "${pids[@]}" 2>/dev/null || :
		wait "${pids[@]}" 2>/dev/null || :
		for name in a b; do
			[ -s "$name.run" ] || sqlite3 "$CRATON_DB" "SELECT r.id FROM run AS r JOIN run_item AS i
				ON i.run = r.id WHERE r.id > $earlier AND i.name = 'compute-00$([ "$name" = a ] && echo 01 || echo 11)'" \
				>"$name.run"
			[ -s "$name.run" ] || rm -f "$name.begun" # it died before there was a run
		done
		[ "$(sqlite3 "$CRATON_DB" "SELECT count(*) FROM run WHERE ended IS NULL")" -ne 0 ] ||
			[ ! -s a.run ] || [ ! -s b.run ] || return 0
	done
	echo "not over after $round rounds"
	return 1
}

@test "two runs and two people never exceed what they share, whatever dies and whenever" {
	seed=${SEED:-$((RANDOM * 32768 + RANDOM))}
	RANDOM=$((seed % 32768))
	echo "SEED=$seed"
	fleet 1
	for ((i = 1; i <= 20; i++)); do
		printf '{"kind":"host","name":"compute-%04d","region":"%s","variables":{"tenths":%d}}\n' "$i" \
			"$([ $((i % 3)) -eq 0 ] && echo ord || echo dfw)" $((RANDOM % 9 + 1))
	done >hosts
	{ echo '{"kind":"region","name":"ord","cloud":"us"}' && cat hosts; } | craton-inv import -q --source test
	for ((n = 0; n < 2; n++)); do
		regions=$((2 - n)) # the second time one at a time
		at_once=$((RANDOM % 4 + 1)) per_hour=$((RANDOM % 8 + 4))
		before=$(craton-remediate log --all -o jsonl | wc -l)
		trial "$at_once" "$per_hour" "$([ $regions -eq 1 ] && echo true || echo false)"
		craton-remediate log --all -o jsonl | tail -n "+$((before + 1))" >journal
		read -r most hour begun faults < <(within "$at_once" "$per_hour" "$regions" <journal)
		echo "at_once $at_once, per_hour $per_hour, regions $regions: at most $most and $hour; $begun; $faults"
		[ -z "$faults" ]
		[ "$most" -ge 1 ]
		[ "$(grep -c '"event":"item.ok"' journal)" -eq 20 ]
		rm -f ./*.begun ./*.run
	done
	gives 0 craton-inv fsck
}

@test "the model finds a limit that was passed" {
	printf '{"seq":%d,"at":"2026-01-02T03:0%d:00Z","run":1,"event":"item.start","item":"host:dfw/h%d"}\n' 1 1 1 2 2 2 >journal
	[ "$(within 2 2 1 <journal)" = '2 2 2 ' ]
	[ "$(within 1 2 1 <journal)" = '2 2 2 2: 2 in work, 2 an hour, 1 regions' ]
	[ "$(within 2 1 1 <journal)" = '2 2 2 2: 2 in work, 2 an hour, 1 regions' ]
	sed -i 's/dfw\/h2/ord\/h2/' journal
	[ "$(within 2 2 1 <journal)" = '2 2 2 2: 2 in work, 2 an hour, 2 regions' ]
}
