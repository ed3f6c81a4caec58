#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The memory of what a workflow has come to: fixed, not fixed, worse, failed.
load helper
load runs

# Hosts that are wrong: one and three are mended, four not, five cannot be judged afterwards, six
# fails in the step; two was right before.
prove_all() {
	cat >w.yaml <<-'END'
		workflow: w
		batch: {canary: 0, in_flight: 1, max_fail: 100%}
		proof: [sh, -c, 'case $0 in
		    *2) exit 0 ;;
		    *4) exit 1 ;;
		    *5) test ! -e touched-$0 && exit 1; exit 255 ;;
		    esac; test -e touched-$0', '{item}']
		steps: {touch: {run: [sh, -c, 'case $0 in *6) exit 3; esac; : >touched-$0', '{item}']}}
	END
	craton-remediate plan -q w.yaml -w 'compute-[0001-0006]' >w.plan
	run_it 1
}

@test "each item that was wrong is remembered as fixed, not fixed, worse or failed" {
	prove_all
	[ "$(sql 'SELECT name, coalesce(outcome, state) FROM run_item' | paste -sd ' ')" = \
		'compute-0001|fixed compute-0002|skipped compute-0003|fixed compute-0004|not-fixed compute-0005|worse compute-0006|failed' ]
	[ "$(jq -r 'select(.outcome) | .outcome' events | sort | uniq -c | awk '{ print $2 "=" $1 }' | paste -sd ' ')" = \
		'failed=1 fixed=2 not-fixed=1 worse=1' ]
}

@test "status and plan say how well a workflow works" {
	prove_all
	gives 0 craton-remediate status
	has 'remedy    2 of 5 items fixed in 90 days (40.0 %), 1 not fixed, 1 worse, 1 failed'
	[ "$(craton-remediate status -o jsonl | jq -c .remedy)" = \
		'{"days":90,"items":5,"fixed":2,"not-fixed":1,"worse":1,"failed":1}' ]
	gives 0 craton-remediate plan w.yaml compute-0007
	says 'w so far: 2 of 5 items fixed in 90 days (40.0 %), 1 not fixed, 1 worse, 1 failed'
}

@test "of what is not proved, and of what was long ago, nothing is said" {
	workflow 'canary: 0' "one: {action: none}"
	run_it 0
	[ "$(sql 'SELECT count(outcome) FROM run_item')" -eq 0 ]
	gives 0 craton-remediate status
	[[ $output != *remedy* ]]
	gives 0 craton-remediate status -o jsonl
	[[ $output != *remedy* ]]
	prove_all
	sql 'UPDATE run SET created = created - 91 * 86400000'
	gives 0 craton-remediate status 2
	[[ $output != *remedy* ]]
}

@test "an item that is retried is remembered once, as what it came to in the end" {
	prove_all
	craton-remediate kicked retry -q -m 'new disk' compute-0006
	[ "$(sql "SELECT count(outcome) FROM run_item WHERE name = 'compute-0006'")" -eq 0 ]
	gives 1 craton-remediate resume -q
	[ "$(sql "SELECT outcome FROM run_item WHERE name = 'compute-0006'")" = failed ]
	[ "$(craton-remediate status -o jsonl | jq .remedy.items)" -eq 5 ]
}
