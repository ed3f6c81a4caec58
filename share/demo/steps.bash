# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# How the demos speak.

step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
[ -t 1 ] || step() { printf '\n== %s\n' "$*"; }
why() { printf '   %s\n' "$@"; }
proved() { printf '   proved: %s\n' "$1"; }

# Shows a command, then runs it. Findings (exit 1) and runs that wait for people (4) are what it is
# here for; all else ends the demo.
try() {
	printf '$ %s\n' "$*"
	local status=0
	bash -o pipefail -c "$*" || status=$?
	case $status in 0 | 1 | 4) return ;; esac
	echo "demo: \"$*\": exit status $status" >&2
	exit 1
}

must() { # WHAT CONDITION...: what the demo claims, it checks
	local what=$1
	shift
	"$@" || { echo "demo: not so: $what" >&2; exit 1; }
	proved "$what"
}
