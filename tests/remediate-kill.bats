#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The short form of `make chaos`: see tests/chaos/chaos.c for what is counted.
load helper

chaos() {
	run env -u CRATON_NOW TMPDIR="$BATS_TEST_TMPDIR" BUILD="$BUILD" \
		"$BATS_TEST_DIRNAME/chaos/run" "$@"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *', 0 violations' ]]
}

@test "runs that are killed at random instants repeat nothing, forget nothing, and report every doubt" {
	chaos 100
}

@test "an engine or guard that dies at any of its named points leaves a run that can be resumed exactly" {
	chaos points
}
