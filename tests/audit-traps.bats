#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # bats sets stderr
# Where other tools say yes, run on everything, or stay silent: none of it here.
load helper

prepare() {
	cat >t.yaml <<-'END'
	audit: t
	title: A test
	select: kind=host
	gather: [{probe: local, run: [sh, -c, 'echo x >>ran; exit 3'], into: v}]
	checks: [{id: v, severity: high, expect: "v = ''", remedy: fix}]
	examples: {pass: {v: ''}, fail: {v: a}}
	END
	printf 'workflow: fix\nproof: none\nsteps: {a: {run: [touch, acted]}}\n' >fix.yaml
}

@test "an empty list of hosts: nothing runs, and acting on it is an error" {
	fleet 4
	refuses 2 craton-audit run -q ./t.yaml -w ''
	says 'a name is empty'
	[ ! -e ran ]
	run --separate-stderr -2 bash -c 'craton-remediate plan ./fix.yaml - </dev/null'
	[ -z "$output" ]
	: >none
	refuses 2 craton-remediate plan ./fix.yaml - <none
}

@test "a mistyped group to act on is an error, to read by a warning with the near miss" {
	fleet 4
	gives 0 craton-audit run ./t.yaml -l 'cabnet=a01'
	says 'did you mean "cabinet"?'
	[ ! -e ran ]
	refuses 2 craton-remediate plan ./fix.yaml -l 'cabnet=a01'
	says 'cabnet'
	refuses 2 craton-audit waive -l 'cabnet=a01' -m x
}

@test "a mistyped group in an exclusion never means everything" {
	fleet 4
	refuses 2 craton-remediate plan ./fix.yaml -l 'compute,!canray'
	says 'canray'
	refuses 2 craton-remediate plan ./fix.yaml -l compute -x compute-00O1
	says 'compute-00O1'
	gives 1 craton-audit run ./t.yaml -l compute -x compute-00O1
	says 'compute-00O1'
}

@test "every host fails: that is no success" {
	fleet 4
	gives 1 craton-audit run ./t.yaml
	has '"pass":0,"fail":0,"error":'
	says 't: 4 items:'
}

@test "two of the first three out of reach: no second batch" {
	fleet 6
	cat >reach.yaml <<-'END'
	workflow: reach
	proof: none
	batch: {canary: 0, size: 3, max_fail: 0, in_flight: 3}
	steps: {a: {run: [sh, -c, 'echo "$1" >>acted; case $1 in *1|*2) exit 255; esac', x, "{item}"]}}
	END
	craton-remediate plan -q ./reach.yaml --kind host >p
	run craton-remediate run -q p
	[ "$status" -eq 3 ]
	[ "$(sort acted | paste -sd ' ')" = 'compute-0001 compute-0002 compute-0003' ]
}

@test "a dry run says what it would run, and what it cannot tell" {
	fleet 1
	craton-remediate plan -q ./fix.yaml compute-0001 >p
	gives 0 craton-remediate run -n -o jsonl p
	has 'would'
	[ ! -e acted ]
}
