#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Sources of truth: whose word counts, what they may say, and the programs that read them.
load helper

prepare() {
	export CRATON_PLUGINS=$PWD/plugins
	mkdir -p plugins/source
	craton-inv add host db1 ram_gb=1
}

# says_of SOURCE MEMBERS: a source's word on db1.
says_of() {
	echo "{\"kind\":\"host\",\"name\":\"db1\",$2}" | craton-inv import -q --source "$1"
}

# plugin NAME: a program from stdin.
plugin() {
	cat >"plugins/source/$1"
	chmod +x "plugins/source/$1"
}

# hosts FROM TO: that many records with keys.
hosts() {
	for i in $(seq "$1" "$2"); do echo "{\"kind\":\"host\",\"key\":\"$i\",\"name\":\"h$i\"}"; done
}

@test "a source is added with what is configured of it, once" {
	gives 0 craton-inv source add netbox --rank 50 --shrink 20 -m 'asset data'
	refuses 2 craton-inv source add netbox
	says 'source "netbox": is there already; set changes it'
	gives 0 craton-inv source --json
	has '{"kind":"source","name":"netbox","rank":50,"layers":0,"settings":{"shrink":20}}'
	gives 0 craton-inv log --limit 1 -o jsonl
	has '"reason":"asset data","op":"source","old":{"name":"netbox","settings":{}},"new":{"name":"netbox","settings":{"shrink":20}}'
	gives 0 craton-inv fsck -q
}

@test "what cannot be configured is refused by name" {
	refuses 2 craton-inv source add 'net box'
	refuses 2 craton-inv source add a --rank-for os
	says 'KEY=N is wanted'
	refuses 2 craton-inv source add a --rank-for item.cell=5
	says 'cloud, region and cell go by item.region'
	refuses 2 craton-inv source add a --kinds host,Bad
	refuses 2 craton-inv source add a --keys 'os,'
	refuses 2 craton-inv source add a --shrink 101
	refuses 2 craton-inv source add a --partial --full
	refuses 2 craton-inv source add a --plugin nosuch
	refuses 2 craton-inv source add a --format nosuch
	refuses 2 craton-inv source set operator --stale-after 1d
	refuses 2 craton-inv source rm operator
	refuses 2 craton-inv source set a
	refuses 2 craton-inv source remove a
	gives 0 craton-inv source -o names
	prints operator
}

@test "one key can have another rank, and so can all that fit a pattern" {
	craton-inv unset db1 ram_gb
	says_of netbox '"device_type":"a","variables":{"os":"a","os_arch":"a","ram_gb":"a"}'
	says_of cmdb '"device_type":"b","variables":{"os":"b","os_arch":"b","ram_gb":"b"}'
	[ "$(craton-inv get db1 os)" = a ]
	craton-inv source set cmdb --rank-for 'os*=10' --rank-for os=500 --rank-for item.device_type=1
	[ "$(craton-inv get db1 os)" = a ]
	[ "$(craton-inv get db1 os_arch)" = b ]
	[ "$(craton-inv get db1 ram_gb)" = a ]
	[ "$(craton-inv get db1 item.device_type)" = b ]
	gives 0 craton-inv list -o names --where "os = 'a' and os_arch = 'b'"
	prints host:db1
	gives 0 craton-inv fsck -q
	craton-inv source set cmdb --rank-for 'os*=' --rank-for item.device_type=
	[ "$(craton-inv get db1 os_arch)" = a ]
	[ "$(craton-inv get db1 item.device_type)" = a ]
	gives 0 craton-inv fsck -q
}

@test "a place goes as a whole by the rank for item.region" {
	craton-inv add region dfw
	craton-inv add region iad
	craton-inv add cell c1 --region iad
	says_of netbox '"ref":"host:db1","region":"dfw"'
	echo '{"kind":"host","ref":"host:dfw/db1","cell":"c1"}' | craton-inv import -q --source cmdb
	gives 0 craton-inv list -o names --kind host
	prints host:dfw/db1
	craton-inv source set cmdb --rank-for item.region=5
	gives 0 craton-inv list -o names --kind host
	prints host:iad/db1
	gives 0 craton-inv fsck -q
}

@test "a source that is silent for too long loses, and wins again when it reports" {
	craton-inv unset db1 ram_gb
	says_of netbox '"note":"a","variables":{"ram_gb":256}'
	says_of cmdb '"note":"b","variables":{"ram_gb":512}'
	craton-inv source set netbox --rank 50 --stale-after 7d
	CRATON_NOW=2026-01-09T03:04:05Z craton-inv source sync
	[ "$(craton-inv get db1 ram_gb)" = 256 ]
	gives 0 env CRATON_NOW=2026-01-09T03:04:06Z craton-inv source sync
	[ "$(craton-inv get db1 ram_gb)" = 512 ]
	[ "$(craton-inv get db1 item.note)" = b ]
	gives 0 craton-inv log --limit 1
	has 'source netbox is stale: silent since 2026-01-02T03:04:05Z, more than 1w'
	gives 0 craton-inv source
	has stale
	gives 0 craton-inv fsck -q
	export CRATON_NOW=2026-01-10T00:00:00Z
	says_of netbox '"variables":{"ram_gb":128}'
	[ "$(craton-inv get db1 ram_gb)" = 128 ]
	[ "$(craton-inv get db1 item.note)" = a ]
	gives 0 craton-inv fsck -q
}

@test "what a source may not speak of is passed over, and said" {
	craton-inv source add facter --kinds host --keys 'os*,item.name,item.serial'
	cat >in <<-'END'
		{"kind":"host","name":"db1","serial":"SN-1","note":"n","labels":["x"],"variables":{"os":"a","ram_gb":9}}
		{"kind":"vm","key":"1"}
		{"kind":"vm","key":"2"}
	END
	gives 0 craton-inv import --full --source facter in
	says 'source facter: 2 records passed over, of kinds that it may not speak of: vm 2'
	says 'source facter: 3 values dropped, of keys that it may not say: item.labels 1, item.note 1, ram_gb 1'
	craton-inv list -o jsonl | jq -ce 'select(.name == "db1") | .serial == "SN-1" and .variables == {"os":"a","ram_gb":1} and .labels == null'
	[ "$(craton-inv list -o names | wc -l)" = 1 ]
	craton-inv source set facter --keys 'os*'
	gives 0 craton-inv import --source facter <<<'{"kind":"host","name":"new","variables":{"os":"z"}}'
	says '1 records passed over, of items that nobody else has; it may not say item.name'
	gives 0 craton-inv fsck -q
}

@test "a source that speaks of items is taken away only with what it said" {
	says_of netbox '"note":"n"'
	echo '{"kind":"host","key":"9","name":"alone"}' | craton-inv import -q --source netbox
	refuses 3 craton-inv source rm netbox
	says 'source netbox speaks of 2 items'
	gives 0 craton-inv source rm netbox --layers -m 'switched off'
	says '2 layers removed, 1 items retired'
	gives 0 craton-inv source -o names
	prints operator
	refuses 2 craton-inv source set netbox --rank 5
	gives 1 craton-inv import --source netbox <<<'{"kind":"host","name":"db1"}' || [ "$status" = 2 ]
	gives 0 craton-inv fsck -q
	craton-inv source add netbox
	echo '{"kind":"host","key":"9","name":"alone"}' | craton-inv import -q --source netbox
	gives 0 craton-inv list -o names -w alone
	prints host:alone
	gives 0 craton-inv fsck -q
}

@test "an export takes along what is configured, and when a source reported" {
	craton-inv source add netbox --rank 7 --rank-for os=3 --stale-after 7d
	says_of netbox '"note":"n"'
	craton-inv export >fleet
	craton-inv import -q --db copy.db fleet
	same "craton-inv export" "craton-inv export --db copy.db"
	gives 0 craton-inv fsck -q --db copy.db
	echo '{"kind":"source","name":"odd","rank":1,"settings":{"shrink":"all"}}' >odd
	gives 1 craton-inv import odd
	says 'settings: shrink: not a setting of that type'
}

# ---- sync ----

@test "sync imports in full what a program prints, and retires the rest" {
	plugin two <<-'END'
		#!/bin/sh
		read -r asked
		[ "$CRATON_SOURCE $asked" = 'netbox {"project":"default","source":"netbox"}' ] || exit 3
		[ "$1" = -x ] || exit 4
		cat hosts
	END
	hosts 1 20 >hosts
	craton-inv source add netbox --plugin two -- -x
	gives 0 craton-inv source sync netbox
	says 'netbox: 20 read: 20 created'
	hosts 1 18 >hosts
	sed -i 's/= .netbox.*\]/!= "" ]/' plugins/source/two
	gives 0 craton-inv source sync netbox
	says '2 retired'
	hosts 1 9 >hosts
	refuses 3 craton-inv source sync netbox
	says 'source netbox would lose 9 of 18 items (50.0 %) > 10 %'
	gives 0 craton-inv source
	has 'would lose 9 of 18'
	craton-inv source set netbox --shrink 50
	gives 0 craton-inv source sync netbox
	says '9 retired'
	craton-inv source set netbox --partial
	hosts 30 30 >hosts
	gives 0 craton-inv source sync netbox
	says '1 created, 0 changed, 0 as before, 0 retired'
	gives 0 craton-inv fsck -q
}

@test "what a program printed before it failed counts for nothing" {
	while IFS='|' read -r want how words; do
		craton-inv source add "s$want" -- sh -c "$how"
		refuses "$want" craton-inv source sync "s$want" -q
		says "$words"
		gives 0 craton-inv source --json
		has '"trouble":"source s'"$want"
	done <<-'END'
		1|echo '{"kind":"host","name":"x"}'; exit 9|exit status 9; nothing was imported
		75|echo '{"kind":"host","name":"x"}'; exit 75|exit status 75; nothing was imported
	END
	craton-inv source add killed -- sh -c 'echo "{\"kind\":\"host\",\"name\":\"x\"}"; kill -9 $$'
	refuses 1 craton-inv source sync killed
	says 'killed by signal 9'
	craton-inv source add slow --timeout 200ms -- sh -c 'echo "{\"kind\":\"host\",\"name\":\"x\"}"; sleep 60'
	refuses 4 craton-inv source sync slow
	says 'timed out'
	craton-inv source add nowhere -- no-such-program
	refuses 1 craton-inv source sync nowhere
	craton-inv source add none
	refuses 2 craton-inv source sync none
	says 'source none: no program is configured'
	[ "$(craton-inv list -o names)" = host:db1 ]
}

@test "a full sync with garbage in it changes nothing" {
	hosts 1 3 >hosts
	craton-inv source add cmdb --format jsonl -- cat hosts
	craton-inv source sync -q cmdb
	{ hosts 1 2; echo '{"kind":"host"'; head -c 3000 /dev/zero | tr '\0' x; } >hosts
	gives 3 craton-inv source sync cmdb
	says 'and 2 records were bad'
	says 'cmdb:3'
	[ "$(craton-inv list -o names -w 'h[1-3]' | wc -l)" = 3 ]
}

@test "a program that floods stderr is heard by its last words only" {
	craton-inv source add loud -- sh -c 'yes nonsense | head -n 100000 >&2; echo last >&2; exit 1'
	gives 1 craton-inv source sync loud
	says 'loud: last'
	[ "${#stderr}" -lt 20000 ]
}

@test "sync runs what is due, and one that fails holds up no other" {
	hosts 1 1 >hosts
	craton-inv source add bad --every 1h -- false
	craton-inv source add good --every 2h -- cat hosts
	craton-inv source add named -- cat hosts
	gives 1 craton-inv source sync
	says 'good: 1 read'
	says 'source bad: false: exit status 1'
	gives 0 craton-inv source sync
	says 'no source is due'
	gives 1 env CRATON_NOW=2026-01-02T04:04:05Z craton-inv source sync
	[[ $stderr != *good:* ]]
	gives 1 env CRATON_NOW=2026-01-02T05:04:05Z craton-inv source sync
	says 'good: 1 read'
}

@test "a source is synced once at a time" {
	craton-inv source add slow -- sh -c 'touch started; sleep 20'
	craton-inv source sync slow -q &
	until [ -e started ]; do sleep 0.05; done
	refuses 75 craton-inv source sync slow
	says 'source slow: is being synced'
	kill $!
	wait $! || [ $? = 4 ]
}
