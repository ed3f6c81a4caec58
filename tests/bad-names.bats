#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Names, labels, keys and values that some layer below could take for something else: a shell, a
# format string, SQL, an option, a ref, a terminal.
load helper

prepare() {
	fleet 1
}

# Each is fit to be a name, a label, a key and a value.
readonly ODD=('two words' ' blank before' 'blank after ' 'sla/sh' 'back\slash' "quo'te" 'double"quote'
	'-rf' '--all' '-' '.' '..' '%s%n%d' '%2F' '100%' '$(touch pwned)' '`touch pwned`' '; touch pwned'
	'| touch pwned' '>pwned' '*' '?[a-z]' '~' "x'; DROP TABLE item; --" '" OR 1=1' ':' 'host:dfw/x'
	'key:test/x' 'a,b' 'a[1-3]' '{a,b}' '{"a":1}' '#' '@file' '\x1b' 'grüße' '名前' 'a=b=c' '!x' '(x)'
	'null' 'true' '0' '1e3' 'NaN' "$(printf 'L%.0s' {1..1000})")

json() { jq -cn --arg a "$1" "$2"; }

@test "odd names come back as they went in, and their refs lead back to them" {
	for name in "${ODD[@]}"; do
		json "$name" '{kind: "host", name: $a, region: "dfw"}'
	done >in
	craton-inv import -q --source test in
	[ "$(craton-inv list --kind host --json | wc -l)" -eq $((${#ODD[@]} + 1)) ]
	craton-inv list --kind host --json | jq -r .name | sort >names
	printf '%s\n' compute-0001 "${ODD[@]}" | sort | cmp - names
	# What -o names prints is what every verb takes, from a pipe or as a word.
	craton-inv list --kind host -o names >refs
	! grep -q "[][ *?\$\`|<>\"'&;(){}\\!#]" refs
	same 'craton-inv list - <refs --json' 'craton-inv list --kind host --json'
	while read -r ref; do
		gives 0 craton-inv list "$ref" -o names
		prints "$ref"
	done <refs
	[ ! -e pwned ]
	craton-inv fsck -q
}

@test "odd names are words of the command line behind --" {
	for name in "${ODD[@]}"; do
		[ "$name" != - ] || continue # standard input
		craton-inv add host --region dfw -- "$name" "k=$name"
		gives 0 craton-inv get -- "host:dfw/$(jq -rn --arg a "$name" '$a | @uri')" k
		prints "$(jq -rn --arg a "$name" 'try ($a | fromjson | if type == "object" then tojson elif type == "string" then . else $a end) catch $a')" ||
			prints "$name"
	done
	[ ! -e pwned ]
	craton-inv fsck -q
}

@test "odd labels, keys and texts come back as they went in" {
	for text in "${ODD[@]}"; do
		json "$text" '{kind: "host", name: "compute-0001", region: "dfw", labels: [$a], note: $a,
			variables: {($a): $a}}' | craton-inv import -q --source test
		gives 0 craton-inv list compute-0001 --json
		[ "$(jq -r --arg a "$text" '.variables[$a]' <<<"$output")" = "$text" ]
		[ "$(jq -r '.labels[0]' <<<"$output")" = "$text" ]
		[ "$(jq -r .note <<<"$output")" = "$text" ]
	done
	[ ! -e pwned ]
	craton-inv fsck -q
}

@test "odd labels are put on, found, shown and taken off by craton-label" {
	for text in "${ODD[@]}"; do
		craton-label add -q -- "$text" compute-0001
		gives 0 craton-label list compute-0001 -o tsv
		has "host:dfw/compute-0001	$text	operator"
		gives 0 craton-label show -- "$text"
		craton-label rm -q -- "$text" compute-0001
	done
	craton-inv fsck -q
}

@test "a message quotes an odd name as it is, and is one line" {
	for name in '%s%n%d' '$(touch pwned)' "x'; DROP TABLE item; --" "$(printf 'L%.0s' {1..5000})"; do
		refuses 1 craton-inv list -- "$name"
		says 'no such item'
		says "${name:0:20}"
		[ "${#stderr}" -lt 700 ]
	done
	craton-inv fsck -q
}

@test "names and labels that hold control characters, or nothing, are refused" {
	while read -r text; do
		for record in "{\"kind\":\"host\",\"name\":\"$text\",\"region\":\"dfw\"}" \
			"{\"kind\":\"host\",\"name\":\"compute-0001\",\"region\":\"dfw\",\"labels\":[\"$text\"]}"; do
			refuses 1 craton-inv import -q --source test <<<"$record"
			[[ $stderr == *'holds a control character' || $stderr == *empty || $stderr == *blank ]]
		done
	done <<-'END'

	\u0020\u0020
	a\nb
	a\tb
	\u0007
	\u001b[31mred
	\u007f
	\u0085
	\u009b31m
	\u2028
	\u202egnp.exe
	\u2066
	END
	# As bytes: without a locale of UTF-8 bash leaves \u009b as it is.
	for text in $'a\nb' $'\e[31m' $'\xc2\x9b' $'\xe2\x80\xae' ' ' ''; do
		refuses 2 craton-inv add host "$text" --region dfw
		refuses 2 craton-label add "$text" compute-0001
		refuses 2 craton-inv add --project "$text" cloud x
	done
	craton-inv fsck -q
}

@test "bytes that are no UTF-8 are refused on the command line, not replaced" {
	for word in $'\xff' $'a\xc0\xaf' $'\xed\xa0\x80'; do
		refuses 2 craton-inv add cloud "$word"
		says 'not UTF-8'
		refuses 2 craton-inv set compute-0001 "a=$word"
		refuses 2 craton-inv set compute-0001 a=1 -m "$word"
		refuses 2 craton-label add "$word" compute-0001
		refuses 2 craton-inv list -l "$word"
		refuses 2 craton-inv list --where "$word"
	done
}

# harmless COMMAND...: what it prints drives no terminal: no control characters, C0 or C1, and
# none that turn the direction of text.
harmless() {
	"$@" >shown 2>&1 || :
	[ -s shown ]
	! grep -aqP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]' shown
}

@test "what is in values reaches no terminal raw: tables, sheets, blame, the log, messages" {
	evil='\u001b[2J\u0007\u009b31m\u202egnp'
	printf '{"kind":"host","name":"compute-0001","region":"dfw","note":"%s","device_type":"%s","variables":{"%s":"%s","k":"%s"}}\n' \
		"$evil" "$evil" "$evil" "$evil" "$evil" | craton-inv import -q --source test -m $'\e[2J\a'
	harmless craton-inv list
	harmless craton-inv list -o names
	harmless craton-inv show compute-0001
	harmless craton-inv get --blame compute-0001 k
	harmless craton-inv log
	harmless craton-inv list $'\e[31m\xc2\x9b\xe2\x80\xae'
	harmless craton-inv list --where $'var."\e[31m" = 1'
	harmless craton-inv list --where $'k = 1'
	harmless craton-inv $'\e[31m'
	harmless craton-inv list $'--\e[31m'
	harmless craton-inv import --source $'\e[31m' </dev/null
	printf 'audit: t\ntitle: T\nselect: kind=host\nchecks:\n  - {id: m, severity: low, expect: k is null, message: k}\n' >t.yaml
	harmless craton-audit run ./t.yaml -o table
	harmless craton-audit findings
}

@test "a column of a table stays a column, whatever is in its cells" {
	printf '{"kind":"host","name":"compute-0001","region":"dfw","note":"a\\tb\\nc","labels":["t a b"]}\n' |
		craton-inv import -q --source test
	gives 0 craton-inv list compute-0001 -o tsv
	[ "${#lines[@]}" -eq 2 ]
	[ "$(awk -F'\t' '{ print NF }' <<<"$output" | sort -u | wc -l)" -eq 1 ]
}
