#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # bats sets stderr
load helper

# The demo proves what it claims, or ends with an error; here in a folder of its own.
@test "the demo runs from end to end, and says what the README shows of it" {
	mkdir build
	ln -s "$BUILD"/{bin,libexec,share} build/
	unset CRATON_NOW
	gives 0 "$ROOT/share/demo/demo" build
	has 'proved: nothing was done twice'
	has 'proved: nothing was lost'
	has 'sound: '
	all=$output$'\n'$stderr
	grep -E '^    (craton-|wins|loses)' "$ROOT/README.md" | sed -n '1,/kicked --run/p' | cut -c5-72 >shown
	[ "$(wc -l <shown)" -ge 5 ]
	while read -r line; do
		grep -qF -- "$line" <<<"$all" || { echo "not in the demo: $line"; return 1; }
	done <shown
}
