#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The policy: where limits come from, what they hold a plan to, and what loosens them.
# shellcheck disable=SC2154 # bats sets output and stderr
load helper
load runs

prepare() {
	fleet 40
	rm "$CRATON_DB.policy"
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {in_flight: 50, canary: 0, max_fail: 50%}' \
		'steps: {one: {action: none}}' >w.yaml
}

# quick: what is built in, but for the times, which a test would only wait for.
quick() {
	printf 'approve_loosened: false\nsoak: 0\ngap: 0\n' >"$CRATON_DB.policy"
}

# limits_of PLAN: what it is held to.
limits_of() {
	head -1 "$1" | jq -c '[.limits.canary, .limits.in_flight, .limits.max_fail, .limits.wait, .limits.gap]'
}

@test "without any file the built-in limits hold, and plan says where they bite" {
	gives 0 craton-remediate plan w.yaml -l compute
	printf '%s\n' "$output" >p
	[ "$(limits_of p)" = '[1,2,3,"1m","2s"]' ]
	[ "$(head -1 p | jq .fleet)" -eq 40 ]
	says 'held by policy: in_flight 2, not 50: at_once_share, 5% of 40 active, default'
	says 'held by policy: canary 1, not 0: canary, default'
	says 'held by policy: max_fail 3, not 20: max_fail, default'
	says 'held by policy: wait 1m, not 0: soak, default'
	says 'held by policy: gap 2s, not 0: gap, default'
}

@test "the site's file may say anything, and is named as the origin" {
	printf 'at_once: 20\nat_once_share: 100%%\ncanary: 0\nmax_fail: 30\nmax_fail_share: 100%%\nsoak: 0\ngap: 0\nper_hour: 40\n' >"$CRATON_DB.policy"
	craton-remediate plan -q w.yaml -l compute >p
	[ "$(limits_of p)" = '[0,20,20,null,null]' ]
	gives 0 craton-remediate plan w.yaml -l compute
	says "in_flight 20, not 50: at_once, $CRATON_DB.policy"
	run_it 0 p
}

@test "the user's file tightens, and what would loosen is left out with a warning" {
	mkdir -p "$HOME/.config/craton"
	printf 'at_once: 1\nmax_fail: 9\n' >"$HOME/.config/craton/policy.yaml"
	gives 0 craton-remediate policy -o jsonl at_once max_fail
	[ "$(jq -r '.value' <<<"$output" | paste -sd ' ')" = '1 3' ]
	says 'policy.yaml:2: max_fail: 9 is looser than 3, by default, which stays in force'
}

@test "--limit tightens; what is looser is refused, and --loosen asks for it with a reason" {
	quick
	refuses 2 craton-remediate plan w.yaml -l compute --limit max_fail=0
	says '--limit: max_fail: '
	craton-remediate plan -q w.yaml -l compute --limit at_once=1 --limit max_fail=1 >p
	[ "$(limits_of p)" = '[1,1,1,null,null]' ]
	refuses 3 craton-remediate plan w.yaml -l compute --limit at_once=11
	says 'refused: at_once=11 is looser than 10, by default; --loosen at_once=11 -m REASON asks for that'
	refuses 2 craton-remediate plan w.yaml -l compute --loosen max_fail=5
	says 'plan --loosen: -m REASON is wanted'
	refuses 2 craton-remediate plan w.yaml -l compute --loosen max_fail=2 -m why
	says '--loosen: max_fail=2 is no looser than 3, by default'
}

@test "what was loosened stands in the plan, and in the journal with who and why" {
	quick
	craton-remediate plan -q w.yaml -w 'compute-[0001-0020]' --loosen at_once_share=50% --loosen max_fail_share=50% \
		-m 'the racks are empty' >p
	[ "$(head -1 p | jq -c .policy.loosened)" = '{"at_once_share":"5%","max_fail_share":"10%"}' ]
	[ "$(limits_of p)" = '[1,10,3,null,null]' ]
	run_it 0 p
	gives 0 craton-remediate log 1 -o jsonl
	[ "$(jq -c 'select(.event == "run.loosened") | [.limit, .was, .is, .reason]' <<<"$output")" = \
		'["at_once_share","5%","50%","the racks are empty"]'$'\n''["max_fail_share","10%","50%","the racks are empty"]' ]
	gives 0 craton-inv fsck
}

@test "a plan is void once the policy is stricter, and stands if it became looser" {
	quick
	craton-remediate plan -q w.yaml -w 'compute-[0001-0004]' >p
	echo 'at_once: 5' >>"$CRATON_DB.policy"
	refuses 3 craton-remediate run p
	says "plan void: policy: at_once is 5 now, by $CRATON_DB.policy, and was 10; make a new plan"
	quick
	echo 'at_once: 50' >>"$CRATON_DB.policy"
	run_it 0 p
}

@test "limits that were edited in the plan void it" {
	quick
	craton-remediate plan -q w.yaml -l compute >p
	sed '1s/"at_once_share":"5%"/"at_once_share":"90%"/' p >q
	refuses 3 craton-remediate run q
	says 'plan void: its limits are not those of its workflow and policy'
}

@test "a policy that cannot be told lets nothing through, and says where" {
	quick
	craton-remediate plan -q w.yaml -l compute >p
	for bad in 'max_fial: 2' 'at_once: many' 'at_once_share: 5' 'soak: soon' 'proof: maybe' '[1]' 'gap: 1s
gap: 2s' 'protect: ["=x"]' 'protect: {a: b}'; do
		printf '%s\n' "$bad" >"$CRATON_DB.policy"
		refuses 3 craton-remediate plan w.yaml -l compute
		says "refused: the policy cannot be told: $CRATON_DB.policy:"
		refuses 3 craton-remediate run p
		refuses 3 craton-remediate policy
	done
	printf 'max_fial: 2\n' >"$CRATON_DB.policy"
	refuses 3 craton-remediate policy
	says 'policy:1: max_fial: no limit "max_fial"; did you mean "max_fail"?'
	rm "$CRATON_DB.policy"
	mkdir "$CRATON_DB.policy"
	refuses 3 craton-remediate run p
	rmdir "$CRATON_DB.policy"
	: >"$CRATON_DB.policy"
	gives 0 craton-remediate policy
}

@test "what the policy protects is in no plan, and is skipped when it comes to be protected" {
	quick
	printf 'protect: ["cabinet=a01", "name=compute-0005"]\n' >>"$CRATON_DB.policy"
	gives 0 craton-remediate plan w.yaml -w 'compute-[0001-0008]'
	printf '%s\n' "$output" >p
	says 'left out: protected by policy: cabinet=a01 4, protected by policy: name=compute-0005 1'
	[ "$(jq -r 'select(.kind == "plan-item").name' p | paste -sd ' ')" = 'compute-0006 compute-0007 compute-0008' ]
	craton-remediate run -q p
	quick
	craton-remediate plan -q w.yaml -w compute-0001 >p
	echo 'protect: cabinet=a01' >>"$CRATON_DB.policy"
	refuses 3 craton-remediate run p
	says 'plan void: policy: it protects "cabinet=a01" now'
}

@test "the machine that it runs on is in no plan" {
	quick
	echo "{\"kind\":\"host\",\"name\":\"$(hostname)\"}" | craton-inv import -q --source t
	refuses 2 craton-remediate plan w.yaml -w "$(hostname)"
	says 'nothing to plan: protected: this machine 1'
}

@test "findings are repaired only with proof, unless the policy says otherwise" {
	quick
	printf '%s\n' 'audit: a' 'title: A' 'select: kind=host' 'checks:' \
		'  - {id: memory, severity: low, expect: ram_gb >= 512, remedy: w, distrust: 100%}' \
		'examples: {pass: {ram_gb: 512}, fail: {ram_gb: 1}}' >a.yaml
	craton-audit run -q --exit-zero ./a.yaml >stream
	gives 3 craton-remediate plan ./w.yaml <stream
	says 'refused: workflow w repairs findings and proves nothing (proof: none), and the policy wants proof, by default'
	echo 'proof: false' >>"$CRATON_DB.policy"
	gives 0 craton-remediate plan ./w.yaml <stream
}

@test "a plan lives no longer than the policy lets it" {
	quick
	refuses 3 craton-remediate plan w.yaml -l compute --life 2d
	says 'refused: --life 2d > plan_life 1d, by default; --loosen plan_life=2d -m REASON asks for that'
	gives 0 craton-remediate plan w.yaml -l compute --life 2d --loosen plan_life=2d -m 'a long weekend'
	[ "$(head -1 <<<"$output" | jq -r .life)" = 2d ]
	echo 'plan_life: 1h' >>"$CRATON_DB.policy"
	gives 0 craton-remediate plan w.yaml -l compute
	[ "$(head -1 <<<"$output" | jq -r .life)" = 1h ]
}

@test "policy shows each limit with its origin, and explains it" {
	quick
	gives 0 craton-remediate policy
	has 'max_fail              3      default'
	has "soak                  0      $CRATON_DB.policy"
	has 'in no plan: this machine, label craton/protect'
	gives 0 craton-remediate policy --explain
	[ "$(grep -c '    taught   ' <<<"$output")" -eq "$(craton-remediate policy -o names | wc -l)" ]
	[ "$(wc -L <<<"$output")" -le 80 ]
	echo 'protect: ["cabnet=a01", "cabinet=a01"]' >>"$CRATON_DB.policy"
	gives 0 craton-remediate policy max_fail
	[ "$(grep -c 'protect: ' <<<"$stderr")" -eq 1 ]
	says 'policy: protect: unknown label cabnet; did you mean "cabinet"?'
	quick
	refuses 2 craton-remediate policy maxfail
	says 'no limit "maxfail"; did you mean "max_fail"?'
}

@test "the page has every limit with its default, and all 23 guard-rails" {
	craton-remediate policy -o jsonl | jq -r '"\(.name) \(.built_in)"' >built
	awk '/^\.It Cm/ { name = $3 } /^\.Pq/ { print name, $2 }' "$ROOT/man/craton-policy.5" >page
	diff built page
	[ "$(sed -n 's/^\.It \([0-9]*\)$/\1/p' "$ROOT/man/craton-policy.5" | paste -sd ' ')" = "$(seq -s ' ' 23)" ]
	[ "$(grep -c '^Taught by ' "$ROOT/man/craton-policy.5")" -eq 23 ]
	[ "$(grep -c '^Looser:' "$ROOT/man/craton-policy.5")" -eq 23 ]
}

# slowly: a workflow that notes when each item begins and ends, and the plans a and b of it.
slowly() {
	printf '%s\n' 'workflow: slow' 'proof: none' 'batch: {in_flight: 20, canary: 0, max_fail: 100%}' \
		"steps: {one: {run: [sh, -c, 'echo + >>marks; sleep 0.2; echo - >>marks']}}" >slow.yaml
	craton-remediate plan -q slow.yaml -w 'compute-[0001-0020]' >a.plan
	craton-remediate plan -q slow.yaml -w 'compute-[0021-0040]' >b.plan
}

# most: how many were in work at any instant.
most() {
	awk '{ n += $1 == "+" ? 1 : -1; if (n > m) m = n } END { print m }' marks
}

@test "two runs at once never have more in work than at_once, and both come to their end" {
	printf 'at_once: 3\nat_once_share: 100%%\nsoak: 0\ngap: 0\ncanary: 0\nper_hour: 1000\nmax_fail: 99\nmax_fail_share: 100%%\n' \
		>"$CRATON_DB.policy"
	slowly
	craton-remediate run -q a.plan -o jsonl >a.out 2>a.err &
	one=$!
	gives 0 craton-remediate run -q b.plan -o jsonl
	wait "$one"
	[ "$(grep -c + marks)" -eq 40 ]
	[ "$(most)" -le 3 ]
	cat a.out - <<<"$output" | jq -r 'select(.event == "run.wait").why' | sort -u >why
	[ "$(cat why)" = '3 of 3 in work by all runs (at_once)' ]
}

@test "what may be begun in an hour is shared by all runs: the rest waits, and says until when" {
	printf 'at_once_share: 100%%\nsoak: 0\ngap: 0\nper_hour: 30\nmax_fail: 99\nmax_fail_share: 100%%\n' >"$CRATON_DB.policy"
	slowly
	gives 0 craton-remediate run -q a.plan
	craton-remediate run -q b.plan -o jsonl >b.out &
	engine=$!
	waits_for b.out '"run.wait"'
	[ "$(jq -r 'select(.event == "run.wait").why' b.out)" = \
		'30 of 30 begun within an hour by all runs (per_hour); the next may be at 2026-01-02T04:04:05Z' ]
	kill "$engine"
	wait "$engine" || :
	[ "$(grep -c + marks)" -eq 30 ]
	CRATON_NOW=2026-01-02T04:04:06Z gives 0 craton-remediate resume -q
	[ "$(grep -c + marks)" -eq 40 ]
}

# two_regions: m1 to m6, those with odd numbers in ord.
two_regions() {
	{
		echo '{"kind":"region","name":"ord","cloud":"us"}'
		for i in 1 2 3 4 5 6; do
			printf '{"kind":"host","name":"m%d","region":"%s"}\n' "$i" "$([ $((i % 2)) -eq 0 ] && echo dfw || echo ord)"
		done
	} | craton-inv import -q --source two
}

# Of the four of a01 three have to stay whole.
floors() {
	quick
	printf '%s\n' 'at_once_share: 100%' 'canary: 0' 'max_fail_share: 100%' 'min_healthy: {cabinet=a01: 3}' >>"$CRATON_DB.policy"
}

@test "what has to stay whole does: one at a time of four of which three are to be healthy, by two runs" {
	floors
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0}' 'steps: {one: {run: [sleep, 0.1]}}' >w.yaml
	gives 0 craton-remediate policy
	has 'stay whole: of cabinet=a01 3'
	craton-remediate plan -q w.yaml -w 'compute-[0001-0002]' >p1
	craton-remediate plan -q w.yaml -w 'compute-[0003-0006]' >p2
	craton-remediate run -q p1 &
	gives 0 craton-remediate run p2
	wait $!
	craton-remediate log --all -o jsonl >journal
	[ "$(grep -c '"event":"item.ok"' journal)" -eq 6 ]
	grep -q 'min_healthy: of 4 with cabinet=a01 1 are in work and 0 kicked out; 3 have to stay whole' journal
	jq -r 'select(.item // "" | test("000[1-4]$")) | .event' journal | grep -E '^item.(start|ok)$' | uniq -c |
		awk '$1 != 1 {exit 1}'
}

@test "a floor for what the inventory does not know is warned of: it keeps nothing whole" {
	floors
	sed -i 's/cabinet=a01/cabinett=a01/' "$CRATON_DB.policy"
	gives 0 craton-remediate policy
	says 'policy: min_healthy: '
	says 'cabinett'
}

@test "where one is kicked out and no more may go, the run is held until a person has seen to it" {
	floors
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0, max_fail: 100%}' \
		'steps: {one: {run: [test, "{item}", "!=", compute-0001]}}' >w.yaml
	craton-remediate plan -q w.yaml -w 'compute-[0001-0002]' >p
	gives 4 craton-remediate run p
	has 'held: min_healthy: of 4 with cabinet=a01 0 are in work and 1 kicked out; 3 have to stay whole'
	craton-remediate kicked 'done' -q -m 'new disk' compute-0001
	gives 1 craton-remediate resume -q
	[ "$(sql "SELECT state FROM run_item WHERE name = 'compute-0002'")" = ok ]
}

@test "one region at a time: the plan has regions together, and no two are in work at once" {
	quick
	printf '%s\n' 'at_once_share: 100%' 'canary: 0' >>"$CRATON_DB.policy"
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0}' 'steps: {one: {run: [sleep, 0.2]}}' >w.yaml
	two_regions
	craton-remediate plan -q w.yaml -w 'm[1-6]' >p
	[ "$(jq -r 'select(.kind == "plan-item").name' p | paste -sd ' ')" = \
		'm1 m3 m5 m2 m4 m6' ]
	gives 0 craton-remediate run p
	craton-remediate log -o jsonl | jq -r .event | grep -E '^item.(start|ok)$' | uniq -c | awk '{printf "%s ", $1}' >order
	[ "$(cat order)" = '3 3 3 3 ' ]
}

@test "one region at a time, by all runs; unless the policy lets it go" {
	quick
	printf '%s\n' 'at_once_share: 100%' 'canary: 0' >>"$CRATON_DB.policy"
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0}' \
		'steps: {one: {run: [sh, -c, "until [ -e go ]; do sleep 0.05; done"]}}' >w.yaml
	two_regions
	craton-remediate plan -q w.yaml -w m1 >p1
	craton-remediate plan -q w.yaml -w m2 >p2
	craton-remediate run -o jsonl p1 >one &
	waits_for one step.start
	craton-remediate run -o jsonl p2 >two &
	waits_for two run.wait
	[ "$(jq -r 'select(.event == "run.wait").why' two)" = \
		'one region at a time (one_region): run 1 has items of another in work' ]
	[ "$(sql 'SELECT count(*) FROM item_lock')" -eq 1 ]
	gives 0 craton-remediate status 2
	has 'waits     one region at a time (one_region): run 1 has items of another in work'
	touch go
	wait
	[ "$(sql "SELECT count(*) FROM run WHERE state = 'done'")" -eq 2 ]
	rm go
	echo 'one_region: false' >>"$CRATON_DB.policy"
	craton-remediate plan -q w.yaml -w 'm[1-2]' >p
	craton-remediate run -o jsonl p >both &
	waits_for both 'step.start.*m1'
	waits_for both 'step.start.*m2'
	touch go
	wait
}

@test "no loops: what a workflow was begun on twice within a day is in no plan of it" {
	quick
	for n in 1 2; do
		craton-remediate plan -q w.yaml -w compute-0001 -m "time $n" >p
		run_it 0 p
	done
	refuses 2 craton-remediate plan w.yaml -w compute-0001
	says 'nothing to plan: begun 2 times within a day (same_fix_day 2) 1'
	gives 0 craton-remediate plan w.yaml -w 'compute-[0001-0002]'
	says 'left out: begun 2 times within a day (same_fix_day 2) 1'
	gives 0 craton-remediate plan w.yaml -w compute-0001 --loosen same_fix_day=3 -m 'the third disk'
	sed 's/workflow: w/workflow: other/' w.yaml >other.yaml
	gives 0 craton-remediate plan other.yaml -w compute-0001
	CRATON_NOW=2026-01-03T03:04:06Z gives 0 craton-remediate plan w.yaml -w compute-0001
}

@test "no loops: who was begun on as often is labelled needs-human, with the reason in the change log" {
	quick
	for n in 1 2; do
		[ -z "$(craton-inv list -l needs-human -o names)" ]
		craton-remediate plan -q w.yaml -w 'compute-000[1-2]' -m "time $n" >p
		[ "$n" -eq 1 ] || craton-remediate plan -q w.yaml -w compute-0001 -m "time $n" >p
		gives 0 craton-remediate run p
	done
	says '1 labelled needs-human'
	[ "$(craton-inv list -l needs-human -o names)" = host:dfw/compute-0001 ]
	craton-inv log | grep -q 'begun 2 times within a day by workflow w'
}

@test "no loops: a plan from before is held to it too, when its item is let in" {
	quick
	for n in 1 2 3; do craton-remediate plan -q w.yaml -w compute-0001 -m "time $n" >"p$n"; done
	run_it 0 p1
	run_it 0 p2
	gives 0 craton-remediate run p3
	has 'compute-0001 skipped: begun 2 times within a day (same_fix_day 2)'
}

@test "what comes to be protected is skipped by a run that goes on" {
	quick
	sed -i 's/canary: 0/canary: 1, approve: after-canary/' w.yaml
	craton-remediate plan -q w.yaml -w 'compute-[0001-0020]' >p
	run_it 4 p
	echo 'protect: name=compute-0007' >>"$CRATON_DB.policy"
	craton-remediate approve -q 1
	gives 0 craton-remediate resume -q -o jsonl
	[ "$(jq -r 'select(.event == "item.skip") | "\(.item) \(.why)"' <<<"$output")" = \
		'host:dfw/compute-0007 protected by policy: name=compute-0007' ]
	[ "$(jq -r 'select(.event == "item.ok").item' <<<"$output" | wc -l)" -eq 18 ]
}

@test "a run that has at_once to itself does not wait for its own" {
	printf 'at_once: 2\nat_once_share: 100%%\nsoak: 0\ngap: 0\n' >"$CRATON_DB.policy"
	craton-remediate plan -q w.yaml -w 'compute-[0001-0010]' >p
	run_it 0 p
	[ "$(events run.wait)" -eq 0 ]
}

@test "a database that is called by a link has the policy of the file itself" {
	quick
	echo 'at_once: 1' >>"$CRATON_DB.policy"
	ln -s "$CRATON_DB" link.db
	gives 0 craton-remediate policy --db link.db -o jsonl at_once
	[ "$(jq -r .value <<<"$output")" = 1 ]
}

@test "a plan is shown with the limits that it has, not with those of its workflow" {
	craton-remediate plan -q w.yaml -l compute >p
	gives 0 craton-remediate plan --show p
	has 'a canary of 1, then all the rest; 1m between waves'
	has 'at most 2 at a time, 2s apart'
	has 'more than 3 of 40'
}

@test "each guard-rail that is in force has a test that shows it refuse, and one that shows it let pass" {
	local row no_file no yes_file yes
	while IFS=$'\t' read -r row no_file no yes_file yes; do
		case $row in '#'*) continue ;; esac
		grep -qxF ".It $row" "$ROOT/man/craton-policy.5" || { echo "no row $row"; return 1; }
		grep -qF "@test \"$no\" {" "$BATS_TEST_DIRNAME/$no_file" || { echo "$row: no test: $no"; return 1; }
		grep -qF "@test \"$yes\" {" "$BATS_TEST_DIRNAME/$yes_file" || { echo "$row: no test: $yes"; return 1; }
	done <"$BATS_TEST_DIRNAME/policy/rows"
}
