#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The shipped audit of what a host itself knows, over real ssh. Filesystems and mounts are this
# machine's; systemd's answers are made up, for a container has none.
# shellcheck disable=SC2016,SC2154 # texts for shells elsewhere; bats sets stderr
load helper
load sshd

# systemd FAILED-UNITS SYNCHRONISED: what the host's commands say.
systemd() {
	mkdir -p host
	printf '#!/bin/sh\nprintf "%%s" "%s"\n' "$1" >host/systemctl
	printf '#!/bin/sh\necho "%s"\n' "$2" >host/timedatectl
	chmod +x host/*
	echo "PATH=$PWD/host:\$PATH" >startup
}

# verdict CHECK: the status of the finding of a host, or pass.
verdict() {
	jq -rs --arg c "host-state/$1" '[.[] | select(.item and .check == $c) | .status] | first // "pass"' <<<"$output"
}

@test "host-state tells a host that is well from one that is not" {
	echo '{"kind":"host","name":"one"}' | craton-inv import -q --source t
	systemd '' yes
	gives 0 craton-audit run --exit-zero host-state
	[ "$(verdict units) $(verdict clock) $(verdict read-only)" = "pass pass pass" ]
	systemd 'certbot.service loaded failed failed Certbot' no
	gives 0 craton-audit run --exit-zero host-state
	[ "$(verdict units) $(verdict clock)" = "fail fail" ]
	has 'failed: certbot.service'
}

@test "a filesystem that is full is found by the real df's format, one that is not is none" {
	echo '{"kind":"host","name":"one"}' | craton-inv import -q --source t
	systemd '' yes
	wanted=pass # where df finds no filesystem of this machine's own, it fails, and nothing passes
	if ! df -P -l -x squashfs -x iso9660 -x tmpfs -x devtmpfs >df.txt; then
		wanted=error
	elif awk 'NR > 1 { sub("%", "", $5); if ($5 >= 95) found = 1 } END { exit !found }' df.txt; then
		wanted=fail
	fi
	gives 0 craton-audit run --exit-zero host-state
	[ "$(verdict disk)" = "$wanted" ]
	printf '#!/bin/sh\nexec /bin/df "$@" | sed "2,\\$s/ [0-9]*%%/ 99%%/"\n' >host/df
	chmod +x host/df
	gives 0 craton-audit run --exit-zero host-state
	[ "$(verdict disk) $(verdict inodes)" = "fail fail" ]
}

@test "where the commands are missing or nobody answers, nothing passes" {
	printf '{"kind":"host","name":"%s"}\n' one silent | craton-inv import -q --source t
	systemd '' yes
	printf '#!/bin/sh\nexit 1\n' | tee host/systemctl host/timedatectl host/df >/dev/null
	chmod +x host/*
	gives 0 craton-audit run --exit-zero -w one host-state
	[ "$(verdict units) $(verdict clock) $(verdict disk) $(verdict inodes)" = "error error error error" ]
	gives 0 craton-audit run --exit-zero -w silent host-state
	[ "$(jq -s 'map(select(.status == "unreachable")) | length' <<<"$output")" = 9 ]
}
