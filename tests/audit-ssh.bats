#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Probes over real ssh.
# shellcheck disable=SC2016,SC2154 # texts for shells elsewhere; bats sets stderr
load helper
load sshd

hosts() {
	printf '{"kind":"host","name":"%s"}\n' "$@" | craton-inv import -q --source t
}

# Probes on stdin; each variable is expected to be "good".
probes() {
	{
		printf 'audit: t\ntitle: A test\nselect: kind=host\ncoverage: 0%%\ngather:\n'
		tee gather
		echo 'checks:'
		sed -n 's/.*into: \([a-z]*\).*/  - {id: \1, severity: low, expect: "\1 = '"'good'"'"}/p' gather
	} >t.yaml
}

# finding ITEM CHECK: its record in $output.
finding() {
	jq -c --arg i "host:$1" --arg c "t/$2" 'select(.item == $i and .check == $c)' <<<"$output"
}

@test "several probes of a host share a session, words arrive as they are" {
	hosts one two
	probes <<-'END'
		  - {probe: ssh, run: [echo, good], into: a}
		  - {probe: ssh, run: [printf, '%s|', "it's", '$HOME `id` "x"', '', "{item}"], into: b}
		  - {probe: ssh, run: [sh, -c, 'cat; echo good'], into: c}
		  - {probe: ssh, run: [printf, '\n\ngood\n'], into: d, parse: lines}
	END
	gives 1 craton-audit run ./t.yaml
	[ "$(jq -r 'select(.kind == "audit").counts | "\(.pass) \(.fail) \(.error)"' <<<"$output")" = "4 2 2" ]
	[ "$(finding one b | jq -r .observed.b)" = "it's|\$HOME \`id\` \"x\"||one|" ]
	[ "$(finding two d | jq -c .observed.d)" = '["","","good"]' ]
	[ "$(grep -c 'Accepted publickey' sshd.log)" -le 2 ]
	[ -z "$(sed -n '/items:/!p' <<<"$stderr")" ]
}

@test "a connection is kept for the next run, and no sweep ends it" {
	hosts one
	probes <<-'END'
		  - {probe: ssh, run: [sh, -c, 'echo "${{SSH_CLIENT#* }}"'], into: a}
		  - {probe: ssh, run: [sleep, 60], into: b, timeout: 200ms}
	END
	gives 1 craton-audit run ./t.yaml
	first=$(finding one a | jq -r .observed.a)
	[ "$(finding one b | jq -r .status)" = timeout ]
	[ -n "$(ls "$XDG_RUNTIME_DIR/craton-ssh")" ]
	gives 1 craton-audit run ./t.yaml
	[ "$first" = "$(finding one a | jq -r .observed.a)" ]
}

@test "a remote exit status 255 is an error, ssh's own is unreachable" {
	hosts one silent nowhere
	probes <<-'END'
		  - {probe: ssh, run: [sh, -c, 'echo "no licence" >&2; exit 255'], into: a}
		  - {probe: ssh, run: [no-such-program], into: b}
		  - {probe: ssh, run: [echo, good], into: c}
	END
	gives 1 craton-audit run ./t.yaml
	[ "$(finding one a | jq -r '.status + " " + .message')" = "error exit status 255: no licence" ]
	[[ $(finding one b | jq -r '.status + " " + .message') == "error exit status 127: "*no-such-program* ]]
	[ -z "$(finding one c)" ]
	[[ $(finding silent c | jq -r '.status + " " + .message') == "unreachable nothing listens there: "* ]]
	[[ $(finding nowhere c | jq -r '.status + " " + .message') == "unreachable no address for it: "* ]]
}

@test "a probe that hangs is ended alone: those after it get another session" {
	hosts one
	probes <<-'END'
		  - {probe: ssh, run: [echo, good], into: a, timeout: 5s}
		  - {probe: ssh, run: [sleep, 60], into: b, timeout: 300ms}
		  - {probe: ssh, run: [echo, good], into: c, timeout: 5s}
		  - {probe: ssh, run: [cat, /dev/zero], into: d, timeout: 300ms}
		  - {probe: ssh, run: [head, -c, 100000, /dev/zero], into: e, timeout: 5s}
		  - {probe: ssh, run: [echo, good], into: f, timeout: 5s}
	END
	gives 1 craton-audit run ./t.yaml
	has '"counts":{"pass":3,"fail":0,"error":1,"unreachable":0,"timeout":2'
	[ "$(finding one b | jq -r .status)" = timeout ]
	[ "$(finding one e | jq -r .message)" = "more output than a probe may print" ]
}

@test "a command whose time limit is passed is ended at the other end, with timeout(1) and without" {
	hosts one
	probes <<-END
		  - {probe: ssh, run: [sh, -c, 'exit 3'], into: b}
		  - {probe: ssh, run: [sh, -c, 'trap "" TERM; echo \$\$ >"\$1"; while :; do sleep 0.2; done', sh, $PWD/pid.a], into: a, timeout: 300ms}
		  - {probe: ssh, run: [printf, '%s', good], into: c}
	END
	sed -i 's/\\\$/$/g' t.yaml
	ended() {
		local tries=0 pid
		pid=$(<pid.a)
		while kill -0 "$pid" 2>/dev/null; do
			[ $((tries++)) -lt 80 ]
			sleep 0.1
		done
	}
	gives 1 craton-audit run ./t.yaml
	has '"counts":{"pass":1,"fail":0,"error":1,"unreachable":0,"timeout":1'
	ended
	mkdir few
	ln -s /bin/sh /bin/sleep /usr/bin/printf few/
	echo "PATH=$PWD/few" >startup
	rm pid.a
	gives 1 craton-audit run ./t.yaml
	has '"counts":{"pass":1,"fail":0,"error":1,"unreachable":0,"timeout":1'
	[ "$(finding one b | jq -r .message)" = "exit status 3" ]
	ended
}

@test "a host key that has changed is named so, and so is one that is not known" {
	hosts one
	probes <<<'  - {probe: ssh, run: [touch, ran], into: a}'
	know userkey
	echo '  StrictHostKeyChecking no' >>ssh_config
	gives 1 craton-audit run ./t.yaml
	[[ $(finding one a | jq -r '.status + " " + .message') == "unreachable its host key has changed: "* ]]
	: >known_hosts
	gives 1 craton-audit run ./t.yaml
	[[ $(finding one a | jq -r '.status + " " + .message') == "unreachable its host key is not known: "* ]]
	[ ! -e ran ]
	[ ! -s known_hosts ]
}

@test "who is not let in is told so" {
	hosts one
	probes <<<'  - {probe: ssh, run: [touch, ran], into: a}'
	ssh-keygen -q -t ed25519 -N '' -f other
	sed -i 's/userkey/other/' ssh_config
	gives 1 craton-audit run ./t.yaml
	[[ $(finding one a | jq -r '.status + " " + .message') == "unreachable it does not let us in: "*"Permission denied"* ]]
}

@test "a start-up file that is slow or prints is named, and spoils no value" {
	hosts one
	probes <<<'  - {probe: ssh, run: [echo, good], into: a}'
	echo 'echo Welcome; echo hello >&2; sleep 1.1' >startup
	gives 0 craton-audit run ./t.yaml
	says 't: a shell start-up file that is slow: one (1.'
	says 't: a shell start-up file that prints: one (8 bytes)'
}

@test "a start-up file that never ends is told from a probe that does not" {
	hosts one
	probes <<<'  - {probe: ssh, run: [echo, good], into: a, timeout: 1s, with: {connect: 1s}}'
	echo 'sleep 60' >startup
	gives 1 craton-audit run ./t.yaml
	[ "$(finding one a | jq -r '.status + " " + .message')" = \
		"timeout logged in, but no shell answered in time: see its start-up files" ]
	echo 'exit 7' >startup
	gives 1 craton-audit run ./t.yaml
	[ "$(finding one a | jq -r '.status + " " + .message')" = \
		"error exit status 7, and no POSIX shell answered" ]
}

@test "a host that hangs once it has taken the connection keeps nobody waiting" {
	hosts one
	probes <<<'  - {probe: ssh, run: [echo, good], into: a, timeout: 1s}'
	kill -STOP "$(<sshd.pid)"
	SECONDS=0
	gives 1 craton-audit run ./t.yaml
	kill -CONT "$(<sshd.pid)"
	[ "$SECONDS" -lt 6 ]
	[[ $(finding one a | jq -r '.status + " " + .message') == "unreachable it took the connection and did not answer: "* ]]
}

@test "sshd ended in mid-probe: unreachable, the connection was lost" {
	hosts one
	echo 'echo $PPID >session' >startup
	probes <<-'END'
		  - {probe: ssh, run: [echo, good], into: a}
		  - {probe: ssh, run: [sh, -c, 'kill $(cat sshd.pid); kill -KILL $(cat session); sleep 5'], into: b}
		  - {probe: ssh, run: [echo, good], into: c}
	END
	sed -i "s|cat |cat $PWD/|g" t.yaml
	gives 1 craton-audit run ./t.yaml
	[ -z "$(finding one a)" ]
	[[ $(finding one b | jq -r '.status + " " + .message') == "unreachable the connection was lost"* ]]
	[[ $(finding one c | jq -r '.status + " " + .message') == "unreachable nothing listens there: "* ]]
}
