#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# impact: what rests on items, and what they rest on.
load helper

# A service on two virtual machines on two hosts, in a cell; one host is in a chassis.
estate() {
	craton-inv import -q --source test <<-'END'
	{"kind":"cloud","name":"us"}
	{"kind":"region","name":"dfw","cloud":"us"}
	{"kind":"cell","name":"c1","region":"dfw"}
	{"kind":"device","name":"chassis","cell":"c1"}
	{"kind":"host","name":"h1","cell":"c1","parent":"chassis"}
	{"kind":"host","name":"h2","cell":"c1"}
	{"kind":"vm","name":"vm1","key":"1","relations":[{"type":"runs-on","to":"host:dfw/h1"}]}
	{"kind":"vm","name":"vm2","key":"2","relations":[{"type":"runs-on","to":"host:dfw/h2"}]}
	{"kind":"service","name":"shop","key":"s","relations":[{"type":"depends-on","to":"vm1"},{"type":"depends-on","to":"vm2"}]}
	END
}

impact() { craton-inv impact "$@" -o tsv | tail -n +2 | cut -f 1-4 | tr '\t' ' '; }

@test "down: what rests on an item, against the direction of relations" {
	estate
	gives 0 craton-inv impact h1
	prints 'WAY   DEPTH  ITEM            RELATION    OF
down      1  vm:test/1       runs-on     host:dfw/h1
down      2  service:test/s  depends-on  vm:test/1'
}

@test "up: what an item rests on; both ways one after the other" {
	estate
	[ "$(impact --up shop)" = 'up 1 vm:test/1 depends-on
up 1 vm:test/2 depends-on
up 2 host:dfw/h1 runs-on
up 2 host:dfw/h2 runs-on' ]
	[ "$(impact --up --down vm1)" = 'down 1 service:test/s depends-on
up 1 host:dfw/h1 runs-on' ]
}

@test "an item that several ways lead to is met once, by a shortest" {
	estate
	craton-inv link shop runs-on h1
	[ "$(impact h1 | grep -c service)" -eq 1 ]
	[ "$(impact h1 | grep service)" = 'down 1 service:test/s runs-on' ]
	[ "$(impact h1 h2 | grep -c service)" -eq 1 ]
}

@test "types and depth narrow the walk" {
	estate
	[ "$(impact --depth 1 h1)" = 'down 1 vm:test/1 runs-on' ]
	[ "$(impact --type runs-on h1)" = 'down 1 vm:test/1 runs-on' ]
	[ -z "$(impact --type depends-on h1)" ]
	[ "$(impact --type runs-on --type depends-on h1 | wc -l)" -eq 2 ]
}

@test "what is in an item rests on it where that is asked" {
	estate
	[ -z "$(impact c1)" ]
	[ "$(impact --contained chassis)" = 'down 1 host:dfw/h1 parent
down 2 vm:test/1 runs-on
down 3 service:test/s depends-on' ]
	[ "$(impact --contained us | cut -d ' ' -f 2- | sort)" = '1 region:us/dfw in
2 cell:dfw/c1 in
3 device:dfw/chassis in
3 host:dfw/h1 in
3 host:dfw/h2 in
4 vm:test/1 runs-on
4 vm:test/2 runs-on
5 service:test/s depends-on' ]
	[ "$(impact --up --type in h1)" = 'up 1 cell:dfw/c1 in
up 2 region:us/dfw in
up 3 cloud:us in' ]
	[ "$(impact --up --type parent h1)" = 'up 1 device:dfw/chassis parent' ]
}

@test "retired items do not rest on anything" {
	estate
	echo '{"kind":"vm","name":"vm9","key":"9","relations":[{"type":"runs-on","to":"host:dfw/h1"}]}' |
		craton-inv import -q --source gone
	[ "$(impact --depth 1 h1 | wc -l)" -eq 2 ]
	for i in 1 2 3 4 5 6 7 8 9 10 11; do
		echo '{"kind":"vm","name":"x'$i'","key":"x'$i'"}'
	done >rest
	craton-inv import -q --source gone rest
	craton-inv import -q --source gone --full rest
	[ "$(impact --depth 1 h1)" = 'down 1 vm:test/1 runs-on' ]
}

@test "records name the item, so that other tools take them" {
	estate
	gives 0 craton-inv impact h1 --json
	[ "${lines[0]}" = '{"kind":"impact","item":"vm:test/1","way":"down","depth":1,"type":"runs-on","of":"host:dfw/h1"}' ]
	craton-inv impact h1 --json | craton-label add -q hit
	[ "$(craton-inv list -l hit -o names | sort | tr '\n' ' ')" = 'service:test/s vm:test/1 ' ]
	gives 0 craton-inv impact vm1 --up --down -o json
	[ "$(jq length <<<"$output")" -eq 2 ]
	gives 0 craton-inv impact h1 -o names
	prints 'vm:test/1
service:test/s'
	[ "$(craton-inv impact h1 -0 | tr -cd '\0' | wc -c)" -eq 2 ]
}

@test "nothing rests on it" {
	estate
	gives 0 craton-inv impact shop
	[ -z "$output$stderr" ]
	gives 0 craton-inv impact shop -o json
	[ "$(jq length <<<"$output")" -eq 0 ]
}

@test "a graph for dot, whatever the names are" {
	estate
	craton-inv add vm 'the "best" \N & <last>'
	craton-inv link 'the "best" \N & <last>' runs-on h1
	craton-inv impact --all --contained --up --down -o dot >graph
	dot -Tsvg graph >graph.svg
	grep -q '>runs&#45;on<' graph.svg
	grep -qF '>the &quot;best&quot; \N &amp; &lt;last&gt;<' graph.svg
	# Each edge once, whichever way it was met.
	[ "$(grep -c -- '->' graph)" -eq "$(grep -- '->' graph | sort -u | wc -l)" ]
	craton-inv impact shop -o dot | dot -Tsvg | grep -q '>shop<'
}

@test "a chain as long as a fleet is walked without running out of stack" {
	n=5000
	for ((i = 0; i < n; i++)); do
		echo "{\"kind\":\"host\",\"name\":\"n$i\",\"relations\":[{\"type\":\"depends-on\",\"to\":\"host:n$((i + 1))\"}]}"
	done >chain
	echo "{\"kind\":\"host\",\"name\":\"n$n\"}" >>chain
	craton-inv import -q chain
	[ "$(craton-inv impact n$n -o names | wc -l)" -eq $n ]
	gives 0 craton-inv impact --up n0 -o tsv
	[[ ${lines[$n]} == up$'\t'$n$'\t'host:n$n$'\t'* ]]
}

@test "mistakes" {
	estate
	refuses 2 craton-inv impact
	says 'NAME is wanted'
	gives 1 craton-inv impact h1 nowhere -o names
	says '"nowhere": no such item'
	has vm:test/1
	gives 0 craton-inv impact h1 --type run-on
	says 'unknown relation run-on; did you mean "runs-on"?'
	refuses 2 craton-inv impact h1 -o names --json -o dto
	says 'not a format'
	refuses 2 craton-inv impact h1 -0 -o dot
	run -2 bash -c 'craton-inv impact h1 -o dot >/dev/full'
	gives 0 craton-inv impact --help
}
