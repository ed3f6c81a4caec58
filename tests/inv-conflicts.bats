#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Where sources contradict each other: conflicts, and blame for what wins and what loses.
load helper

prepare() {
	craton-inv import -q --source netbox <<-'END'
		{"kind":"host","key":"1","name":"db1","device_type":"r640","serial":"SN-0001","variables":{"os":"a","ram_gb":512}}
		{"kind":"host","key":"2","name":"db2","variables":{"os":"a"}}
		{"kind":"host","key":"3","name":"db3","serial":"0"}
	END
	craton-inv import -q --source cmdb <<-'END'
		{"kind":"host","name":"db1","device_type":"r740","variables":{"os":"b","ram_gb":512}}
		{"kind":"host","name":"db2","variables":{"os":"b","more":1}}
	END
}

@test "no conflicts are exit 0 and nothing printed" {
	gives 0 craton-inv conflicts db3
	prints ''
	gives 0 craton-inv conflicts --db new.db || [ "$status" = 2 ]
}

@test "conflicts are told with their values, the winner first" {
	gives 1 craton-inv conflicts
	prints 'ITEM      KEY               VALUE   SOURCE  BY    AT
host:db1  item.device_type  "r640"  netbox  root  2026-01-02T03:04:05Z
                            "r740"  cmdb    root  2026-01-02T03:04:05Z
          os                "a"     netbox  root  2026-01-02T03:04:05Z
                            "b"     cmdb    root  2026-01-02T03:04:05Z
host:db2  os                "a"     netbox  root  2026-01-02T03:04:05Z
                            "b"     cmdb    root  2026-01-02T03:04:05Z'
	craton-inv source set cmdb --rank-for os=1
	gives 1 craton-inv conflicts db2 --json
	[ "$(jq -c '[.kind, .item, .key, (.values[] | .source, .value)]' <<<"$output")" = \
		'["conflict","host:db2","os","cmdb","b","netbox","a"]' ]
	same "craton-inv query 'SELECT DISTINCT item, key FROM conflicts' -o tsv | tail -n +2 | sort" \
		"craton-inv conflicts --exit-zero --json | jq -r '[.item, .key] | @tsv' | sort"
}

@test "keys, sources and selectors narrow them" {
	gives 1 craton-inv conflicts --key 'item.*' -o names
	prints host:db1
	gives 0 craton-inv conflicts --key 'ram*'
	gives 1 craton-inv conflicts --source cmdb -w db2 -o names
	prints host:db2
	gives 0 craton-inv conflicts --source operator
	refuses 2 craton-inv conflicts --source cmbd
	says 'did you mean "cmdb"'
	gives 0 craton-inv conflicts --exit-zero
	gives 2 bash -c 'craton-inv conflicts >/dev/full'
}

@test "two items of one serial are proposed, placeholders are not" {
	craton-inv import -q --source cmdb <<-'END'
		{"kind":"host","name":"x1","serial":"0"}
		{"kind":"host","name":"x2","serial":"SN-7777"}
		{"kind":"host","name":"x3","serial":"sn-7777"}
	END
	gives 1 craton-inv conflicts --key serial --json
	prints '{"kind":"conflict","key":"serial","value":"SN-7777","items":["host:x2","host:x3"]}'
	craton-inv source set cmdb --placeholders 'SN-777?'
	gives 0 craton-inv conflicts --key serial
}

@test "blame tells of attributes, too" {
	gives 0 craton-inv get --blame db1 item.device_type
	prints '       VALUE   LEVEL  SOURCE  BY    AT                    REASON
wins   "r640"  own    netbox  root  2026-01-02T03:04:05Z
loses  "r740"  own    cmdb    root  2026-01-02T03:04:05Z'
	[ "$(craton-inv get --blame --json db1 item.device_type | jq -c '[.[].source]')" = '["netbox","cmdb"]' ]
	[ "$(craton-inv show --json db1 | jq -c '[.blame["item.device_type"][].value]')" = '["r640","r740"]' ]
}

# ---- merge ----

# twins: one machine, known to netbox as db1 and to cmdb as other, with an interface.
twins() {
	craton-inv import -q --source facts <<-'END'
		{"kind":"host","key":"f","name":"other","serial":"SN-0009","variables":{"cores":8}}
		{"kind":"network-interface","key":"e","name":"eth0","parent":"other"}
		{"kind":"vm","key":"v","relations":[{"type":"runs-on","to":"other"}]}
	END
	craton-inv set -q other owner=me ntp=1
	craton-inv set -q db1 owner=you
}

@test "two items are merged on a person's word: layers, keys, parts and relations" {
	twins
	refuses 2 craton-inv merge db1 other
	gives 0 craton-inv merge db1 other -m 'one machine'
	[ "$(craton-inv get db1 owner) $(craton-inv get db1 ntp) $(craton-inv get db1 cores)" = 'you 1 8' ]
	[ "$(craton-inv get key:facts/f item.name)" = db1 ]
	gives 0 craton-inv list -o names --kind network-interface
	prints network-interface:db1/eth0
	craton-inv list -o jsonl --relations key:facts/v | grep -q '"to":"host:db1"'
	gives 2 craton-inv get host:other owner
	gives 0 craton-inv log --limit 1
	has 'one machine'
	gives 0 craton-inv fsck
	echo '{"kind":"host","key":"f","name":"other","variables":{"cores":9}}' | craton-inv import -q --source facts
	[ "$(craton-inv get db1 cores)" = 9 ]
	gives 0 craton-inv fsck -q
}

@test "what cannot be one is not merged, and nothing changes" {
	twins
	craton-inv export >before
	refuses 2 craton-inv merge db1 db1 -m x
	refuses 2 craton-inv merge db1 db2 -m x
	says 'source netbox speaks of both'
	refuses 2 craton-inv merge db1 eth0 -m x
	says 'are of different kinds'
	refuses 2 craton-inv merge db1 nosuch -m x
	craton-inv add cloud us
	craton-inv add cloud eu
	refuses 2 craton-inv merge us eu -m x
	craton-inv rm -q us eu
	craton-inv export | cmp - before
}

@test "what was said to be two is not proposed again" {
	craton-inv add host y1
	craton-inv set -q y1 item.serial=SN-0001
	gives 1 craton-inv conflicts --key serial
	craton-inv merge --apart db1 y1 -m 'sold twice'
	craton-inv merge --apart y1 db1 -m again
	gives 0 craton-inv fsck -q
	[ "$(craton-inv log --json | jq -c 'select(.op == "apart") | [.item, .other]')" = '["host:db1","host:y1"]' ]
	gives 0 craton-inv conflicts --key serial
}

@test "show tells who gave a label and a relation, when and why" {
	craton-label add -q gold db1 -m 'contract 7'
	craton-label add -q tin db1 -m 'contract 8'
	craton-inv link db1 depends-on db2 -m moved
	craton-inv link db1 depends-on db3 -m more
	gives 0 craton-inv show db1
	has 'gold   operator  root  2026-01-02T03:04:05Z  contract 7'
	has 'tin    operator  root  2026-01-02T03:04:05Z  contract 8'
	has 'host:db1  depends-on  host:db2  operator  root  2026-01-02T03:04:05Z  moved'
	has 'host:db1  depends-on  host:db3  operator  root  2026-01-02T03:04:05Z  more'
}
