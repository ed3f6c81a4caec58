#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154,SC2030,SC2031,SC2086,SC2016 # bats sets output; hosts are words; jq's variables
# The simulated cloud: what it does, that it survives kills, and that its checker can fail.
load helper

prepare() {
	unset CRATON_NOW # the cloud has a clock of its own
	craton-sim new --hosts 40 --seed 5 --speed 1000000 --trouble 0 cloud 2>/dev/null
	CRATON_SIM=$PWD/cloud CRATON_KEY=1-abc/host:dfw/x/step ACTIONS=$BUILD/libexec/craton/plugins/action
	export CRATON_SIM CRATON_KEY
	one=dfw-c0001-01 two=dfw-c0001-02
}

# act NAME HOST [WITH]: an action, as the engine calls it.
act() {
	printf '{"item":"%s","ref":"host:dfw/%s","with":%s}\n' "$2" "$2" "${3:-{\}}" |
		"$ACTIONS/cloud-$1" "host:dfw/$2"
}

# renew HOST: all that the workflow does to it.
renew() {
	local target batch
	act quiesce "$1"
	target=$(act build "$1" | jq -r .target)
	act check "$1" "{\"host\":\"$target\"}"
	act list "$1" '{"batch":2}' | jq -r '.batches[]' >batches
	while read -r batch; do
		act move "$1" "{\"from\":\"$1\",\"to\":\"$target\",\"vms\":\"$batch\"}" >/dev/null
	done <batches
	act empty "$1"
	act open "$1" "{\"host\":\"$target\"}"
	act wipe "$1"
	craton-sim note "$1" ok
}

@test "a host is renewed, and its guests run on the fresh one" {
	local guests
	gives 1 craton-sim is renewed $one
	guests=$(craton-sim export | grep -c "runs-on.*$one")
	[ "$guests" -gt 1 ]
	renew $one
	gives 0 craton-sim is renewed $one
	gives 0 craton-sim is wiped $one "$CRATON_KEY"
	gives 1 craton-sim is wiped $one other
	gives 0 craton-sim is built $one "$CRATON_KEY/verify"
	has '"target":"dfw-c0001-21"'
	craton-sim export >after
	[ "$(grep -c "runs-on.*$one" after)" -eq 0 ]
	[ "$(grep -c 'runs-on.*dfw-c0001-21' after)" -eq "$guests" ]
	gives 0 craton-sim check --at-once 1 --per-cabinet 1 --regions 1
	has '1 hosts begun, 1 ok, 0 given up; 1 builds, 1 wipes'
}

@test "an export is an inventory, and an import of it says where guests are" {
	craton-sim export | craton-inv import -q --source sim
	gives 0 craton-inv list -l service=compute -o names
	[ "$(wc -l <<<"$output")" -eq 40 ]
	gives 0 craton-inv list --kind vm -o names
	[ "$(wc -l <<<"$output")" -eq 120 ]
	gives 0 craton-sim export --no-vms
	[ "$(grep -c '"kind":"vm"' <<<"$output")" -eq 0 ]
	gives 2 bash -c 'craton-sim export >/dev/full'
}

@test "without a cloud nothing is simulated" {
	unset CRATON_SIM
	gives 75 act quiesce $one
	says 'there is no simulated cloud'
	refuses 2 craton-sim check
	mkdir empty
	CRATON_SIM=$PWD/empty refuses 2 craton-sim export
	: >empty/world
	: >empty/log
	CRATON_SIM=$PWD/empty refuses 2 craton-sim export
	says 'no simulated cloud'
}

@test "what is no cloud, no host and no state is refused by name" {
	refuses 2 craton-sim new
	refuses 2 craton-sim new --hosts 30 other
	says 'a multiple of 20'
	refuses 2 craton-sim new cloud
	says 'cloud/world: File exists'
	refuses 2 craton-sim is build $one
	says 'did you mean "built"?'
	refuses 2 craton-sim open dfw-c0001-99
	says 'no such host'
	refuses 2 craton-sim check --starts 20
	refuses 2 craton-sim customers
	gives 100 act move $one '{"from":"dfw-c0001-01"}'
	gives 100 act quiesce nobody
	gives 100 act quiesce dfw-c0001-21
	says 'not in service'
}

@test "a quiesced host gets no VM, and an open one does" {
	act quiesce $one
	craton-sim customers --every 1ms --for 300ms
	gives 0 craton-sim check
	[ "$(jq -r 'select(.what == "boot" and .seq > 164).host' cloud/log | grep -c "^$one$")" -eq 0 ]
	[ "$(jq -r 'select(.what == "boot" and .seq > 164).host' cloud/log | wc -l)" -gt 10 ]
	craton-sim open $one
	gives 0 craton-sim check
}

@test "a second build takes a second machine, and with no machine left it is for later" {
	act build $one >first
	act build $one >second
	gives 1 cmp -s first second
	gives 75 act build $one
	says 'no spare machine'
	gives 1 craton-sim check
	has 'no build and no wipe is done twice     BROKEN 1 times'
}

@test "a wipe takes with it what is on the host, and the checker sees it" {
	act quiesce $one
	act wipe $one
	gives 1 craton-sim check
	has 'no VM is lost                          BROKEN 6 times' # its five, and the wipe
	has 'world and log agree                    holds'
}

# doctored FILTER RULE [OPTION...]: the log edited by jq as one array, and numbered anew; RULE is broken.
doctored() {
	jq -sc "$1"' | to_entries[] | .value + {seq: (.key + 1), at: .key}' cloud/log >doctored.log
	gives 1 craton-sim check "${@:3}" doctored.log
	grep -qE "^$2 +BROKEN" <<<"$output" || { echo "not broken: $2"; echo "$output"; return 1; }
}

@test "a log in which anything went wrong is found out, each by its rule" {
	renew $one
	renew $two
	gives 0 craton-sim check
	sed 20d cloud/log >cut.log
	gives 1 craton-sim check cut.log
	has 'the log is whole                       BROKEN'
	head -c -20 cloud/log >cut.log
	gives 1 craton-sim check cut.log
	has 'the log is whole                       BROKEN'
	doctored '(map(.what) | index("wipe.start")) as $w | (map(.what) | index("move.start")) as $m |
		.[:$m] + [.[$w]] + .[$m:$w] + .[$w + 1:]' 'no VM is lost'
	doctored '. + [{what: "vm.lost", vm: "vm-000004"}]' 'no VM is lost'
	doctored 'map(if .what == "move.start" then ., . else . end)' 'no VM is in two places'
	doctored 'map(if .what == "boot" and .vm == "vm-000005" then .memory = 300 else . end)' \
		'no host is over capacity'
	doctored 'map(if .what == "close" then ., {what: "boot", vm: "vm-9", host, vcpus: 1, memory: 1}
		else . end)' 'no VM comes to a host that takes none'
	doctored 'map(if .what == "move.start" then .to = "dfw-c0001-22" else . end)' \
		'no VM comes to a host that takes none'
	doctored 'map(if .what == "build.end" then ., {what: "build.start", host: "dfw-c0002-21", for}
		else . end)' 'no build and no wipe is done twice'
	doctored 'map(if .what == "wipe.end" then ., {what: "wipe.start", host, key: "k"} else . end)' \
		'no build and no wipe is done twice'
	doctored '.[:-10]' 'world and log agree'
	doctored 'map(select(.vm != "vm-000004"))' 'world and log agree'
}

@test "limits that are passed by one are found out, and those that are met hold" {
	renew $one
	act quiesce $one || : # it is a spare machine now
	act quiesce $two
	act quiesce dfw-c0001-03
	act quiesce dfw-c0002-01
	gives 0 craton-sim check --at-once 3 --per-cabinet 2 --starts 4/1h --regions 1
	has '3 of 3 at most'
	doctored . 'hosts in work at once' --at-once 2
	doctored . 'hosts of a cabinet in work or broken' --per-cabinet 1
	doctored 'map(if .host == "dfw-c0002-01" and .what == "host" then .region = "ord" else . end)' \
		'regions in work at once' --regions 1
	doctored . 'hosts begun within a time' --starts 3/1h
	doctored . 'time between two starts' --gap 1h
	gives 0 craton-sim check --gap 1h --slack 1h
	craton-sim note $two kicked
	gives 0 craton-sim check --at-once 3 --per-cabinet 2
	act quiesce dfw-c0001-04
	doctored . 'hosts of a cabinet in work or broken' --per-cabinet 2
}

@test "killed at any point of a change, world and log agree, and the change is whole or is not" {
	local point n whole=0
	for point in sim.ready sim.valid sim.logged sim.put sim.put:2; do
		n=$(wc -l <cloud/log)
		run bash -c "printf '{\"item\":\"$one\",\"with\":{}}' | CRATON_CRASH=$point exec -a cloud-quiesce $BUILD/chaos/craton-sim"
		[ "$status" -eq 137 ]
		gives 0 craton-sim check
		whole=$((whole + $(wc -l <cloud/log) - n))
		craton-sim open $one
	done
	[ "$whole" -eq 4 ] # before it is valid there is none
}

@test "half a line that a kill left in the log is written anew" {
	act quiesce $one
	CRATON_CRASH=sim.valid run bash -c "exec $BUILD/chaos/craton-sim open $one"
	[ "$status" -eq 137 ]
	printf '{"seq":' >>cloud/log
	gives 0 craton-sim check
	tail -n 1 cloud/log | jq -e '.what == "open"'
}

@test "what a seed draws comes the same way in any order" {
	local host
	craton-sim new --hosts 20 --seed 9 --speed 1000000 --trouble 600 a
	craton-sim new --hosts 20 --seed 9 --speed 1000000 --trouble 600 b
	for host in {01..20}; do CRATON_SIM=$PWD/a act quiesce dfw-c0001-$host || :; done
	for host in {20..01}; do CRATON_SIM=$PWD/b act quiesce dfw-c0001-$host || :; done
	for cloud in a b; do
		jq -r 'select(.what | startswith("close")) | [.what, .host] | @tsv' $cloud/log | sort >$cloud.ends
	done
	cmp a.ends b.ends
	grep -q close.failed a.ends
}

# 60 hosts, engines and guards killed on the way; with customers, and people who see to what fails.
@test "the story: all hosts are renewed, whoever is killed, and nothing is lost" {
	unset CRATON_DB CRATON_SIM CRATON_KEY
	gives 0 env EVERY=2 BUILD="$BUILD" "$ROOT/tests/story/run" story 60 7 3000 4
	has 'items     60: 60 ok'
	has 'killed: 4 engines'
	has 'no VM is lost                          holds'
}

@test "the demo of 200 hosts runs from end to end" {
	mkdir build
	ln -s "$BUILD"/{bin,libexec,share} build/
	gives 0 "$ROOT/share/demo/cloud" build
	has 'items     200: 200 ok'
	has 'proved: no guest was lost'
	has 'sound: '
}
