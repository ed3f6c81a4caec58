#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What is not as it should be is named in one line, and leaves everything as it was.
load helper

prepare() {
	fleet 4
	craton-inv export >before
}

# The database is what it was before, and sound.
kept() {
	craton-inv export >after
	cmp before after || { diff before after | head; return 1; }
	craton-inv fsck -q
}

# bad LINE TEXT: import passes over a line (backslashes as printf %b has them), saying TEXT.
bad() {
	printf '%b\n' "$1" >line
	refuses 1 craton-inv import -q --format jsonl --source test line
	says 'line:1: '
	says "$2"
	kept
}

# in_host JSON TEXT: bad, for what stands behind a host's region.
in_host() { bad "{\"kind\":\"host\",\"name\":\"new\",\"region\":\"dfw\",$1}" "$2"; }

@test "what is no JSON object is named with its line and column" {
	bad '{"kind":"host"' "column 15: the text ends where a comma or '}' should be"
	bad '[1,2' 'column 5: the text ends'
	bad '"text"' 'not a JSON object'
	bad '{kind:host}' "column 2: 'k' where a key in double quotes should be"
	bad '{"kind":"host",}' 'column 16'
	bad '{"kind":"host"} x' 'column 17'
	bad '{"kind":nan}' 'column 9: "nan" is not a JSON value'
	bad 'PK\x03\x04' 'column 1'
}

@test "bytes that are no text are refused: NUL, invalid UTF-8, half a surrogate pair" {
	bad '{"kind":"host","name":"a\0b"}' 'NUL byte'
	bad '{"kind":"host","name":"a\\u0000b"}' 'NUL in a string'
	bad '{"kind":"host","name":"\xff"}' 'column 24: invalid UTF-8'
	bad '{"kind":"host","name":"\xc0\xaf"}' 'invalid UTF-8'
	bad '{"kind":"host","name":"\xed\xa0\x80"}' 'invalid UTF-8'
	bad '{"kind":"host","name":"\\ud800"}' 'half of a surrogate pair'
}

@test "a key twice in one object is refused, at any depth" {
	bad '{"kind":"host","name":"a","name":"b"}' '"name" is a key twice'
	in_host '"variables":{"a":[{"b":1,"b":2}]}' '"b" is a key twice'
	in_host '"variables":{"a":1,"\\u0061":2}' 'is a key twice'
}

@test "numbers that would be changed by reading them are refused" {
	in_host '"variables":{"n":123456789012345678901234567890}' 'outside the range of 64-bit integers'
	in_host '"variables":{"n":1e999}' 'outside the range of doubles'
	in_host '"variables":{"n":01}' 'column'
	in_host '"variables":{"n":+1}' 'column'
}

@test "numbers at the edge of the range come back as they were written" {
	echo '{"kind":"host","name":"new","region":"dfw","variables":{"a":-9223372036854775808,"b":9223372036854775807,"c":1e308,"d":1.10}}' |
		craton-inv import -q --source test
	gives 0 craton-inv list new --json
	has '"variables":{"a":-9223372036854775808,"b":9223372036854775807,"c":1e308,"d":1.10}'
}

@test "nesting too deep to be meant is refused, not followed" {
	bad "$(printf '%.0s[' {1..100000})" 'nested deeper than 128'
	in_host "\"variables\":{\"a\":$(printf '%.0s[' {1..200})$(printf '%.0s]' {1..200})}" 'nested deeper than 128'
}

@test "a line of 10 MB that is no JSON is quoted by its beginning" {
	head -c 10000000 /dev/zero | tr '\0' x >line
	refuses 1 craton-inv import -q --format jsonl --source test line
	[ "${#stderr}" -lt 1000 ]
	says 'is not a JSON value'
	kept
}

@test "a line of 10 MB is read; one past 64 MB is passed over and the next one is not" {
	x=$(head -c 1000000 /dev/zero | tr '\0' x)
	{
		printf '{"kind":"host","name":"big","region":"dfw","variables":{"v":"'
		for _ in {1..10}; do printf %s "$x"; done
		printf '"}}\n{"kind":"host","name":"bigger","region":"dfw","variables":{"v":"'
		for _ in {1..68}; do printf %s "$x"; done
		printf '"}}\n{"kind":"host","name":"small","region":"dfw"}\n'
	} >lines
	refuses 1 craton-inv import -q --source test lines
	says 'lines:2: line longer than 64 MiB'
	[ "$(craton-inv get big v | wc -c)" -eq 10000001 ]
	gives 0 craton-inv list small -o names
	prints host:dfw/small
}

@test "fields of the wrong type are named with what is wanted" {
	in_host '"labels":"a"' 'labels: a list is wanted'
	in_host '"labels":[5]' 'labels: a text is wanted, not 5'
	in_host '"variables":[]' 'variables: an object is wanted'
	in_host '"relations":[5]' 'relations: {"type":"runs-on","to":"host:..."} is wanted'
	in_host '"active":"yes"' 'active: true or false is wanted'
	in_host '"ip_address":"999.1.1.1"' 'ip_address "999.1.1.1": not an IPv4 or IPv6 address'
	bad '{"kind":5,"name":"x"}' 'kind: a text is wanted, not 5'
	bad '{"kind":"host","name":5}' 'name: a text is wanted, not 5'
}

@test "what is no kind of an item is refused; records about items are none" {
	bad '{"kind":"Host","name":"x"}' 'kind "Host": not a kind of item'
	bad '{"kind":"host!","name":"x"}' 'kind "host!": not a kind of item'
	bad '{"kind":"finding","item":"host:dfw/compute-0001"}' 'kind "finding": not a kind of item'
	bad '{"kind":"event","name":"x"}' 'not a kind of item'
	bad '{"name":"x"}' 'no kind'
}

@test "a place, a parent or a relation that is not there is named" {
	bad '{"kind":"host","name":"x","region":"nowhere"}' '"nowhere": no such region'
	in_host '"parent":"compute-9999"' '"compute-9999": no such item'
	printf '%s\n' '{"kind":"host","name":"compute-0001","relations":[{"type":"runs-on","to":"ghost"}]}' >line
	refuses 1 craton-inv import -q --source test line
	says 'line:1: relation runs-on: "ghost": no such item'
	kept
}

@test "parents in a circle are refused" {
	bad '{"kind":"host","name":"compute-0001","region":"dfw","parent":"compute-0001"}' 'would be its own parent'
	printf '{"kind":"host","name":"compute-000%d","region":"dfw","parent":"compute-000%d"}\n' 1 2 2 3 3 1 >lines
	refuses 1 craton-inv import -q --source test lines
	says 'lines:3: host "compute-0003": would be its own parent'
	craton-inv fsck -q
}

@test "a ladder of parents that nothing would climb is refused" {
	for ((i = 1; i <= 80; i++)); do
		printf '{"kind":"host","name":"p%d","region":"dfw","parent":"%s"}\n' "$i" \
			"$([ "$i" = 1 ] && echo compute-0001 || echo p$((i - 1)))"
	done >lines
	gives 1 craton-inv import -q --source test lines
	[[ ${stderr%%$'\n'*} == *'lines:65: host "p65": more than 64 parents above it' ]]
}

@test "relations in a circle are refused with the way round" {
	craton-inv link compute-0001 depends-on compute-0002
	craton-inv link compute-0002 depends-on compute-0003
	craton-inv export >before
	refuses 2 craton-inv link compute-0003 depends-on compute-0001
	says 'host:dfw/compute-0003 -> host:dfw/compute-0001 -> host:dfw/compute-0002 -> host:dfw/compute-0003'
	kept
}

@test "a chain of relations as long as the fleet can be walked, and closed it is refused" {
	for ((i = 1; i < 20000; i++)); do
		printf '{"kind":"rack","name":"r%d","relations":[{"type":"feeds","to":"rack:test/r%d"}]}\n' "$i" $((i + 1))
	done >chain
	echo '{"kind":"rack","name":"r20000"}' >>chain
	craton-inv import -q --source test chain
	refuses 2 craton-inv link rack:test/r20000 feeds rack:test/r1
	says 'rack:test/r20000 -> rack:test/r1 -> rack:test/r2'
	says 'more) -> '
	[ "${#stderr}" -lt 400 ]
}

@test "a bad line in the middle is told once, and costs its neighbours nothing" {
	printf '%s\n' '{"kind":"host","name":"a","region":"dfw"}' '{"kind":"host","name":"b","region":"dfw","active":1}' \
		'{"kind":"host","name":"c","region":"dfw"}' >lines
	refuses 1 craton-inv import -q --source test lines
	gives 0 craton-inv list -w 'a,c' -o names
	prints "host:dfw/a
host:dfw/c"
}

@test "--atomic: one bad line, and nothing is changed" {
	printf '%s\n' '{"kind":"host","name":"a","region":"dfw"}' '{"kind":"host","name":"b","region":"dfw","active":1}' >lines
	gives 2 craton-inv import -q --atomic --source test lines
	says 'nothing imported: 1 bad records'
	kept
}

@test "an empty stream imports nothing; a first record of no known format asks for --format" {
	gives 0 craton-inv import -q --source test </dev/null
	echo '{}' >line
	refuses 2 craton-inv import -q --source test line
	says 'name it by --format'
	kept
}

@test "an item with 10,000 variables and one with 5,000 labels go in and come out" {
	{
		printf '{"kind":"host","name":"many","region":"dfw","labels":["l0"'
		printf ',"l%d"' {1..4999}
		printf '],"variables":{"v0":0'
		printf ',"v%d":1' {1..9999}
		printf '}}\n'
	} >line
	gives 0 craton-inv import -q --source test line
	[ "$(craton-inv list many --json | jq '.labels | length')" = 5000 ]
	[ "$(craton-inv list many --json --resolved | jq '.resolved | length')" = 10000 ]
	[ "$(craton-inv list -l l4321 -o names)" = host:dfw/many ]
	gives 0 craton-inv import --source test line
	says '0 changed, 1 as before'
}

@test "a value of 5 MB, a label and a key of 10 kB are kept, and widen no table" {
	long=$(head -c 10000 /dev/zero | tr '\0' L)
	{
		printf '{"kind":"host","name":"wide","region":"dfw","labels":["%s"],"variables":{"%s":1,"v":"' "$long" "$long"
		head -c 5000000 /dev/zero | tr '\0' x
		printf '"}}\n'
	} | craton-inv import -q --source test
	[ "$(craton-inv get wide v | wc -c)" -eq 5000001 ]
	[ "$(craton-inv get wide "$long")" = 1 ]
	[ "$(craton-label list | awk 'length > 1000' | wc -l)" -eq 1 ]
	craton-inv fsck -q
}

# little COMMAND...: in half a gigabyte of addresses and twenty seconds. A tool that a checker
# watches cannot even start in that; it has the time alone.
little() (
	! (ulimit -v 500000 && craton-inv --version) >/dev/null 2>&1 || ulimit -v 500000
	exec timeout 20 "$@"
)

# ---- selections ----

@test "acting on nothing, on the unknown and on no match is an error" {
	for choice in '' '-l nokey' '-l cabinet=none' '--kind hst' "--where false" '-w ghost' ghost; do
		# shellcheck disable=SC2086 # words on purpose
		refuses 2 craton-inv set $choice tier=gold </dev/null
		# shellcheck disable=SC2086
		refuses 2 craton-inv rm $choice </dev/null
		# shellcheck disable=SC2086
		refuses 2 craton-label add gold $choice </dev/null
	done
	kept
}

@test "an empty selector, host list or expression is an error, not everything" {
	refuses 2 craton-inv list -l ''
	refuses 2 craton-inv list -w ''
	refuses 2 craton-inv list --where ''
	refuses 2 craton-inv list --db ''
	refuses 2 craton-inv list --project ''
}

@test "a host list of a thousand million names ends, in little memory" {
	gives 1 little craton-inv list -o names -w 'compute-[0001-0002],a[1-999999999]'
	prints "host:dfw/compute-0001
host:dfw/compute-0002"
	says 'no item is named a1'
	says 'or more unknown names'
	gives 1 timeout 20 craton-inv list --kind host --fold -x 'compute-[1-9999999][1-9999999]'
	prints 'compute-[0001-0004]'
	gives 2 timeout 20 craton-inv set -w 'a[1-999999999]' tier=gold
	says '-w: no item is named a1'
	kept
}

@test "selectors and host lists out of bounds are named, not followed" {
	refuses 2 craton-inv list -w 'a[1-99999999999999999999]'
	refuses 2 craton-inv list -w 'a[5-1]'
	refuses 2 craton-inv list -w 'a[1-3'
	refuses 2 craton-inv list -l "a$(printf '%.0s,a' {1..300})"
	says 'more than 200 terms'
	refuses 2 craton-inv list -l 'cabinet in (a01'
	refuses 2 craton-inv list -l '!!cabinet'
	craton-inv list -l "cabinet in (a01$(printf ',v%d' {1..10000}))" -o names >names
	[ "$(wc -l <names)" -eq 4 ]
}

@test "expressions: thousands of terms are judged, deep brackets and hostile patterns refused" {
	gives 0 craton-inv list --fold --where "ram_gb = 512$(printf ' or ram_gb = %d' {1000..3999})"
	prints 'compute-[0002,0004]'
	refuses 2 craton-inv list --where "$(printf '%.0s(' {1..1000})true$(printf '%.0s)' {1..1000})"
	says 'nested deeper than 100 levels'
	refuses 2 craton-inv list --where "$(printf 'not %.0s' {1..20000})true"
	refuses 2 craton-inv list --where "'"
	refuses 2 craton-inv list --where 'true; DROP TABLE item'
	refuses 2 craton-inv list --where '(SELECT 1)'
	refuses 2 craton-inv list --where "load_extension('x')"
	craton-inv set compute-0001 s=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!
	gives 1 timeout 10 craton-inv list compute-0001 --where "s regexp '(a+)+\$'"
	says 'backtracks too much'
}

@test "a word of 1 MB and a hundred thousand names on standard input are read" {
	head -c 1000000 /dev/zero | tr '\0' a >word
	gives 1 craton-inv list - <word
	says 'no such item'
	[ "${#stderr}" -lt 1000 ]
	for ((i = 0; i < 10000; i++)); do echo compute-0001; done >names
	gives 0 craton-inv list -o names - <names
	prints host:dfw/compute-0001
}

@test "names on standard input: bad lines are named, the others listed; exit 1" {
	printf 'compute-0001\nghost\n{bad\nNUL\0\n\xff\ncompute-0002\n' >names
	gives 1 craton-inv list --fold - <names
	prints 'compute-[0001-0002]'
	says '"ghost": no such item'
	says 'stdin:3: column 2'
	says 'stdin:4: NUL byte'
	says '"\xff": no such item'
}

# ---- definitions ----

# audit TEXT SAYS: the definition (backslashes as printf %b has them) is refused.
audit() {
	printf '%b' "$1" >t.yaml
	refuses 2 craton-audit run ./t.yaml
	says "t.yaml"
	says "$2"
}

# check FLOW SAYS: the same, for the inside of one check.
check() { audit "audit: t\ntitle: T\nselect: kind=host\nchecks:\n  - {id: m, severity: low, $1}\n" "$2"; }

@test "definitions that are no YAML of ours are refused by line" {
	audit '' 'empty'
	audit '# nothing\n' 'empty'
	audit 'audit: t\n  bad: [\n' 't.yaml:2'
	audit 'audit: \xff\n' 'UTF-8'
	audit 'audit: t\0\n' 't.yaml:1'
	audit '- a\n' 'a mapping of keys to values'
	audit 'audit: t\n---\naudit: u\n' 'a second document'
	audit 'audit: !!python/object:os.system x\n' 'does not belong here'
	audit 'audit: *ghost\n' 'no anchor &ghost'
	audit 'audit: &a [*a]\n' 'would hold itself'
	audit "$(printf '%.0s[' {1..1000})" 'nested deeper than 64'
}

@test "aliases that would fill memory are refused" {
	{
		echo 'a: &a [x,x,x,x,x,x,x,x,x,x]'
		for n in b:a c:b d:c e:d f:e g:f h:g i:h j:i; do
			echo "${n%:*}: &${n%:*} [*${n#*:}$(printf ",*${n#*:}%.0s" {1..9})]"
		done
	} >t.yaml
	gives 2 little craton-audit run ./t.yaml
	says 'more than 100000 values'
}

@test "unknown, missing, repeated and mistyped keys of a definition are named" {
	check 'expect: ram_gb > 0, expct: 1' 'checks[0].expct: unknown key; did you mean "expect"?'
	check 'expect: ram_gb > 0, id: n' 'checks[0].id: this key is in line 5 already'
	check "expect: ''" 'an empty expression'
	check 'expect: ram_bg > 0' 'did you mean "ram_gb"?'
	audit 'audit: t\ntitle: T\nselect: kind=host\n' 'checks is missing'
	audit 'audit: t\ntitle: T\nselect: kind=host\nchecks: []\n' 'a list of checks is wanted'
	audit 'audit: t/../x\ntitle: T\nselect: kind=host\nchecks: []\n' 'is no name'
	kept
}

@test "an audit of 3,000 checks is run" {
	{
		printf 'audit: t\ntitle: T\nselect: kind=host\nchecks:\n'
		printf '  - {id: m%d, severity: low, expect: ram_gb > 0}\n' {1..3000}
	} >t.yaml
	gives 0 craton-audit run ./t.yaml
	has '"counts":{"pass":12000,'
}

@test "unknown keys, circles and numbers out of range in a workflow are named" {
	while IFS='|' read -r step text; do
		printf 'workflow: b\ntitle: T\nsteps:\n  a: {%s}\n' "$step" >b.yaml
		refuses 2 craton-remediate lint ./b.yaml
		says "b.yaml:4: steps"
		says "$text"
	done <<-'END'
	run: [echo], idempotnt: true|did you mean "idempotent"?
	run: []|a list of words is wanted
	run: "echo $(id)"|there is no shell
	run: [echo, "{itm}"]|did you mean "item"?
	run: [echo, "{item"]|the brace is not closed
	run: [echo], timeout: 5|not a length of time
	run: [echo], retry: {times: 1e9}|a whole number
	run: [echo], needs: [a]|a cycle: a needs a
	run: [echo], needs: [b]|b
	END
}

@test "an audit killed in mid-pipe: plan refuses what has no closing record" {
	printf '%s\n' 'audit: m' 'title: M' 'select: kind=host' 'checks:' \
		'  - {id: mem, severity: high, expect: ram_gb >= 512, remedy: reboot}' \
		'examples: {pass: {ram_gb: 512}, fail: {ram_gb: 256}}' >m.yaml
	cp "$ROOT/share/workflows/reboot.yaml" w.yaml
	craton-audit run -q ./m.yaml >whole || :
	gives 0 craton-remediate plan ./w.yaml <whole
	head -2 whole >cut
	refuses 3 craton-remediate plan ./w.yaml <cut
	says 'cut short'
	head -c 700 whole >cut
	gives 3 craton-remediate plan ./w.yaml <cut
	[ -z "$output" ]
	sed 's/"complete":true/"complete":false/' whole >cut
	refuses 3 craton-remediate plan ./w.yaml <cut
	refuses 3 craton-remediate plan ./w.yaml < <(cat whole whole)
	refuses 2 craton-remediate plan ./w.yaml </dev/null
}
