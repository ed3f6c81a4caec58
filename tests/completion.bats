#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Completions, by the shells themselves.
load helper

prepare() {
	fleet 12
	craton-label add -q --all 'row=r 1'
	craton-label add -q --all maintenance
}

# completes WORD...: what bash offers for the last word, sorted.
completes() {
	output=$(bash --norc -c '
		compopt() { :; }
		. "$0"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_craton "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' "$ROOT/share/completion/craton-inv.bash" "$@" | sort)
}

@test "bash completes verbs, options and what the database has" {
	completes craton-inv im
	prints $'impact\nimport'
	completes craton-inv list --re
	prints $'--relations\n--resolved\n--retired'
	completes craton-inv show compute-001
	prints $'compute-0010\ncompute-0011\ncompute-0012'
	completes craton-inv list -l ca
	prints 'cabinet='
	completes craton-inv list -l 'compute,!cabinet=a0'
	prints $'compute,!cabinet=a01\ncompute,!cabinet=a02\ncompute,!cabinet=a03'
	completes craton-inv list -l 'row='
	prints 'row=r\ 1'
	completes craton-inv list --kind h
	prints host
	completes craton-label show --help
	has --help
	completes craton-remediate kic
	prints kicked
}

# tab SHELL-COMMAND SET-UP LINE WANTED: types SET-UP and LINE at a terminal; whether WANTED shows.
tab() {
	cat >tab.py <<-'END'
		import os, pty, select, sys, time
		command, setup, line, wanted = (os.fsencode(a) for a in sys.argv[1:])
		os.environ["TERM"] = "xterm"
		pid, fd = pty.fork()
		if pid == 0:
		    os.execvp(command.split()[0], command.split())
		def shows(text):
		    seen, end = b"", time.time() + 20
		    while text not in seen and time.time() < end:
		        if select.select([fd], [], [], 0.2)[0]:
		            seen += os.read(fd, 4096)
		    return text in seen
		os.write(fd, setup + b"; echo read''y\n")
		shows(b"ready")
		os.write(fd, line.replace(b"TAB", b"\t") + b"\n")
		found = shows(wanted)
		os.write(fd, b"exit\n")
		sys.exit(not found)
	END
	/usr/bin/python3 tab.py "$@"
}

@test "in an interactive bash the tab key does it" {
	tab 'bash --norc --noprofile -i' ". $ROOT/share/completion/craton-inv.bash" \
		'craton-inv show dTAB --json | jq -r .kind | sed s/^/is-/' is-region
	tab 'bash --norc --noprofile -i' ". $ROOT/share/completion/craton-inv.bash" \
		'craton-inv impoTAB --helTAB' 'usage: craton-inv import'
}

@test "in an interactive zsh, too" {
	tab 'zsh -f -i' "fpath=($ROOT/share/completion \$fpath); autoload -U compinit; compinit -u -D" \
		'craton-inv show dTAB --json | jq -r .kind | sed s/^/is-/' is-region
	tab 'zsh -f -i' "fpath=($ROOT/share/completion \$fpath); autoload -U compinit; compinit -u -D" \
		'craton-inv impoTAB --helTAB' 'usage: craton-inv import'
}

@test "fish offers verbs, options, names and labels" {
	output=$(fish --no-config -c ". $ROOT/share/completion/craton-inv.fish; complete -C'craton-inv show compute-001'" | sort)
	prints $'compute-0010\ncompute-0011\ncompute-0012'
	output=$(fish --no-config -c ". $ROOT/share/completion/craton-inv.fish; complete -C'craton-inv impo'" | cut -f1)
	prints import
	output=$(fish --no-config -c ". $ROOT/share/completion/craton-inv.fish; complete -C'craton-inv list --reso'")
	prints --resolved
	output=$(fish --no-config -c ". $ROOT/share/completion/craton-inv.fish; complete -C'craton-inv list -l compute,cab'")
	prints compute,cabinet=
}

@test "complete prints what begins with a prefix, at most 200 of it" {
	fleet 1200
	gives 0 craton-inv complete names compute-0
	[ "${#lines[@]}" -eq 200 ]
	gives 0 craton-inv complete names compute-119
	[ "${#lines[@]}" -eq 10 ]
	gives 0 craton-inv complete labels
	prints $'cabinet=\ncompute\nmaintenance\nrow='
	gives 0 craton-inv complete labels cabinet=a30
	[ "${lines[0]}" = cabinet=a30 ]
	gives 0 craton-inv complete variables r
	prints ram_gb
	gives 0 craton-inv complete kinds n
	prints network-device
	gives 0 craton-inv complete sources t
	prints test
	gives 0 craton-inv complete names nothing-so
	prints ''
}

@test "what is retired or another project's is not offered" {
	craton-inv add -q --project other host compute-0099
	gives 0 craton-inv complete names compute-009
	prints ''
}

@test "usage of complete" {
	refuses 2 craton-inv complete
	refuses 2 craton-inv complete name
	says 'did you mean "names"?'
	refuses 2 craton-inv complete names a b
	CRATON_DB=none.db refuses 2 craton-inv complete names
	run -2 bash -c 'craton-inv complete names >/dev/full'
}
