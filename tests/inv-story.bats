#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Sources of truth against each other, for days: story/story tells it, story/Model.pm is what the
# pages say. SEED, HOSTS and ALL=1 (look at every earlier state after every step) may be given.
load helper

@test "five sources over the same hosts: state, blame, conflicts and the past are what the pages say" {
	run "$BATS_TEST_DIRNAME/story/story" "${SEED:-1}" "${HOSTS:-2000}"
	grep -A 3 '^not ok' <<<"$output" | cut -c 1-500 || true
	echo "${lines[-2]}" >&3
	echo "${lines[-1]}" >&3
	[ "$status" -eq 0 ]
	[ "$(grep -c '^ok' <<<"$output")" -gt 130 ]
}
