#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Probes by real Ansible, local connections.
# shellcheck disable=SC2154 # bats sets stderr
load helper

LOCAL='vars: {ansible_connection: local}'

hosts() {
	printf '{"kind":"host","name":"%s","ip_address":"127.0.0.1"}\n' "$@" | craton-inv import -q --source t
}

# audit WITH EXPECT: t.yaml with one probe into p.
audit() {
	cat >t.yaml <<-END
		audit: t
		title: A test
		select: kind=host
		gather: [{probe: ansible, into: p, with: {$1}}]
		checks: [{id: p, severity: low, expect: "$2"}]
	END
}

finding() {
	jq -r --arg i "host:$1" 'select(.item == $i) | .status + ": " + (.message // (.observed | tostring))' <<<"$output"
}

@test "a module runs on all items in one go; its result is the value" {
	hosts one two
	audit "module: command, args: 'test -e $PWD/{{{{ inventory_hostname }}}}.there', $LOCAL" "p.rc = 0"
	touch one.there
	gives 1 craton-audit run ./t.yaml
	[ -z "$(finding one)" ]
	[[ $(finding two) == "error: the module failed: non-zero return code"* ]]
	[ "$(compgen -G '/tmp/craton-ansible.*')" = '' ]
	[ ! -e "$ROOT/share/ansible/__pycache__" ]
}

@test "a play is a probe as it is: what it would change, what fails; who is absent is no success" {
	hosts one two three
	cat >play.yml <<-END
		- hosts: all
		  gather_facts: false
		  connection: local
		  tasks:
		    - name: the file is there
		      ansible.builtin.file: {path: "$PWD/{{ inventory_hostname }}", state: touch}
		      when: inventory_hostname == 'one'
		    - name: it is not two
		      ansible.builtin.assert: {that: "inventory_hostname != 'two'", fail_msg: "it is"}
	END
	audit "playbook: play.yml, check: true, inventory: 'one,two,other'" "p.changed + p.failed = 0"
	mkdir elsewhere
	cd elsewhere
	gives 1 craton-audit run ../t.yaml
	[ "$(finding one)" = 'fail: {"p.changed":1,"p.failed":0}' ]
	[ "$(finding two)" = 'fail: {"p.changed":0,"p.failed":1}' ]
	[ "$(finding three)" = "error: Ansible says nothing of it: in no play, or not in its inventory" ]
	[ ! -e ../one ]
	gives 0 craton-inv get two p
	[ "$(jq -c '[.failures, .changes]' <<<"$output")" = '[[{"msg":"it is","task":"it is not two"}],[]]' ]
	gives 0 craton-inv get one p
	[ "$(jq -c '.changes' <<<"$output")" = '["the file is there"]' ]
}

@test "a host out of reach, a play that cannot be read, one that takes too long: each by name" {
	hosts one
	audit 'module: ping, host: "{ip_address}", vars: {ansible_port: 1, ansible_connection: ssh}' "p.ping = 'pong'"
	gives 1 craton-audit run ./t.yaml
	[[ $(finding one) == "unreachable: Ansible did not reach it: "*"Connection refused"* ]]
	echo '- nonsense' >play.yml
	audit "playbook: play.yml" "p.failed = 0"
	gives 1 craton-audit run ./t.yaml
	[[ $(finding one) == "error: exit status 4: ERROR! "*play* ]]
	audit "module: command, args: sleep 20, $LOCAL" "p.rc = 0"
	gives 1 craton-audit run -t 2s ./t.yaml
	[ "$(finding one)" = "timeout: timed out" ]
}

@test "parameters that do not fit are refused where they are written" {
	hosts one
	audit "module: ping, playbook: x.yml" "p.rc = 0"
	refuses 2 craton-audit run ./t.yaml
	says 't.yaml:4: gather[0].with: either module or playbook is wanted'
	audit 'module: command, args: "echo {item}"' "p.rc = 0"
	refuses 2 craton-audit run ./t.yaml
	says 'gather[0].with.args: only host may hold values of an item'
	audit "modul: ping" "p.rc = 0"
	refuses 2 craton-audit run ./t.yaml
	says 'did you mean "module"?'
}
