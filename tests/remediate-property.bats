#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The short form of `make property`: see tests/property/rules.h for what is compared.
load helper

@test "random workflows, failures and limits are carried out as the rules of a batch have it" {
	run env -u CRATON_NOW TMPDIR="$BATS_TEST_TMPDIR" "$BUILD/property/batch" 300
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *'300 cases from seed '*', 0 differences' ]]
}
