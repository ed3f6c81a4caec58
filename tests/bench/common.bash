# SPDX-License-Identifier: Apache-2.0
# What the benchmarks share: a folder, a database, and CPU time of whole process trees.
# shellcheck shell=bash disable=SC2034 # PEAK is for those who read it
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/craton-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export CRATON_DB=$work/craton.db LC_ALL=C TZ=UTC

# Nothing waits but what a workflow says: the built-in policy is slow by intent.
open_policy() {
	cp "$here/../data/open.policy" "$CRATON_DB.policy"
}
open_policy

# measure 'COMMANDS': runs them in a shell; SPENT is their CPU in seconds, user and system,
# children included, and PEAK the MiB of the largest process.
measure() {
	/usr/bin/time -q -f '%U %S %M' -o "$work/time" bash -c "$1" >"$work/out" 2>"$work/err"
	read -r SPENT PEAK <<<"$(awk '{ printf "%.3f %.1f", $1 + $2, $3 / 1024 }' "$work/time")"
}

# median RUNS 'COMMANDS': of so many runs, in seconds.
median() {
	for ((i = 0; i < $1; i++)); do
		measure "$2"
		echo "$SPENT"
	done | sort -n | sed -n "$((($1 + 1) / 2))p"
}

# figure WHAT VALUE UNIT [REMARK]
figure() {
	printf '%-46s %10s %-10s %s\n' "$1" "$2" "$3" "${4:-}"
}

# ratio A B [FACTOR]
ratio() {
	awk -v a="$1" -v b="$2" -v f="${3:-1}" 'BEGIN { printf "%.2f", b ? f * a / b : 0 }'
}
