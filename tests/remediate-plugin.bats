#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The actions that come with craton: local, ssh and ansible.
# shellcheck disable=SC2016,SC2154 # texts for shells elsewhere; bats sets stderr
load helper
load sshd

# act NAME STATUS WITH: the action by itself, on item one.
act() {
	local with=$3
	run --separate-stderr -"$2" bash -c '"$0" host:one' \
		"$BUILD/libexec/craton/plugins/action/$1" <<<"{\"item\":\"one\",\"ref\":\"host:one\",\"with\":$with}"
}

# workflow STEP: w.yaml with that one step.
workflow() {
	printf 'workflow: w\nproof: none\nbatch: {canary: 0}\nsteps:\n  only: %s\n' "$1" >w.yaml
}

@test "each action describes itself" {
	for name in local ssh ansible; do
		gives 0 "$BUILD/libexec/craton/plugins/action/$name" --describe
		jq -e --arg n $name '.name == $n and .purpose and .parameters' <<<"$output"
	done
}

@test "local takes the program's place: its output, its status" {
	act local 3 '{"run":["sh","-c","echo \"$1\"; exit 3","x","a b"]}'
	prints 'a b'
	act local 100 '{}'
	says 'local: with.run: a list of words is wanted'
	act local 100 '{"run":["no-such-program"]}'
	says 'no-such-program: No such file'
}

@test "ssh: the command's status and last object, its words as they are" {
	export CRATON_KEY=k1 CRATON_ATTEMPT=2
	act ssh 0 '{"run":["sh","-c","echo talk; echo \"{\\\"target\\\":\\\"$1 $CRATON_KEY $CRATON_ATTEMPT\\\"}\"","x","it'\''s $HOME"]}'
	prints '{"kind":"result","target":"it'\''s $HOME k1 2"}'
	act ssh 255 '{"run":["sh","-c","echo bad >&2; exit 255"]}'
	prints '{"kind":"result","output":""}'
	says bad
}

@test "ssh: no way to the host is temporary, a lost connection is no known end" {
	act ssh 75 '{"host":"silent","run":["true"]}'
	says 'ssh: nothing listens there: '
	prints ''
	echo 'echo $PPID >session' >startup
	act ssh 129 "{\"run\":[\"sh\",\"-c\",\"kill -KILL \$(cat $PWD/session); sleep 5\"]}"
	says 'ssh: the connection was lost'
	says 'how it got on is not known'
}

@test "ssh told to stop ends its connection's command line, not the kept connection" {
	echo '{"item":"one","ref":"host:one","with":{"run":["sleep","60"]}}' >input
	"$BUILD/libexec/craton/plugins/action/ssh" host:one <input >out 2>err &
	pid=$!
	for _ in {1..100}; do [ -n "$(ls "$XDG_RUNTIME_DIR/craton-ssh" 2>/dev/null)" ] || sleep 0.05; done
	sleep 0.3
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 129 ]
	act ssh 0 '{"run":["echo","good"]}'
}

@test "a workflow's step over ssh: its result is there for later steps" {
	printf '{"kind":"host","name":"one"}\n' | craton-inv import -q --source t
	cat >w.yaml <<-END
		workflow: w
		proof: none
		batch: {canary: 0}
		steps:
		  look: {action: ssh, with: {run: [echo, '{{"at":"{item}"}}']}}
		  note: {action: local, with: {run: [sh, -c, 'echo "\$1" >$PWD/noted', x, "{look.at}"]}}
	END
	craton-remediate plan w.yaml one >p
	gives 0 craton-remediate run p
	[ "$(<noted)" = one ]
}

@test "ansible: the item's result and status; a host that it does not know is no success" {
	local=',"vars":{"ansible_connection":"local"}'
	act ansible 0 '{"module":"command","args":"echo hi"'"$local}"
	jq -e '.kind == "result" and .stdout == "hi"' <<<"$output"
	act ansible 1 '{"module":"command","args":"false"'"$local}"
	act ansible 100 '{"module":"command","args":"true","inventory":"other,"'"$local}"
	says 'Ansible could not play it for one'
	act ansible 75 '{"module":"ping","vars":{"ansible_connection":"ssh","ansible_port":1,"ansible_host":"127.0.0.1"}}'
	says 'Ansible did not reach it: '
	act ansible 100 '{"module":"ping","playbook":"x"}'
}
