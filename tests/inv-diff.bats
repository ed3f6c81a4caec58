#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What differs: between two times, two files, two sources.
load helper

prepare() {
	fleet 3
	craton-inv export >old.jsonl
	cp "$CRATON_DB" old.db
	craton-inv set compute-0001 ram_gb=1 ntp='{"a":[1]}'
	craton-label add -q gold compute-0002
	craton-inv rm -q compute-0003
	craton-inv add host new --region dfw -L gold
	craton-inv link new depends-on compute-0001
}


@test "two times: each value, ordered by item, and exit status 1" {
	gives 1 craton-inv diff --from 1
	has 'host:dfw/compute-0001 (operator)
  + layer
  + ntp: {"a":[1]}
  + ram_gb: 1'
	has '- host:dfw/compute-0003
host:dfw/compute-0003 (test)
  - item.cell: "cell:dfw/c0001"
  - item.ip_address: "10.0.0.4"
  - item.name: "compute-0003"
  - ram_gb: 256
  - label cabinet=a01
  - label compute'
	has '+ host:dfw/new
host:dfw/new (operator)
  + item.name: "new"
  + item.region: "region:us/dfw"
  + label gold
  + relation depends-on host:dfw/compute-0001'
	gives 0 craton-inv diff --from 1 --to 1
	prints ''
}

@test "the other way round, old and new change places" {
	craton-inv diff --from 1 --json >there || [ $? -eq 1 ]
	craton-inv diff --from "$(craton-inv log --limit 1 -o names)" --to 1 --json >back || [ $? -eq 1 ]
	jq -c '{item, what, key, old, new}' there | sort >a
	jq -c '{item, what, key, old: .new, new: .old}' back | sort >b
	cmp a b
}

@test "records tell what was and what is, by key" {
	craton-inv set compute-0001 ram_gb=2
	gives 1 craton-inv diff --from "$(craton-inv log --limit 2 -o names | tail -1)" --json
	prints '{"kind":"difference","item":"host:dfw/compute-0001","source":"operator","what":"variable","key":"ram_gb","old":1,"new":2}'
	craton-inv diff --from 1 -o json | jq -e 'length > 10' || [ "${PIPESTATUS[0]}" -eq 1 ]
}

@test "an export, a database and two times give the same differences" {
	craton-inv export >new.jsonl
	craton-inv diff --from 1 >times || [ $? -eq 1 ]
	for pair in 'old.jsonl new.jsonl' 'old.db new.jsonl' "old.jsonl $CRATON_DB" old.jsonl old.db; do
		# shellcheck disable=SC2086 # one or two files
		gives 1 craton-inv diff $pair
		prints "$(<times)"
	done
	craton-inv diff - new.jsonl <old.jsonl | cmp - times
	gives 0 craton-inv diff old.jsonl old.db
	tac new.jsonl | gives 0 craton-inv diff new.jsonl -
}

@test "a rename is one item by time, and two by file" {
	craton-inv export >before.jsonl
	craton-inv set new item.name=newer
	gives 1 craton-inv diff --from "$(craton-inv log --limit 2 -o names | tail -1)"
	prints 'host:dfw/newer (operator)
  ~ item.name: "new" -> "newer"'
	gives 1 craton-inv diff before.jsonl
	has '- host:dfw/new'
	has '+ host:dfw/newer'
}

@test "two sources: what they say of the same items" {
	echo '{"kind":"host","name":"compute-0001","region":"dfw","key":"k","variables":{"ram_gb":256,"owner":"ann"}}' |
		craton-inv import -q --source netbox
	craton-inv diff source:test source:netbox --json >got || [ $? -eq 1 ]
	jq -se 'map(select(.item == "host:dfw/compute-0001" and .what == "variable")) == [
		{"kind": "difference", "item": "host:dfw/compute-0001", "what": "variable", "key": "owner", "new": "ann"}]' got
	jq -se 'map(select(.item == "host:dfw/compute-0002" and .what == "item"))[0].old' got
	refuses 2 craton-inv diff source:test source:netbax
	says 'did you mean "netbox"?'
}

@test "ranks differ, too" {
	craton-inv source set test --rank 7
	gives 1 craton-inv diff --from 1
	has 'source:test
  ~ item.rank: 100 -> 7'
}

@test "what cannot be compared is an error, not a difference" {
	refuses 2 craton-inv diff ghost.jsonl
	echo '{"kind":"host","name":"a"} x' >bad.jsonl
	refuses 2 craton-inv diff old.jsonl bad.jsonl
	says 'bad.jsonl:1: '
	refuses 2 craton-inv diff
	refuses 2 craton-inv diff --to 3
	refuses 2 craton-inv diff --from 1 old.jsonl
	refuses 2 craton-inv diff source:test
	refuses 2 craton-inv diff --from 1 -o tsv
	gives 2 bash -c 'craton-inv diff --from 1 >/dev/full'
	: >empty
	gives 0 craton-inv diff empty empty
}
