# SPDX-License-Identifier: Apache-2.0
# For tests over real ssh: one sshd on loopback, with keys and a configuration of its own, and
# an ssh that knows it. Source it after helper; ssh goes to it by any name, but for "silent",
# where nothing listens, and "nowhere", which has no address.
# shellcheck shell=bash disable=SC2016 # texts for shells elsewhere

prepare() {
	XDG_RUNTIME_DIR=$(mktemp -d /tmp/craton.XXXXXX)
	export XDG_RUNTIME_DIR
	ssh-keygen -q -t ed25519 -N '' -f hostkey
	ssh-keygen -q -t ed25519 -N '' -f userkey
	cat >login <<-'END'
		#!/bin/sh
		[ ! -e startup ] || . ./startup
		exec sh -c "$SSH_ORIGINAL_COMMAND"
	END
	sed -i "2i cd $PWD || exit" login
	chmod +x login
	serve hostkey
	mkdir bin
	# ssh looks for its configuration in the home of the password file, whatever HOME says.
	printf '#!/bin/sh\nexec /usr/bin/ssh -F %s/ssh_config "$@"\n' "$PWD" >bin/ssh
	chmod +x bin/ssh
	PATH=$PWD/bin:$PATH
	cat >ssh_config <<-END
		Host nowhere
		  HostName no-such-name.invalid
		Host silent
		  Port 1
		Host *
		  HostName 127.0.0.1
		  Port $PORT
		  User $(id -un)
		  IdentityFile $PWD/userkey
		  IdentitiesOnly yes
		  UserKnownHostsFile $PWD/known_hosts
	END
	know hostkey
}

teardown() {
	local socket
	for socket in "$XDG_RUNTIME_DIR"/craton-ssh/*; do
		[ ! -S "$socket" ] || ssh -O exit -S "$socket" any 2>/dev/null || true
	done
	[ -z "${HELD:-}" ] || kill -KILL "$HELD" 2>/dev/null || true
	[ ! -s sshd.pid ] || kill "$(<sshd.pid)" || true
	rm -rf "$XDG_RUNTIME_DIR"
}

# serve KEY: an sshd with that host key, on a port that is free: PORT.
serve() {
	local tries=0
	[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
	rm -f sshd.pid
	until [ -s sshd.pid ]; do
		[ $((tries++)) -lt 20 ]
		PORT=${PORT:-$((RANDOM % 20000 + 20000))}
		cat >sshd_config <<-END
			Port $PORT
			ListenAddress ${LISTEN:-127.0.0.1}
			HostKey $PWD/$1
			AuthorizedKeysFile $PWD/userkey.pub
			StrictModes no
			UsePAM no
			PasswordAuthentication no
			PidFile $PWD/sshd.pid
			ForceCommand $PWD/login
			MaxStartups 100
		END
		/usr/sbin/sshd -f sshd_config -E sshd.log || { unset PORT; continue; }
		for _ in {1..40}; do [ -s sshd.pid ] || sleep 0.05; done
	done
}

# know KEY: that host key is the one that is expected.
know() {
	echo "[127.0.0.1]:$PORT $(cut -d' ' -f1,2 "$1.pub")" >known_hosts
}
