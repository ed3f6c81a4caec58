#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Who is who: native keys for ever, renames in any order, serials and macs.
load helper

# says SOURCE and records on stdin.
import() { craton-inv import -q "${@:2}" --source "$1"; }

# name KEY: what the source's object is called now.
name() { craton-inv get "key:cmdb/$1" item.name; }

@test "a rename at the source is a rename here, and a new object of the old name a new item" {
	import cmdb <<<'{"kind":"host","key":"1","name":"a"}'
	printf '%s\n' '{"kind":"host","key":"9","name":"a"}' '{"kind":"host","key":"1","name":"b"}' |
		import cmdb
	[ "$(name 1) $(name 9)" = 'b a' ]
	[ "$(craton-inv list -o names | wc -l)" = 2 ]
	gives 0 craton-inv fsck -q
}

@test "two swap their names, three pass theirs round, in one file" {
	printf '{"kind":"host","key":"%d","name":"%s"}\n' 1 a 2 b 3 c 4 d 5 e | import cmdb
	ids=$(sqlite3 "$CRATON_DB" 'SELECT group_concat(item) FROM ident')
	printf '{"kind":"host","key":"%d","name":"%s"}\n' 1 b 2 a 3 d 4 e 5 c >next
	gives 0 craton-inv import --full --source cmdb next
	says '0 created, 5 changed, 0 as before, 0 retired, 0 skipped'
	[ "$(name 1) $(name 2) $(name 3) $(name 4) $(name 5)" = 'b a d e c' ]
	[ "$(sqlite3 "$CRATON_DB" 'SELECT group_concat(item) FROM ident')" = "$ids" ]
	gives 0 craton-inv fsck -q
	gives 0 craton-inv import --full --source cmdb next
	says '0 changed, 5 as before'
}

@test "a long chain of renames is followed, whatever the order of the file" {
	for i in $(seq 300); do echo "{\"kind\":\"host\",\"key\":\"$i\",\"name\":\"h$i\"}"; done | import cmdb
	for i in $(seq 300); do echo "{\"kind\":\"host\",\"key\":\"$i\",\"name\":\"h$((i + 1))\"}"; done >up
	gives 0 craton-inv import --full --source cmdb up
	says '300 changed, 0 as before, 0 retired, 0 skipped'
	[ "$(name 1) $(name 300)" = 'h2 h301' ]
	sort -R --random-source=<(yes) up | sed 's/"name":"h/"name":"x/' | import cmdb
	tac up | import cmdb --full
	gives 0 craton-inv fsck -q
}

@test "a name that is taken for good is bad, and so is what waits for it; the others stand" {
	craton-inv add host d
	printf '{"kind":"host","key":"%d","name":"%s"}\n' 1 a 2 b 3 c 4 x 5 y | import cmdb
	printf '{"kind":"host","key":"%d","name":"%s"}\n' 1 b 2 c 3 d 4 y 5 x >next
	gives 1 craton-inv import --source cmdb next
	says 'next:3: host "d": host:d is there already'
	says 'next:2: host "c": host:c is there already'
	says 'next:1: host "b": host:b is there already'
	says '2 changed, 0 as before, 0 retired, 3 skipped'
	[ "$(name 1) $(name 2) $(name 3) $(name 4) $(name 5)" = 'a b c y x' ]
	gives 0 craton-inv fsck -q
	refuses 3 craton-inv import -q --full --source cmdb <(tail -n 2 next) || [ "$status" = 3 ]
}

@test "what the source made anew under the same name is the same item, told by a full import" {
	printf '{"kind":"host","key":"%d","name":"%s"}\n' 1 a 2 b | import cmdb
	echo '{"kind":"host","key":"9","name":"a"}' >new
	gives 1 craton-inv import --source cmdb new
	says 'host:a is there already'
	echo '{"kind":"host","key":"2","name":"b"}' >>new
	gives 0 craton-inv import --full --source cmdb new
	says '0 created, 1 changed'
	[ "$(name 1) $(name 9)" = 'a a' ]
	gives 0 craton-inv fsck -q
}

@test "a serial joins what two sources call differently, in any case, and a mac does" {
	import netbox <<-'END'
		{"kind":"host","key":"1","name":"db1","serial":"SN-1234"}
		{"kind":"host","key":"2","name":"db2","mac_address":"00:1B:21:aa:bb:cc"}
	END
	import cmdb <<-'END'
		{"kind":"host","key":"a","name":"DB1.example.com","variables":{"serial_number":" sn-1234 "}}
		{"kind":"host","key":"b","name":"two","mac_address":"001b.21aa.bbcc"}
	END
	[ "$(name a) $(name b)" = 'db1 db2' ]
	[ "$(craton-inv list -o names | wc -l)" = 2 ]
	craton-inv fsck -q
}

@test "placeholders, shared serials and differing serials join nothing" {
	import netbox <<-'END'
		{"kind":"host","key":"1","name":"a","serial":"To Be Filled By O.E.M."}
		{"kind":"host","key":"2","name":"b","serial":"0"}
		{"kind":"host","key":"3","name":"c","serial":"TWICE-1"}
		{"kind":"host","key":"4","name":"d","serial":"TWICE-1"}
		{"kind":"host","key":"5","name":"e","serial":"ONCE-1"}
		{"kind":"host","key":"6","name":"f","serial":"OURS-1","mac_address":"00:1b:21:00:00:01"}
		{"kind":"host","key":"7","name":"g","serial":"VMware-42 1"}
		{"kind":"network-interface","key":"8","name":"eth0","parent":"a","mac_address":"00:1b:21:00:00:02"}
	END
	craton-inv source set netbox --placeholders 'VMWARE-*'
	import cmdb <<-'END'
		{"kind":"host","key":"1","name":"k","serial":"to be filled by o.e.m."}
		{"kind":"host","key":"2","name":"l","serial":"0"}
		{"kind":"host","key":"3","name":"m","serial":"TWICE-1"}
		{"kind":"host","key":"4","name":"n","serial":"ONCE-1"}
		{"kind":"host","key":"5","name":"o","serial":"ONCE-1"}
		{"kind":"host","key":"6","name":"p","serial":"OTHER-1","mac_address":"00:1b:21:00:00:01"}
		{"kind":"host","key":"7","name":"q","serial":"VMware-42 1"}
		{"kind":"host","key":"8","name":"r","mac_address":"00:1b:21:00:00:02"}
		{"kind":"vm","key":"9","name":"s","serial":"ONCE-1"}
	END
	[ "$(craton-inv list --kind host -o names | wc -l)" = 15 ]
	craton-inv fsck -q
}

@test "a source without keys finds by serial what it found before" {
	import netbox <<<'{"kind":"host","key":"1","name":"a","serial":"SN-1234"}'
	for os in 11 12; do
		import facts <<<'{"kind":"host","name":"a.example.com","serial":"SN-1234","variables":{"os":'$os'}}'
	done
	[ "$(craton-inv list -o names)" = host:a ]
	[ "$(craton-inv get a os)" = 12 ]
	# Where nobody else has the serial, the name tells; it may be another one's by mistake.
	import facts <<<'{"kind":"host","name":"b","serial":"SN-5678"}'
	import facts <<<'{"kind":"host","name":"c","serial":"SN-5678"}'
	[ "$(craton-inv list -o names | wc -l)" = 3 ]
}

@test "a source's second object of one serial is not joined to its first" {
	import netbox <<<'{"kind":"host","key":"1","name":"a","serial":"SN-1234"}'
	import netbox <<<'{"kind":"host","key":"2","name":"b","serial":"SN-1234"}'
	[ "$(craton-inv list -o names | wc -l)" = 2 ]
}

@test "marks follow their layers" {
	import netbox <<<'{"kind":"host","key":"1","name":"a","serial":"SN-1234"}'
	import netbox <<<'{"kind":"host","key":"1","name":"a","serial":"SN-5678"}'
	[ "$(sqlite3 "$CRATON_DB" 'SELECT group_concat(value) FROM mark')" = serial:SN-5678 ]
	craton-inv rm a
	[ -z "$(sqlite3 "$CRATON_DB" 'SELECT value FROM mark')" ]
	craton-inv fsck -q
}
