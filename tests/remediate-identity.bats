#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Is this the right host: the action identity, here and over a real sshd, and that the policy wants it.
# shellcheck disable=SC2016,SC2154 # texts for shells elsewhere; bats sets output and stderr
load helper
load runs
load sshd

# three: hosts with serial numbers.
three() {
	fleet 3
	for i in 1 2 3; do craton-inv set "compute-000$i" -q "serial=SN$i"; done
}

# flow [IDENTITY]: a workflow that wipes, after an identity with these parameters.
flow() {
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0, max_fail: 100%}' 'steps:' \
		${1:+"  identity: {action: identity, with: $1}"} \
		'  wipe: {run: [sh, -c, "echo $1 >>wiped", x, "{item}"], irreversible: true}' >w.yaml
}

@test "an irreversible step without an identity before it is refused, and named" {
	three
	sed -i '/^identity/d' "$CRATON_DB.policy"
	flow
	refuses 3 craton-remediate plan w.yaml -w compute-0001
	says 'refused: step wipe of workflow w is irreversible, and no step with the action identity comes before it; the policy wants that (identity), by default'
	printf '%s\n' 'workflow: w' 'proof: none' 'steps:' '  wipe: {run: [echo], irreversible: true, needs: []}' \
		'  identity: {action: identity, with: {via: here, run: [echo, x], is: x}, needs: []}' >w.yaml
	refuses 3 craton-remediate plan w.yaml -w compute-0001
	says 'step wipe of workflow w is irreversible'
}

@test "a machine that says what the inventory says of it is gone on with; another is kicked out, untouched" {
	three
	sed -i '/^identity/d' "$CRATON_DB.policy"
	flow '{via: here, run: [sh, -c, "cat $1.serial", x, "{item}"], is: "{var.serial}"}'
	echo SN1 >compute-0001.serial
	echo SN7 >compute-0002.serial
	craton-remediate plan -q w.yaml -w 'compute-[0001-0003]' >p
	gives 1 craton-remediate run p
	[ "$(cat wiped)" = compute-0001 ]
	gives 0 craton-remediate kicked -o jsonl
	has 'it says that it is \"SN7\", and the inventory says \"SN2\"'
	[ "$(sql "SELECT count(*) FROM run_item WHERE state = 'kicked'")" -eq 2 ]
}

@test "an item whose serial number the inventory does not know is in no plan" {
	three
	echo '{"kind":"host","name":"bare","region":"dfw"}' | craton-inv import -q --source two
	flow '{via: here, run: [echo, x], is: "{var.serial}"}'
	gives 0 craton-remediate plan w.yaml -w 'bare,compute-0001'
	says 'left out: '
	[ "$(grep -c plan-item <<<"$output")" -eq 1 ]
}

@test "over ssh the machine itself is asked" {
	three
	echo SN1 >machine # whatever the name, there is one sshd
	flow "{run: [cat, machine], is: \"{var.serial}\"}"
	craton-remediate plan -q w.yaml -w 'compute-[0001-0002]' >p
	gives 1 craton-remediate run p
	[ "$(cat wiped)" = compute-0001 ]
	gives 0 craton-remediate kicked -o jsonl
	has 'it says that it is \"SN1\", and the inventory says \"SN2\"'
}

@test "the action refuses what it cannot compare: nothing to be, no command, another via" {
	three
	for with in '{run: [echo, x], via: here}' '{is: x, via: here}' '{is: x, run: [echo, x], via: there}' \
		'{is: x, run: ["false"], via: here}'; do
		flow "$with"
		craton-remediate plan -q w.yaml -w compute-0001 >p
		gives 1 craton-remediate run -q p
		[ ! -e wiped ]
		craton-remediate kicked drop compute-0001 -q -m tried || :
	done
}
