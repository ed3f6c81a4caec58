#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The examples of man/*.1 run as they stand. The mark-up, in the section EXAMPLES: a block of
# ".Bd -literal" holds commands; a line that begins with "$ " begins a command, other lines
# continue it; a comment '.\" exits N' before a command says its exit status if it is not 0.
load helper

# Writes example.1, example.2, ... of a page, each with its status in example.N.status.
extract() {
	rm -f example.*
	awk '
	function finish() {
		if (!command)
			return
		n++
		print command >("example." n)
		print status + 0 >("example." n ".status")
		command = status = ""
	}
	/^\.Sh/ { finish(); within = /^\.Sh EXAMPLES/; next }
	!within { next }
	/^\.Bd -literal/ { block = 1; next }
	/^\.Ed/ { finish(); block = 0; next }
	!block { next }
	/^\.\\" exits / { finish(); status = $3; next }
	{ gsub(/\\e/, "\\"); gsub(/\\&/, "") }
	/^\$ / { keep = status; finish(); status = keep; command = substr($0, 3); next }
	{ command = command "\n" $0 }
	' "$ROOT/man/$1"
}

# Runs the examples of a page one after the other, in the folder and database of this test.
examples_run() {
	local n=1 status wanted
	extract "$1"
	[ -e example.1 ] || { echo "man/$1: no examples"; return 1; }
	for (( ; ; n++)); do
		[ -e "example.$n" ] || break
		wanted=$(cat "example.$n.status") status=0
		bash -o pipefail "example.$n" >"example.$n.out" 2>err </dev/null || status=$?
		if [ "$status" -ne "$wanted" ]; then
			echo "man/$1, example $n: exit status $status, wanted $wanted"
			cat "example.$n" "example.$n.out" err
			return 1
		fi
	done
	echo "# $((n - 1)) examples of man/$1" >&3
}

@test "craton-inv(1)" {
	examples_run craton-inv.1
}

@test "craton-formats(5)" {
	examples_run craton-formats.5
}

@test "craton-ansible-inventory(1)" {
	fleet 4
	examples_run craton-ansible-inventory.1
}

@test "craton-label(1)" {
	fleet 8
	echo '{"kind":"host","name":"compute-0002","vendor":"acme"}' >assets.jsonl
	examples_run craton-label.1
}

# A fleet in which each question of craton-query(7) has an answer.
questions() {
	fleet 8
	{
		echo '{"kind":"region","name":"dfw","cloud":"us","variables":{"ntp":"10.0.0.1"}}'
		for i in 1 2 3; do
			echo '{"kind":"host","name":"compute-000'$i'","variables":{"model":"r740","ram_gb":64,"kernel":"4.'$i'"},"labels":["service=web"]}'
			echo '{"kind":"vm","name":"vm'$i'","key":"'$i'","ip_address":"10.0.0.9","relations":[{"type":"runs-on","to":"host:dfw/compute-0001"}]}'
		done
	} | CRATON_NOW=2026-01-01T00:00:00Z craton-inv import -q --source cmdb
	craton-label add -q canary compute-0001
	cat >memory.yaml <<-'END'
	audit: memory
	title: Hosts have memory
	checks:
	  - id: enough
	    severity: low
	    expect: ram_gb > 256
	examples: {pass: {ram_gb: 512}, fail: {ram_gb: 256}}
	END
	craton-audit run -q ./memory.yaml --kind host >audit.out || [ $? -eq 1 ]
	craton-audit waive -q --check 'memory/*' --until 30d -m 'new ones come' compute-0003
}

@test "craton-query(7): each question is answered" {
	questions
	examples_run craton-query.7
	for ((i = 1; ; i++)); do
		[ -e "example.$i" ] || break
		[ -s "example.$i.out" ] || grep -q craton-label "example.$i" ||
			{ echo "no answer:"; cat "example.$i"; return 1; }
	done
	[ "$i" -gt 12 ]
}

@test "craton-audit(1)" {
	fleet 8
	craton-label add -q cabinet=a12 compute-0001
	cp "$ROOT/share/audits/device-records.yaml" kernel.yaml
	examples_run craton-audit.1
}

# Writes definition.1, definition.2, ... of a page of section 5, from the section EXAMPLES.
definitions() {
	awk '
	/^\.Sh/ { within = /^\.Sh EXAMPLES/; next }
	!within { next }
	/^\.Bd -literal/ { block = 1; n++; next }
	/^\.Ed/ { block = 0; next }
	block { gsub(/\\e/, "\\"); gsub(/\\&/, ""); print >("definition." n ".yaml") }
	' "$ROOT/man/$1"
}

@test "the definitions of craton-audit(5) and craton-workflow(5) are right" {
	definitions craton-audit.5
	[ -e definition.3.yaml ]
	gives 0 craton-audit lint ./definition.*.yaml
	[ -z "$stderr" ]
	rm definition.*
	definitions craton-workflow.5
	mkdir -p plugins/action
	printf '#!/bin/sh\n' >plugins/action/nova-live-migrate
	chmod +x plugins/action/nova-live-migrate
	CRATON_PLUGINS=$PWD/plugins gives 0 craton-remediate lint -q ./definition.*.yaml
	[ -z "$stderr" ]
}

@test "a page that promises the wrong status is found out" {
	mkdir -p man
	printf '%s\n' '.Sh EXAMPLES' '.Bd -literal' '.\" exits 1' '$ true' '.Ed' >man/x.1
	ROOT=$PWD
	run examples_run x.1
	[ "$status" -eq 1 ]
	has 'man/x.1, example 1: exit status 0, wanted 1'
	printf '%s\n' '.Sh EXAMPLES' '.Bd -literal' '$ false |' '    true' '.Ed' >man/x.1
	run examples_run x.1
	[ "$status" -eq 1 ]
}

@test "craton-sim(1)" {
	examples_run craton-sim.1
}
