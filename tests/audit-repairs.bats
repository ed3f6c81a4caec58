#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2030,SC2031 # tests are subshells
# A finding remembers what was tried to put it right, and how that ended.
load helper

# Two of four hosts want memory. A file FAILS makes the repair fail; NOTHING, do nothing.
prepare() {
	fleet 4
	cat >t.yaml <<-'END'
	audit: t
	title: Memory
	select: kind=host
	checks:
	  - {id: memory, severity: high, expect: ram_gb >= 512, remedy: grow, distrust: 100%}
	examples: {pass: {ram_gb: 512}, fail: {ram_gb: 1}}
	END
	cat >grow.yaml <<-'END'
	workflow: grow
	batch: {canary: 0, max_fail: 100%}
	steps:
	  grow:
	    run: [sh, -c, 'test ! -e FAILS || exit 3; test -e NOTHING || craton-inv set -q "$0" ram_gb=512', "{item}"]
	END
}

# try DAY HOST STATUS: the audit runs, and the repair for one host that it has found wrong.
try() {
	export CRATON_NOW=2026-01-$1T10:00:00Z
	craton-audit run --exit-zero ./t.yaml 2>/dev/null >found
	jq -c --arg host "$2" 'select(.kind == "audit" or (.item | endswith("/" + $host)))' found >chosen
	craton-remediate plan -q ./grow.yaml <chosen >"$1.plan"
	export CRATON_NOW=2026-01-$1T10:30:00Z
	gives "$3" craton-remediate run -q "$1.plan"
}

finding() { # HOST: its record
	craton-audit findings --all -o jsonl "$1" | jq -c 'select(.check == "t/memory")'
}

@test "of what nobody has tried to put right nothing is said" {
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
	[ "$(finding compute-0001 | jq 'has("attempts"), has("repairs")' | paste -sd ' ')" = 'false false' ]
	gives 0 craton-audit findings
	[[ $output != *tried* ]]
	gives 0 craton-audit report -o html
	[[ $output != *'<dt>tried'* ]]
}

@test "each try is told: which workflow, when, how it ended, at which step and why" {
	: >FAILS
	try 03 compute-0001 1
	craton-remediate kicked drop -q -m 'new memory' compute-0001
	rm FAILS
	: >NOTHING
	try 05 compute-0001 1
	gives 0 jq -r '.attempts, (.repairs[] | [.run, .workflow, .started[:10], .state, .outcome, .step, .why] | map(tostring) | join(" "))' <<<"$(finding compute-0001)"
	prints "2
1 grow 2026-01-03 kicked failed grow failed: exit status 3
2 grow 2026-01-05 kicked not-fixed null still wrong after all steps"
	gives 0 craton-audit findings compute-0001
	has '(tried 2 times, last grow on 2026-01-05: not fixed)'
	gives 0 craton-audit findings -o tsv compute-0001
	[[ $output != *tried* ]]
	gives 0 craton-audit report
	has 'tried 2 times, last grow on 2026-01-05: not fixed'
	gives 0 craton-audit report -o html
	has '2026-01-03 10:30</time> <b>grow</b>: failed (grow failed: exit status 3), run 1</li>'
	has '2026-01-05 10:30</time> <b>grow</b>: not fixed (still wrong after all steps), run 2</li>'
}

@test "what was put right is told as gone in the report after, with what put it right" {
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
	try 03 compute-0001 0
	finding compute-0001 | jq -e '.resolution == "pass" and .repairs[0].outcome == "fixed"'
	export CRATON_NOW=2026-01-04T00:00:00Z
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
	gives 0 craton-audit report
	has 'Gone (1)'
	has 'tried grow on 2026-01-03: fixed'
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
	gives 0 craton-audit report --since 2026-01-04
	[[ $output != *'Gone ('* ]]
}

@test "a run that found it right already has tried nothing" {
	craton-audit run --exit-zero ./t.yaml 2>/dev/null >found
	craton-remediate plan -q ./grow.yaml <found >late.plan
	craton-inv set -q compute-0001 compute-0003 ram_gb=1024
	gives 0 craton-remediate run -q late.plan
	finding compute-0001 | jq -e 'has("repairs") | not'
}
