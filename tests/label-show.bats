#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# list, show and set: what labels there are, who carries them, what they say.
load helper

prepare() {
	fleet 6
}

@test "labels are listed with the number of items that carry them" {
	gives 0 craton-label list
	prints 'LABEL        MEMBERS
cabinet=a01        4
cabinet=a02        2
compute            6'
	gives 0 craton-label list -o names
	prints 'label:cabinet=a01
label:cabinet=a02
label:compute'
	gives 0 craton-label list --json
	has '{"kind":"label","name":"compute","ref":"label:compute","members":6}'
}

@test "of an item, its labels and who says so" {
	craton-label add compute compute-0001
	gives 0 craton-label list compute-0001
	prints 'ITEM                   LABEL        SOURCE
host:dfw/compute-0001  cabinet=a01  test
host:dfw/compute-0001  compute      operator
host:dfw/compute-0001  compute      test'
	refuses 2 craton-label list compute-0001 -o jsonl
}

@test "no labels: nothing, and no error" {
	rm -f "$CRATON_DB"*
	craton-inv add host db1
	gives 0 craton-label list
	[ -z "$output$stderr" ]
	gives 0 craton-label list db1
	[ -z "$output$stderr" ]
}

@test "variables on a label are seen by all that carry it" {
	gives 0 craton-label set cabinet=a01 pdu=pdu-7 'feeds=["A","B"]' -m 'new pdu'
	[ "$(craton-inv get compute-0002 pdu)" = pdu-7 ]
	gives 1 craton-inv get compute-0005 pdu
}

@test "show has the label's variables, and its members folded" {
	craton-label set cabinet=a01 pdu=pdu-7
	gives 0 craton-label show cabinet=a01
	has 'pdu       "pdu-7"  own    operator'
	has 'host        4  compute-[0001-0004]'
	craton-label show --json cabinet=a01 | jq -e '
		.variables == {"pdu": "pdu-7"} and (.members | length) == 4 and
		.members[0] == "host:dfw/compute-0001" and .blame.pdu[0].source == "operator"'
}

@test "the list can be imported: the count of members is passed over" {
	craton-label list --json | craton-inv import -q --source copy
	gives 0 craton-inv list label:compute --json
	[[ $output != *members* ]]
}

@test "an unknown label is an error with the near miss" {
	refuses 2 craton-label show compyte
	says 'did you mean "compute"?'
	refuses 2 craton-label set compyte a=1
	says 'did you mean "compute"?'
}

@test "usage" {
	refuses 2 craton-label show
	refuses 2 craton-label set compute
	says 'LABEL and KEY=VALUE are wanted'
	refuses 2 craton-label set compute a
	refuses 2 craton-label list -o xml
}

@test "a full disk is told" {
	gives 2 bash -c 'craton-label list >/dev/full'
	gives 2 bash -c 'craton-label show compute >/dev/full'
}
