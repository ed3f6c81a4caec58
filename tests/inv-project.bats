#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Projects in one file know nothing of each other, though all in them has the same names.
load helper

# The same region, host, vm, label key, source and native keys, said by either.
prepare() {
	for p in alpha beta; do
		craton-inv import -q --project $p --source netbox <<-END
			{"kind":"cloud","name":"us","key":"c1"}
			{"kind":"region","name":"dfw","cloud":"us","key":"r1"}
			{"kind":"host","name":"db1","region":"dfw","key":"h1","labels":["of=$p"],"variables":{"owner":"$p","only_$p":1}}
			{"kind":"vm","name":"v1","key":"v1","variables":{"owner":"$p"}}
		END
	done
}

@test "a native key means the item of its own project" {
	for p in alpha beta; do
		for name in key:netbox/h1 host:dfw/db1 db1 vm:netbox/v1 key:netbox/v1; do
			gives 0 craton-inv get --project $p $name owner
			prints $p
		done
	done
	gives 0 craton-inv list --project beta -o names
	prints $'cloud:us\nregion:us/dfw\nhost:dfw/db1\nvm:netbox/v1'
}

@test "CRATON_PROJECT names the project, and --project wins over it" {
	CRATON_PROJECT=beta gives 0 craton-inv get db1 owner
	prints beta
	CRATON_PROJECT=beta gives 0 craton-inv get --project alpha db1 owner
	prints alpha
	gives 0 craton-inv list
	[ -z "$output" ]
	refuses 2 craton-inv list --project gamma
	says 'project "gamma": not in'
}

@test "a full import retires nothing of another project" {
	echo '{"kind":"cloud","name":"us","key":"c1"}' >one
	refuses 3 craton-inv import --project alpha --source netbox --full one
	says 'would lose 4 of 5'
	head -c 0 /dev/null | craton-inv import -q --project gamma --source netbox --full
	gives 0 craton-inv list --project beta -o names
	[ "${#lines[@]}" -eq 4 ]
}

@test "sources and ranks are the project's own" {
	craton-inv source set netbox --rank 5 --project beta
	gives 0 craton-inv source --project alpha -o tsv
	has $'netbox\t100\t5'
	gives 0 craton-inv source --project beta -o tsv
	has $'netbox\t5\t5'
	craton-inv import -q --project alpha --source facter <<<'{"kind":"host","name":"db1","region":"dfw"}'
	gives 0 craton-inv source --project beta -o names
	prints $'netbox\noperator'
}

@test "labels, variables and their near misses stay in their project" {
	gives 0 craton-label list --project alpha -o names
	prints label:of=alpha
	gives 0 craton-inv list --project alpha -l of=beta
	gives 0 craton-inv list --project alpha --where 'only_beta = 1'
	says 'unknown variable only_beta'
	gives 0 craton-inv list --project beta --where 'only_bet = 1'
	says 'did you mean "only_beta"'
	gives 0 craton-inv list --project alpha --where 'only_bet = 1'
	[[ $stderr != *beta* ]]
}

@test "the log tells what was done in its project only" {
	craton-inv rm -q --project alpha db1
	gives 0 craton-inv log --project beta -o names
	prints 2
	gives 0 craton-inv log --project alpha db1 -o names
	prints $'3\n1'
	craton-inv rm -q --project beta db1
	gives 0 craton-inv log --project alpha db1 -o names
	prints $'3\n1'
	gives 0 craton-inv fsck
}

@test "another project cannot be seen or made from within one" {
	refuses 1 craton-inv show --project alpha project:beta
	gives 1 craton-inv import --project alpha <<<'{"kind":"project","name":"beta","variables":{"a":1}}'
	says 'not this one, which is "alpha"'
	gives 0 craton-inv get --project beta db1 owner
	craton-inv import -q --project alpha <<<'{"kind":"project","name":"alpha","variables":{"a":1}}'
	gives 0 craton-inv get --project alpha db1 a
	prints 1
}

@test "findings, plans and waivers are the project's own" {
	cat >a.yaml <<-'END'
		audit: owners
		title: Owners are known
		checks:
		  - id: known
		    title: Somebody else owns it
		    severity: low
		    expect: "owner = 'nobody'"
		    remedy: reboot
		examples:
		  pass: {owner: nobody}
		  fail: {owner: me}
	END
	gives 1 craton-audit run --project alpha a.yaml --kind host
	gives 0 craton-audit findings --project beta -o jsonl
	[ -z "$output" ]
	craton-audit waive --project alpha --all -m agreed
	gives 1 craton-audit run --project beta a.yaml -o table
	[[ $output != *waived* ]]
}

@test "a rank that was not set by the log is found" {
	craton-inv source set netbox --rank 5 --project beta
	gives 0 craton-inv fsck --project alpha
	sqlite3 "$CRATON_DB" "UPDATE source SET rank = 7 WHERE rank = 5"
	gives 1 craton-inv fsck --project alpha
	has 'the rank of source netbox'
	sqlite3 "$CRATON_DB" "UPDATE source SET rank = 5 WHERE rank = 7; UPDATE source SET rank = 99 WHERE rank = 100"
	gives 1 craton-inv fsck --project alpha
	has 'source netbox: the log does not tell how it got its rank'
}
