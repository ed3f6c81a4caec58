#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # tests are subshells; bats sets stderr
# Auditing the audit: missed runs, coverage, a scope that shrank, checks that are not trusted.
load helper

# memory CHECK-KEYS AUDIT-KEYS: t.yaml, which half of the fleet fails.
memory() {
	cat >t.yaml <<-END
	audit: t
	title: A test
	select: kind=host
	${2:-every: 1h}
	checks:
	  - {id: memory, severity: high, expect: ram_gb >= 512, remedy: grow ${1:+, $1}}
	examples: {pass: {ram_gb: 512}, fail: {ram_gb: 1}}
	END
	printf 'workflow: grow\nsteps: {a: {run: ["true"]}}\n' >grow.yaml
}

@test "a check that fails on too much of its scope is not trusted until it has been quiet" {
	fleet 12
	memory
	gives 1 craton-audit run ./t.yaml
	printf '%s\n' "$output" >s
	has '"check":"t/memory","subject":"distrust","status":"error"'
	has 'fails on 6 of 12 items (50.0 %), more than 20 %: no repair is planned on its word'
	refuses 3 craton-remediate plan ./grow.yaml <s
	says 'refused: check t/memory failed on 6 of 12 items (50.0 %): it is not trusted before 2026-01-02T04:04:05Z'
	craton-inv set -q compute-0001 compute-0003 compute-0005 compute-0007 compute-0009 ram_gb=512
	export CRATON_NOW=2026-01-02T04:00:00Z
	gives 1 craton-audit run ./t.yaml
	printf '%s\n' "$output" >s
	gives 0 craton-audit findings --resolved --check t/memory -o jsonl
	has '"subject":"distrust"'
	refuses 3 craton-remediate plan ./grow.yaml <s
	says 'not trusted before 2026-01-02T04:04:05Z'
	CRATON_NOW=2026-01-02T04:04:05Z gives 0 craton-remediate plan ./grow.yaml <s
}

@test "distrust: and quiet: say how much and how long; waived items do not count" {
	fleet 12
	memory 'distrust: 50%'
	craton-audit run ./t.yaml >s || true
	gives 0 craton-remediate plan ./grow.yaml <s
	memory 'distrust: 5' 'quiet: 1m'
	craton-audit run ./t.yaml >s || true
	refuses 3 craton-remediate plan ./grow.yaml <s
	says '2026-01-02T03:05:05Z'
	craton-audit waive -q compute-0001 -m known
	export CRATON_NOW=2026-01-02T03:05:05Z
	craton-audit run ./t.yaml >s || true
	gives 0 craton-remediate plan ./grow.yaml <s
	says 'waived 1'
}

@test "a run over a part says nothing about the check" {
	fleet 12
	memory
	gives 1 craton-audit run ./t.yaml -w 'compute-[0001-0012]'
	printf '%s\n' "$output" >s
	gives 0 craton-remediate plan ./grow.yaml <s
}

@test "coverage under its share is a finding, and goes with the next run in order" {
	fleet 20
	cat >t.yaml <<-'END'
	audit: t
	title: A test
	select: kind=host
	gather: [{probe: local, run: [sh, -c, 'test ! -e "$1" || exit 255; echo good', x, "{item}"], into: v}]
	checks: [{id: v, severity: low, expect: v = 'good'}]
	END
	touch compute-0001
	gives 1 craton-audit run ./t.yaml
	[[ $output != *coverage* ]]
	touch compute-0002
	gives 1 craton-audit run ./t.yaml
	has '"check":"t/coverage","subject":"audit","status":"error"'
	has 'judged 18 of 20 items (90.0 %), and should 19'
	sed -i '/^select/a coverage: 90%' t.yaml
	gives 1 craton-audit run ./t.yaml
	gives 0 craton-audit findings --resolved -o jsonl
	has '"check":"t/coverage"'
}

@test "a missed run is a finding, and shown as overdue" {
	fleet 2
	mkdir audits
	export CRATON_AUDITS=$PWD/audits
	memory
	mv t.yaml audits
	gives 1 craton-audit run t
	[[ $output != *missed* ]]
	export CRATON_NOW=2026-01-02T05:04:05Z
	gives 0 craton-audit list
	grep -q '^t .* overdue ' <<<"$output"
	gives 1 craton-audit run t
	has '"check":"t/missed-run","subject":"audit","status":"error"'
	has '1 missed: the last complete run began at 2026-01-02T03:04:05Z'
	gives 0 craton-audit list
	[[ $output != *overdue* ]]
	CRATON_NOW=2026-01-02T06:04:05Z gives 1 craton-audit run t
	gives 0 craton-audit findings --resolved -o jsonl
	has 'missed-run'
}

@test "a scope that lost a tenth is said" {
	fleet 20
	memory
	gives 1 craton-audit run ./t.yaml
	craton-inv rm -q compute-0002 compute-0004
	gives 1 craton-audit run ./t.yaml
	has '"check":"t/scope","subject":"audit","status":"error"'
	has 'looks at 18 items, and did at 20 in run 1'
	has '"doubt":"looks at 18 items, and did at 20 in run 1"'
	refuses 3 craton-remediate plan ./grow.yaml <<<"$output"
	says 'the audit doubts what it rests on: looks at 18 items, and did at 20 in run 1'
	gives 1 craton-audit run ./t.yaml
	[[ $output != *doubt* ]]
}

@test "items that stale sources alone report are said, and no plan is made" {
	memory 'distrust: 100%'
	craton-inv source add -q netbox --stale-after 7d
	printf '{"kind":"host","name":"db%s"}\n' 1 2 | craton-inv import -q --source netbox
	craton-inv add -q host db3
	craton-inv set -q db1 db2 db3 ram_gb=256
	gives 1 craton-audit run ./t.yaml
	[[ $output != *doubt* ]]
	export CRATON_NOW=2026-01-12T00:00:00Z
	gives 1 craton-audit run ./t.yaml
	has '"check":"t/sources","subject":"audit","status":"error"'
	has '"doubt":"2 of 3 items are reported by stale sources alone: netbox is silent since 2026-01-02T03:04:05Z"'
	refuses 3 craton-remediate plan ./grow.yaml <<<"$output"
	says 'doubts what it rests on: 2 of 3 items'
	gives 1 craton-audit run ./t.yaml -w db3
	[[ $output != *doubt* ]]
}

@test "its own words are no names of checks" {
	fleet 1
	memory
	sed -i 's/id: memory/id: coverage/' t.yaml
	refuses 2 craton-audit run ./t.yaml
	says 'coverage has a meaning of its own and is no name for a check'
}

@test "the streams that a plan refuses: cut short, doubled, of another run, a day old" {
	fleet 8
	memory 'distrust: 100%'
	craton-audit run ./t.yaml >s || true
	gives 0 craton-remediate plan -q ./grow.yaml <s
	[ "$(grep -c '"kind":"plan-item"' <<<"$output")" -eq 4 ]
	for cut in 'head -n 2' 'head -c 300' 'grep finding' 'sed $d' 'grep -v complete' 'tail -c 20'; do
		run --separate-stderr bash -c "$cut s | craton-remediate plan -q ./grow.yaml"
		[ "$status" -eq 3 ] || [ "$status" -eq 1 ] || [ "$status" -eq 2 ]
		[ -z "$output" ] || { echo "$cut: $output"; false; }
	done
	run --separate-stderr -3 bash -c 'cat s s | craton-remediate plan -q ./grow.yaml'
	says 'a second audit in one stream'
	craton-audit run ./t.yaml >s2 || true
	run --separate-stderr -3 bash -c '{ grep finding s; grep complete s2; } | craton-remediate plan -q ./grow.yaml'
	says 'findings of audit run 1, and the run that ended is 2'
	sed 's/"complete":true/"complete":false/' s >s3
	refuses 3 craton-remediate plan -q ./grow.yaml <s3
	says 'not complete'
	CRATON_NOW=2026-01-03T03:04:06Z refuses 3 craton-remediate plan -q ./grow.yaml <s2
	says 'refused: audit run 2 ended 1d ago, and no repair is planned on what is older than 1d (finding_age)'
}

@test "a stream filtered by grep is a smaller plan, as whoever filters wants it" {
	fleet 8
	memory 'distrust: 100%'
	craton-audit run ./t.yaml >s || true
	run --separate-stderr -0 bash -c "grep -v compute-0001 s | craton-remediate plan -q ./grow.yaml"
	[ "$(jq -r 'select(.kind == "plan-item").name' <<<"$output" | paste -sd ' ')" = \
		'compute-0003 compute-0005 compute-0007' ]
}

@test "one whole run at a time: another exits 75 and says which; narrowed ones go beside it" {
	fleet 2
	cat >t.yaml <<-'END'
	audit: t
	title: A test
	select: kind=host
	gather: [{probe: local, run: [sh, -c, 'touch started; until [ -e go ]; do sleep 0.05; done; echo good'], into: v}]
	checks: [{id: v, severity: low, expect: v = 'good'}]
	END
	craton-audit run -q ./t.yaml &
	while [ ! -e started ]; do sleep 0.05; done
	refuses 75 craton-audit run ./t.yaml
	says 't: run 1 is at work since 2026-01-02T03:04:05Z'
	sed 's/until.*done; //' t.yaml >u.yaml
	gives 0 craton-audit run -q ./u.yaml -w compute-0001
	touch go
	wait $!
	gives 0 craton-audit run -q ./t.yaml
}

@test "killed in mid-gather: the next run goes on with what is there, nothing torn" {
	fleet 40
	cat >t.yaml <<-'END'
	audit: t
	title: A test
	select: kind=host
	gather: [{probe: local, run: [sh, -c, 'echo "$1" >>asked; sleep 0.12; echo good', x, "{item}"], into: v}]
	checks: [{id: v, severity: low, expect: v = 'good'}]
	END
	unset CRATON_NOW
	craton-audit run -f 1 -q ./t.yaml &
	pid=$!
	while [ "$(sqlite3 "$CRATON_DB" 'SELECT count(*) FROM gathered')" -eq 0 ]; do sleep 0.1; done
	kill -KILL $pid
	wait $pid || true
	there=$(sqlite3 "$CRATON_DB" 'SELECT count(*) FROM gathered')
	gives 0 craton-inv fsck -q
	: >asked
	gives 0 craton-audit run ./t.yaml
	says "t: goes on with run 1, which was killed: $there values are there"
	[ "$(sort -u asked | wc -l)" -le $((40 - there + 1)) ]
	gives 0 craton-inv fsck -q
	: >asked
	gives 0 craton-audit run -q ./t.yaml
	[ "$(wc -l <asked)" -eq 40 ]
}

@test "run --due runs each audit by its own every:, and passes over what is bad" {
	fleet 2
	mkdir audits
	export CRATON_AUDITS=$PWD/audits
	memory
	sed 's/^audit: t/audit: hourly/' t.yaml >audits/hourly.yaml
	sed 's/^audit: t/audit: daily/; s/1h/1d/' t.yaml >audits/daily.yaml
	sed 's/^audit: t/audit: never/; /^every/d' t.yaml >audits/never.yaml
	echo 'audit: bad' >audits/bad.yaml
	due() {
		gives 1 craton-audit run --due
		jq -r 'select(.kind == "audit").audit' <<<"$output" | grep -E 'ly$|never' | paste -sd ' '
	}
	[ "$(due)" = 'daily hourly' ]
	gives 1 craton-audit run --due
	says 'bad.yaml'
	[[ $output != *hourly* ]]
	export CRATON_NOW=2026-01-02T04:04:05Z
	[ "$(due)" = hourly ]
	gives 0 craton-audit run --due ./audits/daily.yaml
	prints ''
	refuses 2 craton-audit run --due -l compute
}

@test "findings by age; waivers as records" {
	fleet 2
	memory
	craton-audit run -q ./t.yaml >/dev/null || true
	gives 0 craton-audit findings --age 1h -o names
	prints ''
	export CRATON_NOW=2026-01-02T05:00:00Z
	gives 0 craton-audit findings --age 1h -o names
	prints 'host:dfw/compute-0001'
	craton-audit waive -q compute-0001 -m known --until 1h --owner ada
	craton-audit waive -q -l cabinet=a01 -m known --check t/memory
	gives 0 craton-audit waive --list -o jsonl
	[ "$(jq -r '[.id, .item // .labels, .check, .owner, .until, .state] | join(" ")' <<<"$output" | head -1)" = \
		'1 host:dfw/compute-0001 * ada 2026-01-02T06:00:00Z in-force' ]
	export CRATON_NOW=2026-01-02T06:00:00Z
	gives 0 craton-audit waive --list --json --all
	[ "$(jq -r .state <<<"$output" | paste -sd ' ')" = 'expired in-force' ]
	gives 0 craton-audit waive --list -o tsv
	[ "$(grep -c in-force <<<"$output")" -eq 1 ]
	refuses 2 craton-audit waive compute-0001 -m x -o jsonl
	refuses 2 craton-audit waive --list -o names
}

@test "from cron: silent when all is well or nothing is due, findings and 1 when not" {
	fleet 2
	mkdir audits
	export CRATON_AUDITS=$PWD/audits
	memory
	sed 's/512/128/' t.yaml >audits/good.yaml
	for _ in 1 2; do
		gives 0 craton-audit run --due -q -o table ./audits/good.yaml
		[ -z "$output$stderr" ]
	done
	sed 's/^audit: t/audit: u/' t.yaml >audits/bad.yaml
	gives 1 craton-audit run --due -q -o table ./audits/bad.yaml
	[ "${#lines[@]}" -eq 2 ]
	[ -z "$stderr" ]
}

@test "the unit runs what this program has" {
	line=$(sed -n 's/^ExecStart=[^ ]*bin\/craton-audit run//p' "$ROOT/share/systemd/craton-audit.service")
	[ -n "$line" ]
	fleet 1
	# shellcheck disable=SC2086 # words
	CRATON_AUDITS=$PWD/none XDG_CONFIG_HOME=$PWD/none run craton-audit run $line
	[ "$status" -le 1 ]
}
