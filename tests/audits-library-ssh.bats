#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The shipped audit of sshd's settings, as the real sshd says them of made-up configurations.
# shellcheck disable=SC2016,SC2154 # texts for shells elsewhere; bats sets stderr
load helper
load sshd

# audited: the checks of one host that are not pass, with their status; its settings on stdin.
audited() {
	{ echo "HostKey $PWD/hostkey"; cat; } >host_config
	mkdir -p host
	printf '#!/bin/sh\nexec /usr/sbin/sshd -f %s/host_config "$@"\n' "$PWD" >host/sshd
	chmod +x host/sshd
	echo "PATH=$PWD/host:\$PATH" >startup
	echo '{"kind":"host","name":"one"}' | craton-inv import -q --source t
	craton-audit run -q --exit-zero ssh-server |
		jq -r 'select(.kind == "finding" and .item) | "\(.check | sub("ssh-server/"; "")) \(.status)"' | sort
}

@test "an sshd that asks for keys and offers its defaults passes" {
	run -0 audited <<-'END'
		PasswordAuthentication no
		PermitRootLogin prohibit-password
	END
	prints ''
}

@test "each weak setting of an sshd is a finding of its own" {
	run -0 audited <<-'END'
		PasswordAuthentication yes
		PermitEmptyPasswords yes
		PermitRootLogin yes
		Ciphers +aes256-cbc
		KexAlgorithms +diffie-hellman-group14-sha1
	END
	prints "$(printf '%s fail\n' ciphers empty-passwords key-exchange passwords root-password)"
}

@test "an sshd that cannot say its settings passes nothing" {
	run -0 audited <<<'NoSuchSetting yes'
	prints "$(printf '%s error\n' ciphers empty-passwords key-exchange passwords root-password)"
}
