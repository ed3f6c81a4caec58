#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The first hour of README.md runs as it stands: its indented blocks, one after the other, in
# one shell and an empty folder.
load helper

# The blocks below "## The first hour", without their indent.
blocks() {
	awk '
	/^## / { within = /^## The first hour/; next }
	!within { next }
	/^    / { if (!indent) { match($0, /^ */); indent = RLENGTH }; print substr($0, indent + 1); next }
	/./ { indent = 0 }
	' "$1"
}

# Runs them. What is tested is built already; an audit that finds something exits with 1.
first_hour() {
	{
		echo 'make() { :; }'
		echo 'craton-audit() { command craton-audit "$@" || [ "$1 $?" = "run 1" ]; }'
		blocks "$1"
	} >hour.sh
	bash -exo pipefail hour.sh </dev/null 2>hour.err || { cat hour.err; return 1; }
}

@test "the first hour runs as the README has it" {
	run first_hour "$ROOT/README.md"
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
	has $'host:cellar/pi\n'
	has 'runs debian-11'
	grep -q 'craton-remediate status' hour.sh
	[ -s first.db ]
	[ -s tonight.plan ]
}

@test "its end is a run that is done" {
	first_hour "$ROOT/README.md" >/dev/null
	CRATON_DB=$PWD/first.db gives 0 craton-remediate log 1
	has ' pi ok'
}

@test "a command of the README that fails is found out" {
	printf '%s\n' '## Other' '    exit 3' '## The first hour' 'Text.' '' \
		'    craton-inv add cloud home' '' '1. More' '' \
		'        craton-inv list nobody |' '            cat' >README.md
	run first_hour README.md
	[ "$status" -eq 1 ]
	has '"nobody": no such item'
}
