#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

@test "every shipped workflow passes lint, without a warning" {
	for workflow in "$ROOT"/share/workflows/*.yaml "$ROOT"/share/demo/*-set-*.yaml; do
		gives 0 craton-remediate lint "$workflow"
		[ -z "$stderr" ] || { echo "$stderr"; return 1; }
	done
}

@test "a shipped workflow is found by its name" {
	gives 0 craton-remediate lint reboot
	has 'workflow reboot: Reboot hosts into their newest kernel'
}

@test "a workflow of the user's wins over a shipped one" {
	mkdir -p home/.config/craton/workflows
	echo '{workflow: reboot, title: mine, steps: {a: {run: [x]}}}' \
		>home/.config/craton/workflows/reboot.yaml
	gives 0 craton-remediate lint reboot
	has 'workflow reboot: mine'
}

@test "CRATON_WORKFLOWS comes before all" {
	mkdir w
	echo '{workflow: w, steps: {a: {run: [x]}}}' >w/w.yaml
	CRATON_WORKFLOWS=$PWD/w gives 0 craton-remediate lint w
}

@test "an unknown name gets the near miss" {
	refuses 2 craton-remediate lint rebot
	says 'no workflow "rebot"; did you mean "reboot"?'
}

@test "steps are drawn in the order they run in, with what they need" {
	cat >w.yaml <<-'END'
	workflow: w
	batch: {canary: 2, approve: after-canary, size: [5%, 25%], spread: {cabinet: 1}, max_fail: 2%, wait: 10m}
	steps:
	  last: {run: [put, "{item}"], needs: [first, other], idempotent: true}
	  first: {run: [take, "{item}"], needs: []}
	  other: {run: [ask, "two words", "{first.host}"], needs: [first], else: undo, undo: [tell]}
	proof: [is-fine, "{ref}"]
	finally: {run: [note, "{result}"]}
	END
	gives 0 craton-remediate lint ./w.yaml
	prints "$(cat <<-'END'
	workflow w
	waves    a canary of 2, then a person's approval, then waves of 5%, 25%; 10m
	         between waves
	limits   at most 10 at a time, 1 a cabinet; stops when more than 2% have failed
	steps
	  - proof, before the first step and after the last
	    run      is-fine {ref}
	  1 first
	    once only; 10m a try; else kick
	    run      take {item}
	  2 other
	    after first; once only; 10m a try; else undo
	    run      ask 'two words' {first.host}
	    undo     tell
	  3 last
	    after first, other; idempotent; 10m a try; else kick
	    run      put {item}
	  - finally, whatever came of it
	    run      note {result}
	END
	)"
}

@test "-q says nothing of a workflow that is right" {
	gives 0 craton-remediate lint -q reboot
	prints ''
	[ -z "$stderr" ]
}

@test "several workflows are all looked at, and one that is wrong exits 2" {
	echo '{workflow: w, steps: {a: {run: [x], needs: [a]}}}' >w.yaml
	gives 2 craton-remediate lint ./w.yaml reboot
	says 'craton-remediate: ./w.yaml:1: steps: a cycle: a needs a'
	has 'workflow reboot'
}

@test "a key that would not be honoured is refused with its line" {
	printf 'workflow: w\nlife: 1d\nsteps: {a: {run: [x]}}\n' >w.yaml
	refuses 2 craton-remediate lint ./w.yaml
	says 'w.yaml:2: life: not in this version, so it would limit nothing; take it out'
}

@test "a mistyped key gets its line and the near miss" {
	printf 'workflow: w\nsteps:\n  a: {run: [x], retries: {times: 3}}\n' >w.yaml
	refuses 2 craton-remediate lint ./w.yaml
	says 'w.yaml:3: steps.a.retries: unknown key; did you mean "retry"?'
}

@test "an expression that is none is refused with its line" {
	printf 'workflow: w\nsteps:\n  a: {run: [x], when: "ram_gb >="}\n' >w.yaml
	refuses 2 craton-remediate lint ./w.yaml
	says 'w.yaml:3: steps.a.when'
}

@test "control characters of a file reach no terminal" {
	printf 'workflow: w\ntitle: "a\\eb"\nsteps: {a: {run: [x]}}\n' >w.yaml
	gives 0 craton-remediate lint ./w.yaml
	has 'workflow w: a\x1bb'
}

@test "without a workflow it says what it wants" {
	refuses 2 craton-remediate lint
	says 'WORKFLOW is wanted'
}

@test "a full device is an error" {
	run -2 bash -c 'craton-remediate lint reboot >/dev/full'
}

@test "the manual's workflow passes" {
	mkdir -p plugins/action
	printf '#!/bin/sh\n' >plugins/action/nova-live-migrate
	chmod +x plugins/action/nova-live-migrate
	export CRATON_PLUGINS=$PWD/plugins
	sed -n '/^workflow: upgrade/,/^\.Ed/{/^\.Ed/!p}' "$ROOT/man/craton-workflow.5" >w.yaml
	gives 0 craton-remediate lint ./w.yaml
	has '  4 migrate'
}

@test "arrays, ways back, and what is done once are drawn; as a graph for dot, too" {
	sed -n '/^workflow: wipe/,/^\.Ed/{/^\.Ed/!p}' "$ROOT/man/craton-workflow.5" >w.yaml
	gives 0 craton-remediate lint ./w.yaml
	has '  - before, once a run'
	has '    for each {list.disks}, 2 at once'
	has ', from list on'
	has '4h an item;'
	gives 0 craton-remediate lint -o dot ./w.yaml
	prints "$(printf '%s\n' 'digraph "wipe-disks" {' '  "list" [shape=box];' '  "wipe" [shape=box3d];' \
		'  "list" -> "wipe";' '  "check" [shape=box];' '  "wipe" -> "check";' \
		'  "check" -> "list" [style=dashed, label="retry"];' '}')"
	refuses 2 craton-remediate lint -o png ./w.yaml
}
