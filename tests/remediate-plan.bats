#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

prepare() {
	cat >w.yaml <<-'END'
	workflow: repair
	batch: {canary: 1, size: 3, spread: {cabinet: 1}, max_fail: 25%}
	steps: {fix: {run: [fix, "{item}", "{var.ram_gb}"]}}
	END
}

# A finding for host N, as an audit prints it, and as it stands in the file.
finding() {
	printf '{"kind":"finding","check":"t/memory","item":"host:dfw/compute-%04d",' "$1"
	printf '"status":"%s","remedy":"%s","run":1}\n' "${2:-fail}" "${3:-repair}"
}

closing() {
	echo '{"kind":"audit","run":1,"complete":true,"scope":8}'
}

# The run of the audit that the stream speaks of, as it is in the file.
ran() {
	sqlite3 "$CRATON_DB" "
	INSERT OR IGNORE INTO audit_run (id, project, audit, definition, narrowed, started, actor, complete)
		SELECT 1, id, 't', '', 0, 1767323045000, 'ada', 1 FROM item WHERE kind = 'project'"
}

# stands N STATUS: the finding is in the file.
stands() {
	ran
	sqlite3 "$CRATON_DB" "
	INSERT INTO finding (project, item, audit, name, status, severity, remedy, first_seen, last_seen, run)
		SELECT project, id, 't', 't/memory', '${2:-fail}', 'high', 'repair', 1, 1, 1
		FROM item WHERE name = printf('compute-%04d', $1)"
}

items() { # of the plan in $output
	printf '%s\n' "$output" | jq -r 'select(.kind == "plan-item").name' | paste -sd ' '
}

@test "a plan has a head with the workflow, then a line an item" {
	fleet 8
	gives 0 craton-remediate plan ./w.yaml --kind host -m 'more memory'
	says '8 items, 4 waves, canary first'
	printf '%s\n' "$output" >p
	[ "$(head -1 p | jq -c '[.kind,.items,.reason,.made,.life,.workflow.workflow]')" = \
		'["plan",8,"more memory","2026-01-02T03:04:05Z","1d","repair"]' ]
	[ "$(head -1 p | jq -c .limits)" = \
		'{"items":8,"canary":1,"waves":3,"in_flight":10,"together":1000000,"max_fail":2,"strict":false}' ]
	[ "$(sed -n 2p p | jq -c '[.ref,.wave,.spread,.uses.variables]')" = \
		'["host:dfw/compute-0001",0,{"cabinet":"a01"},{"ram_gb":256}]' ]
}

@test "the same plan is made twice" {
	fleet 4
	same 'craton-remediate plan -q ./w.yaml --kind host' 'craton-remediate plan -q ./w.yaml --kind host'
}

@test "names choose items" {
	fleet 8
	gives 0 craton-remediate plan ./w.yaml compute-0003 host:dfw/compute-0001
	[[ $(items) == *compute-0003* && $(items) == *compute-0001* ]]
}

@test "names are read from a pipe" {
	fleet 8
	run -0 bash -o pipefail -c \
		'printf "compute-0002\nhost:dfw/compute-0005\n" | craton-remediate plan -q ./w.yaml'
	[ "$(items)" = 'compute-0002 compute-0005' ]
}

@test "records are read from a pipe" {
	fleet 8
	run -0 bash -o pipefail -c 'craton-inv list -o jsonl | grep host: | craton-remediate plan -q ./w.yaml -'
	[ "$(items | wc -w)" -eq 8 ]
}

@test "findings that fail and have this remedy are planned, the others counted" {
	fleet 8
	stands 1; stands 2; stands 3 error
	{ finding 1; finding 2; finding 3 error; finding 4 fail other; finding 5 unreachable; closing; } >s
	run --separate-stderr -0 bash -c 'craton-remediate plan ./w.yaml <s'
	[ "$(items)" = 'compute-0001 compute-0002' ]
	says 'left out: error 1, other remedy 1, unreachable 1'
	[ "$(printf '%s\n' "$output" | head -1 | jq -c .audit.scope)" = 8 ]
}

@test "a finding that stands no more is left out" {
	fleet 8
	stands 1; stands 2; stands 4 stale
	sqlite3 "$CRATON_DB" "UPDATE finding SET resolved = 2, resolution = 'pass' WHERE item =
		(SELECT id FROM item WHERE name = 'compute-0002')"
	{ finding 1; finding 2; finding 3; finding 4; closing; } >s
	run --separate-stderr -0 bash -c 'craton-remediate plan ./w.yaml <s'
	[ "$(items)" = 'compute-0001' ]
	says 'left out: finding unknown 1, resolved since 1, stale 1'
}

@test "a real audit's findings become a plan" {
	fleet 8
	cat >t.yaml <<-'END'
	audit: t
	title: T
	checks:
	  - {id: memory, severity: high, expect: ram_gb >= 512, when: "item.kind = 'host'", remedy: repair}
	examples: {pass: {ram_gb: 512}, fail: {ram_gb: 1}}
	END
	run --separate-stderr -0 bash -c 'craton-audit run ./t.yaml | craton-remediate plan ./w.yaml'
	[ "$(items)" = 'compute-0001 compute-0003 compute-0005 compute-0007' ]
	[ "$(printf '%s\n' "$output" | sed -n 2p | jq -r '.check')" = t/memory ]
}

# audit EXAMPLES: one that finds the hosts of 256 GB, and runs; its stream is s.
audit() {
	cat >t.yaml <<-END
	audit: t
	title: T
	select: kind=host
	checks:
	  - {id: memory, severity: high, expect: ram_gb >= 512, remedy: repair}
	$1
	END
	gives 1 craton-audit run ./t.yaml
	printf '%s\n' "$output" >s
}

@test "a check without an example of pass and one of fail drives no repair" {
	fleet 4
	for examples in '' 'examples: {fail: {ram_gb: 1}}' 'examples: {pass: {ram_gb: 512}}'; do
		audit "$examples"
		says 't/memory: has no example of pass and of fail: no repair is planned on its word'
		refuses 3 craton-remediate plan ./w.yaml <s
		says 'refused: check t/memory has no examples that show it can tell pass from fail'
	done
	audit 'examples: {pass: {ram_gb: 512}, fail: {ram_gb: 1}}'
	gives 0 craton-remediate plan -q ./w.yaml <s
}

@test "a check that fails its own examples drives no repair, though they are mended later" {
	fleet 4
	audit 'examples: {pass: {ram_gb: 1}, fail: {ram_gb: 512}}'
	says 't/memory: fails its own examples'
	sed -i 's/pass:/none:/; s/fail:/pass:/; s/none:/fail:/' t.yaml
	gives 0 craton-audit lint -q ./t.yaml
	refuses 3 craton-remediate plan ./w.yaml <s
	says 'refused: check t/memory'
}

@test "an audit that the file knows nothing of, or not the end of, is refused" {
	fleet 2
	{ finding 1; closing; } >s
	refuses 3 craton-remediate plan ./w.yaml <s
	says 'refused: audit run 1 is none of project default in'
	stands 1
	sqlite3 "$CRATON_DB" 'UPDATE audit_run SET complete = 0'
	refuses 3 craton-remediate plan ./w.yaml <s
	says 'refused: audit run 1 did not end'
}

@test "an audit of another project is refused, though all names are the same" {
	for p in alpha beta; do
		CRATON_PROJECT=$p fleet 4
	done
	CRATON_PROJECT=beta audit 'examples: {pass: {ram_gb: 512}, fail: {ram_gb: 1}}'
	refuses 3 craton-remediate plan --project alpha ./w.yaml <s
	says 'refused: audit run 1 is none of project alpha in'
	gives 0 craton-remediate plan -q --project beta ./w.yaml <s
}

@test "the remedy is the one in the file, whatever the stream says" {
	fleet 2
	stands 1
	sqlite3 "$CRATON_DB" "UPDATE finding SET remedy = 'other'"
	{ finding 1; closing; } >s
	gives 0 craton-remediate plan ./w.yaml <s
	says 'left out: other remedy 1'
}

@test "an audit that was killed is no short plan" {
	fleet 2
	finding 1 >s
	run --separate-stderr -3 bash -c 'craton-remediate plan ./w.yaml <s'
	[ -z "$output" ]
	says "findings without the audit's closing record: it was cut short"
}

@test "a healthy fleet gives an empty plan, silently" {
	fleet 2
	ran
	closing >s
	run --separate-stderr -0 bash -c 'craton-remediate plan ./w.yaml <s'
	[ -z "$stderr" ]
	[ "$(printf '%s\n' "$output" | jq -c '[.kind,.items]')" = '["plan",0]' ]
}

@test "an empty stream is an error" {
	fleet 2
	run --separate-stderr -2 bash -c 'craton-remediate plan ./w.yaml </dev/null'
	says 'stdin: no findings and no items'
}

@test "a bad line is skipped, named, and exits 1" {
	fleet 4
	printf '{"kind":"host","name":"compute-0001"}\n{oops\ncompute-0002\n' >s
	run --separate-stderr -1 bash -c 'craton-remediate plan ./w.yaml <s'
	says 'craton-remediate: stdin:2: '
	[ "$(items)" = 'compute-0001 compute-0002' ]
}

@test "an unknown name is an error with its line, and there is no plan" {
	fleet 4
	printf 'compute-0001\ncompute-9\n' >s
	run --separate-stderr -2 bash -c 'craton-remediate plan ./w.yaml <s'
	[ -z "$output" ]
	says 'stdin:2: '
}

@test "inactive, protected and kicked items are left out by reason" {
	fleet 8
	printf '%s\n' '{"kind":"host","name":"compute-0001","region":"dfw","active":false}' \
		'{"kind":"host","name":"compute-0002","region":"dfw","labels":["craton/protect"]}' |
		craton-inv import -q --source flags
	kick 3
	printf 'compute-000%d\n' 1 2 3 4 >s
	run --separate-stderr -0 bash -c 'craton-remediate plan ./w.yaml <s'
	[ "$(items)" = 'compute-0004' ]
	says 'left out: inactive 1, kicked out 1, protected 1'
}

kick() {
	sqlite3 "$CRATON_DB" "
	INSERT INTO run (id, project, plan, workflow, definition, limits, state, items, actor, created)
		SELECT 1, id, 'x', 'repair', '{}', '{}', 'done-with-kicked', 1, 'ada', 1 FROM item WHERE kind = 'project';
	INSERT INTO run_item (run, pos, item, ref, name, wave, state)
		SELECT 1, 0, id, 'host:dfw/' || name, name, 0, 'kicked' FROM item WHERE name = 'compute-000$1';
	INSERT INTO kicked (run, pos, item, step, reason, at) SELECT run, pos, item, 'fix', 'failed', 1 FROM run_item"
}

@test "an item given twice is planned once" {
	fleet 4
	printf 'compute-0001\nhost:dfw/compute-0001\n' >s
	run --separate-stderr -0 bash -c 'craton-remediate plan ./w.yaml <s'
	[ "$(items)" = 'compute-0001' ]
	says 'left out: given twice 1'
}

@test "an item without a value that a step names is left out" {
	fleet 4
	echo '{"kind":"host","name":"bare","region":"dfw","labels":["cabinet=a09"]}' |
		craton-inv import -q --source other
	printf 'compute-0001\nbare\n' >s
	run --separate-stderr -0 bash -c 'craton-remediate plan ./w.yaml <s'
	[ "$(items)" = 'compute-0001' ]
	says 'left out: no variable ram_gb 1'
}

@test "an item with two values of a spread label is an error of the plan" {
	fleet 4
	echo '{"kind":"host","name":"compute-0002","region":"dfw","labels":["cabinet=a99"]}' |
		craton-inv import -q --source other
	refuses 2 craton-remediate plan ./w.yaml --kind host
	says 'host:dfw/compute-0002 has more than one value of label cabinet'
}

@test "an item without a spread label is an error, unless missing: own" {
	fleet 4
	echo '{"kind":"host","name":"bare","region":"dfw","variables":{"ram_gb":1}}' |
		craton-inv import -q --source other
	refuses 2 craton-remediate plan ./w.yaml bare
	says 'host:dfw/bare has no label cabinet, which the batch spreads over'
	sed -i 's/max_fail/missing: own, max_fail/' w.yaml
	gives 0 craton-remediate plan ./w.yaml bare
	[ "$(printf '%s\n' "$output" | sed -n 2p | jq -c .spread)" = '{}' ]
}

@test "what was named and all left out is an error" {
	fleet 4
	kick 3
	refuses 2 craton-remediate plan ./w.yaml compute-0003
	says 'nothing to plan: kicked out 1'
}

@test "nothing chosen is nothing, never all" {
	fleet 4
	run -2 script -qec 'craton-remediate plan ./w.yaml' /dev/null
	has 'for which items?'
}

@test "a workflow on stdin is refused: the plan is void when its file changes" {
	fleet 1
	refuses 2 craton-remediate plan - compute-0001
	says 'the workflow has to be a file'
}

@test "a name with quotes and spaces stays one argument" {
	fleet 1
	echo '{"kind":"host","name":"db 1; $(x)","region":"dfw","labels":["cabinet=q"],"variables":{"ram_gb":1}}' |
		craton-inv import -q --source other
	craton-remediate plan -q ./w.yaml 'db 1; $(x)' >p
	gives 0 craton-remediate plan --show p
	has "run      fix 'db 1; \$(x)' 1"
}

@test "a plan is shown for people, within 80 columns" {
	fleet 40
	craton-remediate plan -q ./w.yaml --kind host >p
	gives 0 craton-remediate plan --show p
	has 'limits   at most 10 at a time, 1 a cabinet; stops when more than 10 of 40 have'
	has '  canary     1  compute-0001'
	has '  1          3  compute-[0002-0004]'
	has 'steps    as on host:dfw/compute-0001'
	has '    run      fix compute-0001 256'
	[ "$(printf '%s\n' "$output" | wc -L)" -le 80 ]
	run -0 bash -c 'craton-remediate plan --show - <p'
}

@test "what is no plan is not shown" {
	: >p
	refuses 2 craton-remediate plan --show p
	says 'p: empty; even a plan of no items has a head'
	echo '{"kind":"host"}' >p
	refuses 2 craton-remediate plan --show p
	says 'p:1: no plan: it has no head'
}

@test "a plan that was edited is void" {
	fleet 4
	craton-remediate plan -q ./w.yaml --kind host >p
	sed '3d' p >q
	refuses 3 craton-remediate plan --show q
	says 'q: plan void: 3 items, and its head says 4'
	sed 's/compute-0003/compute-0009/' p >q
	refuses 3 craton-remediate plan --show q
	says 'q: plan void: its items were changed after it was made'
}

@test "a full device is an error" {
	fleet 1
	run -2 bash -c 'craton-remediate plan -q ./w.yaml --kind host >/dev/full'
}

@test "without a database there is no plan" {
	CRATON_DB=$PWD/none.db refuses 2 craton-remediate plan ./w.yaml --kind host
}

@test "plan --from makes an older plan anew without those that are spared, and --diff shows what is different" {
	fleet 8
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0, size: [2]}' 'steps: {one: {run: [echo, "{var.ram_gb}"]}}' >w.yaml
	craton-remediate plan -q w.yaml -l compute --where 'ram_gb > 0' >old
	gives 0 craton-remediate plan --from old -x compute-0002
	printf '%s\n' "$output" >new
	says 'left out: taken out by -x 1'
	same 'head -1 old | jq -c .selection' 'head -1 new | jq -c .selection'
	[ "$(grep -c plan-item new)" -eq $(($(grep -c plan-item old) - 1)) ]
	gives 1 craton-remediate plan --diff old new
	has '- host:dfw/compute-0002'
	has '~ limits.items 7, was 8'
	has '~ host:dfw/compute-0003 wave 1, was 2'
	craton-inv set compute-0001 -q ram_gb=999
	CRATON_NOW=2026-01-02T03:04:06Z craton-remediate plan -q --from old >new
	gives 1 craton-remediate plan --diff old new
	prints '~ host:dfw/compute-0001 variable ram_gb: 999, was 256'
	gives 0 craton-remediate plan --diff old old
	prints ''
}

@test "plan --from keeps findings with their checks, and the order of items" {
	fleet 8
	printf '%s\n' 'workflow: w' 'proof: none' 'steps: {one: {run: [echo]}}' >w.yaml
	printf '%s\n' '{"kind":"item","ref":"host:dfw/compute-0001","after":["host:dfw/compute-0003"]}' \
		'{"kind":"item","ref":"host:dfw/compute-0003"}' >wanted
	craton-remediate plan -q ./w.yaml - <wanted >old
	craton-remediate plan -q --from old >new
	same "tail -n +2 old" "tail -n +2 new"
}

@test "plan --from and --diff: who is not in the plan, what is no plan, what else is asked for" {
	fleet 8
	printf '%s\n' 'workflow: w' 'proof: none' 'steps: {one: {run: [echo]}}' >w.yaml
	craton-remediate plan -q w.yaml -w 'compute-[0001-0002]' >old
	refuses 2 craton-remediate plan --from old -x compute-0009
	says '-x: compute-0009 is not in the plan'
	refuses 2 craton-remediate plan --from old -l compute
	refuses 2 craton-remediate plan --from nowhere
	refuses 2 craton-remediate plan --diff old
	refuses 2 craton-remediate plan --diff old w.yaml
	gives 2 craton-remediate plan --from old -x 'compute-[0001-0002]'
	says 'nothing to plan: taken out by -x 2'
}
