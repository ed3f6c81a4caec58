#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

prepare() {
	fleet 2
}

@test "a sheet has attributes, labels and variables, each with its source" {
	gives 0 craton-inv show compute-0001
	[ "${lines[0]}" = host:dfw/compute-0001 ]
	has 'ip_address  "10.0.0.2"      test'
	has 'region      region:us/dfw   (follows)'
	has 'cabinet=a01  test'
	has 'ram_gb    256    own    test'
}

@test "a loser stands under its winner" {
	craton-inv set compute-0001 ram_gb=512
	gives 0 craton-inv show compute-0001
	[[ $output =~ ram_gb' '+512' '+own' '+operator.*$'\n'' '+256' '+own' '+test ]]
}

@test "sources that contradict each other in an attribute are both shown" {
	craton-inv set compute-0001 --ip-address 10.9.9.9
	gives 0 craton-inv show compute-0001
	[[ $output =~ ip_address' '+\"10.9.9.9\"' '+operator.*$'\n'' '+\"10.0.0.2\"' '+test ]]
}

@test "relations are shown in both directions" {
	craton-inv link compute-0001 depends-on compute-0002
	craton-inv show compute-0002 | grep 'host:dfw/compute-0001  depends-on  host:dfw/compute-0002'
	craton-inv show compute-0001 | grep 'host:dfw/compute-0001  depends-on  host:dfw/compute-0002'
}

@test "a long value is cut in the table and whole in the record" {
	long=$(printf '%0100d' 7)
	craton-inv set compute-0001 serial="x$long"
	gives 0 craton-inv show compute-0001
	[[ $output != *"$long"* ]]
	[ "$(craton-inv show --json compute-0001 | jq -r .resolved.serial)" = "x$long" ]
}

@test "the record has resolved variables, relations, and blame for each variable" {
	craton-inv set region:us/dfw ntp=10.0.0.1 -m 'first clock'
	craton-inv show --json compute-0001 | jq -e '
		.resolved == {"ntp": "10.0.0.1", "ram_gb": 256} and
		(.blame | keys | map(select(startswith("item.") | not))) == ["ntp", "ram_gb"] and
		.blame["item.ip_address"][0].source == "test" and
		.blame.ntp[0].level == "region:us/dfw" and
		.blame.ntp[0].reason == "first clock" and
		.blame.ram_gb[0].source == "test"'
}

@test "the record has blame for labels and relations, by source and by rule" {
	craton-inv set compute-0001 role=web -m 'first role'
	craton-label add canary compute-0001 -m 'try it'
	craton-inv link compute-0001 depends-on compute-0002 -m 'needs it'
	craton-label rule add web --where "role = 'web'"
	craton-label rule add odd --where "role >= 5"
	craton-inv show --json compute-0001 | jq -e '.blame["item.labels"] | INDEX(.value) |
		(.canary | [.source, .reason, (.entry > 0)]) == ["operator", "try it", true] and
		(.web | keys_unsorted) == ["value", "rule"] and .web.rule == "role = \u0027web\u0027" and
		(.odd | keys_unsorted) == ["value", "rule", "error"]'
	edge='{"type":"depends-on","from":"host:dfw/compute-0001","to":"host:dfw/compute-0002"}'
	for host in compute-0001 compute-0002; do
		craton-inv show --json $host | jq -e --argjson edge "$edge" '
			.blame["item.relations"] | length == 1 and .[0].value == $edge and
			.[0].source == "operator" and .[0].reason == "needs it"'
	done
}

@test "without labels and relations their blame is empty" {
	craton-inv add host bare region=dfw
	craton-inv show --json bare |
		jq -e '.blame | .["item.labels"] == [] and .["item.relations"] == []'
}

@test "the record can be imported: what only describes is passed over" {
	craton-inv set region:us/dfw ntp=10.0.0.1
	craton-inv show --json compute-0001 | craton-inv import -q --source copy
	gives 0 craton-inv get --blame --json compute-0001 ntp
	[[ $output != *copy* ]]
}

@test "several items are several sheets, a blank line between" {
	gives 0 craton-inv show compute-0001 compute-0002
	has $'\n\nhost:dfw/compute-0002\n'
}

@test "text from the fleet cannot drive the terminal" {
	craton-inv set compute-0001 'motd="\u001b[31mred"' item.note=$'\xe2\x80\xae txt'
	gives 0 craton-inv show compute-0001
	[[ $output != *$'\x1b'* && $output != *$'\xe2\x80\xae'* ]]
}

@test "an unknown name is an error with the near miss" {
	gives 1 craton-inv show compute-001
	says 'did you mean "compute-0001"?'
}

@test "usage: something must be named; no format of lists" {
	refuses 2 craton-inv show
	refuses 2 craton-inv show -o names compute-0001
}

@test "a full disk is told" {
	gives 2 bash -c 'craton-inv show compute-0001 >/dev/full'
}
