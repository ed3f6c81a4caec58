#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# set and unset.
load helper

prepare() {
	fleet 6
}

value() { craton-inv get "$1" "$2"; }

@test "a variable is set, and set anew" {
	gives 0 craton-inv set compute-0001 rack=7
	[ -z "$output$stderr" ]
	craton-inv set compute-0001 rack='{"row":3,"at":"b"}'
	[ "$(value compute-0001 rack)" = '{"at":"b","row":3}' ]
}

@test "items come first, then pairs; a ref with = in it is an item" {
	craton-inv set compute-0001 label:cabinet=a01 pdu=p1 note='a=b'
	[ "$(value compute-0001 note)" = 'a=b' ]
	[ "$(value label:cabinet=a01 pdu)" = p1 ]
}

@test "attributes go by options or as item.KEY" {
	craton-inv set compute-0001 --note 'to be sold' item.serial=x77 item.active=false
	gives 0 craton-inv list compute-0001 --json
	has '"active":false,"note":"to be sold","serial":"x77"'
}

@test "an item is renamed by item.name, and stays the same item" {
	craton-inv set compute-0001 item.name=web1
	gives 0 craton-inv list web1 -o names
	prints host:dfw/web1
	[ "$(value web1 ram_gb)" = 256 ]
	refuses 2 craton-inv set web1 item.name=compute-0002
	says 'host:dfw/compute-0002 is there already'
}

@test "a selection is set in one entry of the log, or not at all" {
	gives 0 craton-inv set -l cabinet=a01 tier=gold -m 'contract 12'
	says '4 of 4 items changed'
	[ "$(craton-inv log --limit 1 -o tsv | tail -1 | cut -f6,8)" = $'4\tcontract 12' ]
	refuses 2 craton-inv set -l cabinet=a01 item.name=same
	[ "$(craton-inv list -l cabinet=a01 -o names | wc -l)" -eq 4 ]
	refuses 2 craton-inv get same tier
}

@test "the operator's word wins over a source of lower rank, which is kept below" {
	craton-inv set compute-0001 ram_gb=1024
	[ "$(value compute-0001 ram_gb)" = 1024 ]
	craton-inv unset compute-0001 ram_gb
	[ "$(value compute-0001 ram_gb)" = 256 ]
}

@test "set twice writes nothing the second time" {
	craton-inv set compute-0001 rack=7
	craton-inv log -o names >before
	craton-inv set compute-0001 rack=7
	craton-inv log -o names | cmp - before
}

@test "nothing chosen, nothing found and everything are not the same" {
	refuses 2 craton-inv set tier=gold
	refuses 2 craton-inv set -l cabinet=a99 tier=gold
	gives 0 craton-inv set --all tier=gold
	[ "$(value us tier)" = gold ]
}

@test "an unknown name has the near miss, and stops all" {
	refuses 2 craton-inv set compute-0001 compute-00002 tier=gold
	says 'did you mean "compute-0002"?'
	gives 1 craton-inv get compute-0001 tier
}

@test "names on standard input are items" {
	craton-inv list -l cabinet=a02 -o names | craton-inv set - tier=gold
	[ "$(craton-inv list --where "tier = 'gold'" -o names | wc -l)" -eq 2 ]
	echo '{"kind":"host","name":"compute-0001"}' | craton-inv set tier=gold
	[ "$(value compute-0001 tier)" = gold ]
}

@test "a place that does not fit is refused" {
	craton-inv add region ord --cloud us
	refuses 2 craton-inv set compute-0001 --cell c0001 --region ord
}

@test "a host cannot be its own parent, nor that of its parent" {
	craton-inv set compute-0002 --parent compute-0001
	refuses 2 craton-inv set compute-0001 --parent compute-0002
	says 'would be its own parent'
}

@test "unset takes variables and attributes away" {
	craton-inv set compute-0001 a=1 b=2 item.serial=x
	gives 0 craton-inv unset compute-0001 a item.serial
	[ -z "$output$stderr" ]
	gives 1 craton-inv get compute-0001 a
	gives 1 craton-inv get compute-0001 item.serial
	[ "$(value compute-0001 b)" = 2 ]
}

@test "with a selection all operands of unset are keys" {
	craton-inv set -l cabinet=a01 a=1 b=2
	gives 0 craton-inv unset -l cabinet=a01 a b
	says '4 of 4 items changed'
}

@test "unset of what the operator has not set is exit 1, with the near miss" {
	craton-inv set compute-0001 ntp=1
	refuses 1 craton-inv unset compute-0001 ntpp
	says 'did you mean "ntp"?'
	refuses 1 craton-inv unset compute-0001 ram_gb
	says 'operator says nothing of "ram_gb"'
}

@test "usage" {
	refuses 2 craton-inv set compute-0001
	says 'KEY=VALUE or an attribute is wanted'
	refuses 2 craton-inv set compute-0001 =x
	refuses 2 craton-inv set compute-0001 item.ref=x
	refuses 2 craton-inv unset compute-0001
	says 'KEY is wanted'
	refuses 2 craton-inv unset compute-0001 item.name
	says 'an item keeps its name'
}

@test "a host stays in its cell when the cell moves, and follows it" {
	craton-inv add region ord --cloud us
	craton-inv add host h --cloud us --region dfw --cell c0001
	craton-inv set cell:dfw/c0001 --region ord
	gives 0 craton-inv list h compute-0001 -o names
	prints 'host:ord/compute-0001
host:ord/h'
	craton-inv set h a=1
	gives 0 craton-inv fsck
}

@test "only add and import make a database: a mistyped --db is told" {
	for verb in 'set x a=1' 'unset x a' 'rm x' 'link x y z' 'source set x --rank 1'; do
		# shellcheck disable=SC2086 # words on purpose
		refuses 2 craton-inv $verb --db nowhere.db
		says 'nowhere.db: no database yet'
	done
	for verb in 'add x y' 'rm x y' 'set x a=1'; do
		# shellcheck disable=SC2086 # words on purpose
		refuses 2 craton-label $verb --db nowhere.db
	done
	[ ! -e nowhere.db ]
}

@test "a cell that moves is refused where a host in it would meet a namesake" {
	craton-inv add region ord --cloud us
	craton-inv add host compute-0002 --region ord
	refuses 2 craton-inv set cell:dfw/c0001 --region ord
	says 'cell "c0001": host:dfw/compute-0002 would come along, and host:ord/compute-0002 is there already'
	craton-inv rm host:ord/compute-0002
	gives 0 craton-inv set cell:dfw/c0001 --region ord
	gives 0 craton-inv get host:ord/compute-0002 ram_gb
}

@test "a cell whose region is taken away takes its hosts along" {
	craton-inv add region ord --cloud us
	craton-inv add cell c0002 --region ord
	craton-inv add host db1 --cell c0002
	gives 0 craton-inv unset cell:ord/c0002 item.region
	gives 0 craton-inv list db1 -o names
	prints host:db1
	gives 0 craton-inv fsck -q
}
