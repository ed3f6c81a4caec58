# SPDX-License-Identifier: Apache-2.0
# Loaded by every test file. Each test has its own folder, database, home and clock.
# shellcheck shell=bash disable=SC2034,SC2154 # tests read ROOT and DATA; bats sets stderr

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	BUILD=${BUILD:-$BATS_TEST_DIRNAME/../build}
	PATH=$BUILD/bin:$PATH
	HOME=$BATS_TEST_TMPDIR/home
	CRATON_DB=$BATS_TEST_TMPDIR/craton.db
	CRATON_NOW=2026-01-02T03:04:05Z
	LC_ALL=C TZ=UTC
	export PATH HOME CRATON_DB CRATON_NOW LC_ALL TZ
	unset CRATON_PROJECT XDG_STATE_HOME XDG_CONFIG_HOME NO_COLOR COLUMNS
	mkdir -p "$HOME"
	ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	DATA=$BATS_TEST_DIRNAME/data
	cp "$DATA/open.policy" "$CRATON_DB.policy" # tests of policies write their own
	# A file's own set-up, where it has one.
	if declare -F prepare >/dev/null; then prepare; fi
}

# refuses N COMMAND...: exits exactly N, not by a signal, says one line with the tool's name
# on stderr and nothing on stdout. The line is in $stderr afterwards.
refuses() {
	local want=$1
	shift
	run --separate-stderr -"$want" "$@"
	[ -z "$output" ] || { echo "stdout: $output"; return 1; }
	[ "$(printf '%s\n' "$stderr" | wc -l)" -eq 1 ] || { echo "stderr: $stderr"; return 1; }
	[[ $stderr == "$(basename "$1"): "* ]] || { echo "stderr: $stderr"; return 1; }
}

# gives N COMMAND...: exits exactly N; $output and $stderr hold what it said.
gives() {
	local want=$1
	shift
	run --separate-stderr -"$want" "$@"
}

# says TEXT: $stderr of the last refuses or gives has it.
says() {
	[[ $stderr == *"$1"* ]] || { echo "stderr: $stderr"; return 1; }
}

# prints TEXT: $output is exactly that.
prints() {
	[ "$output" = "$1" ] || { printf 'wanted:\n%s\ngot:\n%s\n' "$1" "$output"; return 1; }
}

# has TEXT: $output contains it.
has() {
	[[ $output == *"$1"* ]] || { echo "output: $output"; return 1; }
}

# same 'PIPELINE' 'PIPELINE': both succeed and give the same bytes.
same() {
	bash -o pipefail -c "$1" >same.a || { echo "failed: $1"; return 1; }
	bash -o pipefail -c "$2" >same.b || { echo "failed: $2"; return 1; }
	cmp same.a same.b || { diff same.a same.b | head; return 1; }
}

# golden NAME COMMAND...: stdout is tests/golden/NAME; GOLDEN=write rewrites it for review.
golden() {
	local file=$BATS_TEST_DIRNAME/golden/$1
	shift
	"$@" >golden.out || { echo "failed: $*"; return 1; }
	if [ "${GOLDEN:-}" = write ]; then cp golden.out "$file"; fi
	diff -u "$file" golden.out
}

# fleet N: a cloud, a region, a cell and N hosts compute-0001.. in cabinets of 4.
fleet() {
	{
		echo '{"kind":"cloud","name":"us"}'
		echo '{"kind":"region","name":"dfw","cloud":"us"}'
		echo '{"kind":"cell","name":"c0001","region":"dfw"}'
		for ((i = 1; i <= $1; i++)); do
			printf '{"kind":"host","name":"compute-%04d","cell":"c0001","ip_address":"10.0.%d.%d",' \
				"$i" $((i / 250)) $((i % 250 + 1))
			printf '"labels":["cabinet=a%02d","compute"],"variables":{"ram_gb":%d}}\n' \
				$(((i - 1) / 4 + 1)) $((i % 2 ? 256 : 512))
		done
	} | craton-inv import --source test -q
}
