#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# HOSTLISTS=20000 SEED=7 make test TESTS=tests/hostlist.bats is the long form.
load helper

@test "random host lists are read and folded as ClusterShell reads and folds them" {
	run "$ROOT/tests/hostlist/compare" "$BUILD/hostlist/filter" "${HOSTLISTS:-500}" "${SEED:-1}"
	echo "$output" | tail -20
	[ "$status" -eq 0 ]
	has 'lists, seed'
}

@test "list --fold prints what nodeset -f does of the same names" {
	fleet 30
	craton-inv list --kind host -o names | sed 's/.*\///' | nodeset -f >theirs
	craton-inv list --kind host --fold | diff theirs - || {
		craton-inv list --kind host --fold
		false
	}
}
