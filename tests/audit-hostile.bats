#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2154 # a plug-in's text; bats sets stderr
# What means harm or is broken, plug-ins and predicates: each is named, nobody waits.
load helper

@test "a thousand hostile plug-ins at once: the engine is unharmed, each is named" {
	mkdir -p plugins/probe
	export CRATON_PLUGINS=$PWD/plugins
	cat >plugins/probe/hostile <<'END'
#!/bin/sh
[ "$1" != --describe ] || exit 0
n=${1##*-}
case $((${n#"${n%%[!0]*}"} % 10)) in
0) exec head -c 100000 /dev/zero ;;
1) printf '{"kind":"resu' ;;
2) echo 'not json' ;;
3) exec sleep 300 ;;
4) kill -SEGV $$ ;;
5) setsid sh -c 'echo $$ >>runaways; exec sleep 300' & sleep 300 ;;
6) exec <&-; echo '{"kind":"result","value":"good"}' ;;
7) trap '' TERM; while :; do sleep 300; done ;;
8) echo '{"kind":"result","value":"good"}'; exec head -c 70000 /dev/zero ;;
9) echo '{"kind":"result","value":"good"}' ;;
esac
END
	chmod +x plugins/probe/hostile
	fleet 1000
	cat >t.yaml <<-'END'
	audit: t
	title: A test
	select: kind=host
	coverage: 0%
	gather: [{probe: hostile, into: v, timeout: 6s}]
	checks: [{id: v, severity: low, expect: "v = 'good'"}]
	END
	SECONDS=0
	gives 1 craton-audit run -f 1000 ./t.yaml
	[ "$SECONDS" -lt 60 ]
	[ "$(jq -c 'select(.kind == "audit") | [.complete, .counts.pass, .counts.error, .counts.timeout]' <<<"$output")" = \
		'[true,200,500,300]' ]
	why() { # LAST-DIGIT: how many say what
		jq -r --arg d "$1" 'select((.item // "") | endswith($d)) | .message' <<<"$output" | sort | uniq -c | sed 's/^ *//'
	}
	[ "$(why 0)" = '100 more output than a probe may print' ]
	[ "$(why 1)" = '100 line 1: no JSON object: column 14: the text ends inside a string' ]
	[[ $(why 2) == '100 line 1: no JSON object: '* ]]
	[ "$(why 3)" = '100 timed out' ]
	[ "$(why 4)" = '100 killed by signal 11 (Segmentation fault)' ]
	[ "$(why 5)" = '100 timed out' ]
	[ "$(why 7)" = '100 timed out' ]
	[ "$(why 8)" = '100 more output than a probe may print' ]
	while read -r pid; do
		! kill -0 "$pid" 2>/dev/null || { echo "$pid lives on"; false; }
	done <runaways
	gives 0 craton-inv fsck -q
}

@test "hostile predicates: each is refused or an error with the reason, in no time" {
	fleet 2
	craton-inv set -q compute-0001 "text=$(head -c 100000 /dev/zero | tr '\0' a)"
	before=$(sqlite3 "$CRATON_DB" 'SELECT count(*), max(id) FROM item')
	deep=$(printf '(%.0s' {1..2000})ram_gb$(printf ')%.0s' {1..2000})
	long=$(printf 'ram_gb = 1 or %.0s' {1..20000})true
	while IFS= read -r predicate; do
		predicate=${predicate//DEEP/$deep}
		predicate=${predicate//LONG/$long}
		printf %s "$predicate" >predicate
		jq -n --rawfile e predicate '{audit: "t", title: "T", select: "kind=host", coverage: "0%",
			checks: [{id: "c", severity: "low", expect: $e}]}' >t.yaml
		# What is answered in time is answered: these two are merely false.
		case $predicate in *' like '* | *' glob '*) may_fail=1 ;; *) may_fail=0 ;; esac
		SECONDS=0
		run --separate-stderr timeout 20 craton-audit run ./t.yaml
		[ "$SECONDS" -lt 10 ] || { echo "slow: ${predicate:0:80}"; false; }
		case $status in
		2) [[ $stderr == craton-audit:* ]] ;;
		1) [ "$(jq -r 'select(.kind == "finding") | .status' <<<"$output" | grep -vc error)" -le "${may_fail:-0}" ] ;;
		*) false ;;
		esac || { echo "$status ${predicate:0:80}: $output $stderr"; false; }
	done <<'END'
1); DELETE FROM item; --
ram_gb = 1; DELETE FROM item
(SELECT sql FROM sqlite_master) is not null
exists (SELECT 1 FROM item)
ram_gb in (SELECT id FROM item)
load_extension('/tmp/x.so')
readfile('/etc/passwd') is not null
writefile('x', 'y') = 1
printf('%.900000000c', 'x') = ''
zeroblob(1000000000) is null
randomblob(1000000000) is null
PRAGMA writable_schema = ON
ATTACH 'other.db' AS other
replace(replace(replace(replace(replace(text, 'a', text), 'a', text), 'a', text), 'a', text), 'a', text) = ''
text || text || text || text || text || text || text || text || text || text || text || text = ''
text regexp '^(a+)+$b'
text regexp '^(a|a)*[^a]$'
text regexp '('
text like '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b'
text glob '*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b'
DEEP = 1
LONG
not not not not
ram_gb = 1 union select 1
ram_gb /* = 1
'unclosed
"ram_gb" = 1 or 1
$1 = 1
?1 = 1
cast(text as integer) / 0 = 1
1e308 * 1e308 > ram_gb
ram_gb / 0 = 1
case when ram_gb then
coalesce()
json_extract(text, '$[0]') = 1
cidr_contains(text, text)
END
	[ "$before" = "$(sqlite3 "$CRATON_DB" 'SELECT count(*), max(id) FROM item')" ]
	gives 0 craton-inv fsck -q
	[ ! -e x ]
}
