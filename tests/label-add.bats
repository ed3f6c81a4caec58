#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Putting labels on items and taking them off.
load helper

prepare() {
	fleet 6
}

members() { craton-inv list -l "$1" -o names | tr '\n' ' '; }

@test "a label is put on the items that are named, and made if it is new" {
	gives 0 craton-label add web compute-0001 compute-0003
	says '2 of 2 items changed'
	[ "$(members web)" = 'host:dfw/compute-0001 host:dfw/compute-0003 ' ]
}

@test "-L puts several on in one entry" {
	craton-label add web -L tier=gold compute-0001
	[ "$(craton-inv log --limit 1 -o names)" = 2 ]
	[ "$(members 'web,tier=gold')" = 'host:dfw/compute-0001 ' ]
}

@test "options choose the items" {
	craton-label add -q large --where 'ram_gb >= 512'
	[ "$(members large | wc -w)" -eq 3 ]
	craton-label add -q old -l cabinet=a01 -x compute-0001
	[ "$(members old | wc -w)" -eq 3 ]
}

@test "items come on standard input: names, refs, records, findings" {
	craton-label add -q seen <<-'END'
	compute-0001
	host:dfw/compute-0002

	{"kind":"host","ref":"host:dfw/compute-0003"}
	{"kind":"host","name":"compute-0004"}
	{"kind":"finding","check":"kernel/old","item":"host:dfw/compute-0005"}
	{"kind":"audit","run":7,"complete":true}
	END
	[ "$(members seen | wc -w)" -eq 5 ]
}

@test "a bad line is named and passed over; the others are done; exit 1" {
	printf '%s\n' compute-0001 nope '{bad' '{"kind":"host"}' '[1]' compute-0002 >in
	gives 1 craton-label add web - <in
	[ "$(printf '%s\n' "$stderr" | grep -c '^craton-label: stdin:[2-5]: ')" -eq 4 ]
	[ "$(members web | wc -w)" -eq 2 ]
}

@test "an empty stream does nothing, and is no error" {
	gives 0 craton-label add web - </dev/null
	gives 0 bash -c 'true | craton-label add web'
	craton-inv log -o names | grep -qx 1
}

@test "nothing chosen and nothing on standard input is an error" {
	refuses 2 craton-label add web </dev/null
	refuses 2 craton-label add web -l cabinet=a99
}

@test "added twice writes nothing the second time" {
	craton-label add web compute-0001
	craton-inv log -o names >before
	gives 0 craton-label add web compute-0001
	craton-inv log -o names | cmp - before
}

@test "label texts are free: spaces, colons, = and UTF-8, but no control characters" {
	for label in 'a b' os:debian x=y=z größe -; do
		craton-label add -- "$label" compute-0001
	done
	gives 0 craton-label list compute-0001
	has 'größe'
	refuses 2 craton-label add $'a\nb' compute-0001
	says 'holds a control character'
	refuses 2 craton-label add '' compute-0001
	says 'label: empty'
}

@test "rm takes it off" {
	craton-label add -q web compute-0001 compute-0002
	gives 0 craton-label rm web compute-0001
	[ "$(members web)" = 'host:dfw/compute-0002 ' ]
	craton-inv list -l web -o jsonl | craton-label rm web
	[ -z "$(members web)" ]
}

@test "what another source puts on stays, and that is said" {
	gives 0 craton-label rm compute compute-0001
	says 'compute: stays where other sources put it: test'
	[ "$(members compute | wc -w)" -eq 6 ]
}

@test "rm of an unknown label is an error with the near miss, whatever is chosen" {
	refuses 2 craton-label rm compyte --all
	says '"compyte": no such label; did you mean "compute"?'
}

@test "an unknown item stops all, with the near miss" {
	refuses 2 craton-label add web compute-0001 compute-00002
	says 'did you mean "compute-0002"?'
	gives 0 craton-label list -o names
	[[ $output != *web* ]]
}

@test "usage" {
	refuses 2 craton-label add
	says 'LABEL is wanted'
	refuses 2 craton-label rm
	refuses 2 craton-label ad web x
	says 'did you mean'
}

@test "a label that is new is said, since a mistyped one is made all the same" {
	gives 0 craton-label add canary compute-0001
	says 'canary is a new label'
	gives 0 craton-label add canary compute-0002
	[ -z "$stderr" ]
	refuses 2 craton-label add canari compute-9999
	gives 0 craton-label list -o names
	[[ $output != *canari* ]]
}

@test "a label is called by its ref as well" {
	craton-label add -q 'to do' compute-0001
	gives 0 craton-label add label:to%20do compute-0002
	gives 0 craton-label rm label:to%20do compute-0001
	gives 0 craton-label show -o jsonl 'to do'
	has '"members":["host:dfw/compute-0002"]'
	refuses 2 craton-label add label:nope compute-0001
	says '"label:nope": no such label'
}
