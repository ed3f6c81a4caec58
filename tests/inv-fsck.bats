#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# fsck finds what SQLite's own check does not: content that is not what was written.
load helper

prepare() {
	fleet 20
	craton-inv set -q -l cabinet=a01 tier=gold ntp=10.0.0.1 -m contract
	craton-inv set compute-0001 ntp=10.0.0.2
	craton-inv unset compute-0001 ntp
	craton-inv link compute-0001 depends-on compute-0002
	craton-inv source set test --rank 50
	craton-inv rm -q compute-0003
	craton-inv add host compute-0003 --cell c0001
	craton-label add -q gold compute-0001 compute-0004
}

# Behind Craton's back, as a flipped bit or a stranger's hand would.
damage() { sqlite3 "$CRATON_DB" "PRAGMA foreign_keys = OFF; $1"; }

finds() {
	gives 1 craton-inv fsck
	has "$1"
	says "$CRATON_DB: 1 fault"
}

@test "a sound database is said to be sound, with what was looked at" {
	gives 0 craton-inv fsck
	prints "$CRATON_DB: sound: 9 log entries, 46 changes, 31 items, 33 layers, 0 events"
	gives 0 craton-inv fsck -q
	[ -z "$output$stderr" ]
}

@test "an empty inventory is sound" {
	rm -f "$CRATON_DB"*
	craton-inv add cloud us
	craton-inv rm us
	gives 0 craton-inv fsck
}

@test "a flipped byte in a variable is found, though SQLite finds nothing" {
	damage "UPDATE document SET variables = replace(variables, '512', '513')
		WHERE id = (SELECT min(id) FROM document WHERE variables LIKE '%512%')"
	[ "$(sqlite3 "$CRATON_DB" 'PRAGMA integrity_check')" = ok ]
	gives 1 craton-inv fsck
	has 'its hash is not that of what it wrote'
}

@test "a flipped byte in the file itself is found" {
	sqlite3 "$CRATON_DB" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	at=$(grep -abo 'gold"}' "$CRATON_DB" | head -1 | cut -d: -f1)
	printf G | dd of="$CRATON_DB" bs=1 seek="$at" conv=notrunc status=none
	gives 1 craton-inv fsck
	has 'its hash is not that of what it wrote'
}

@test "a changed old value is found in the entry that wrote it" {
	damage "UPDATE chg SET undo = replace(undo, '10.0.0.1', '10.0.0.3') WHERE txn = 3"
	finds 'log entry 2'
}

@test "a changed reason, actor or time is found" {
	damage "UPDATE txn SET reason = 'none' WHERE id = 2"
	finds 'log entry 2'
}

@test "a missing entry breaks the chain" {
	damage "DELETE FROM chg WHERE txn = 6; DELETE FROM txn WHERE id = 6"
	gives 1 craton-inv fsck
	has 'log entry 7'
}

@test "a missing layer is found" {
	damage "DELETE FROM document WHERE id = (SELECT max(id) FROM document)"
	gives 1 craton-inv fsck
	has 'log entry'
}

@test "a layer that nobody wrote is found" {
	damage "INSERT INTO document (id, attributes, variables)
		SELECT id * 4096 + 9, '{}', '{}' FROM item WHERE name = 'us'"
	gives 1 craton-inv fsck
	has 'cloud:us: a layer that the change log does not know'
}

@test "an item that is not what its sources say is found, by column" {
	damage "UPDATE item SET ip_address = '10.6.6.6' WHERE name = 'compute-0005'"
	finds 'host:dfw/compute-0005: its ip_address is not what its sources say'
}

@test "a label without a layer and a pointer to nothing are found" {
	damage "INSERT INTO label (label, item, source)
		SELECT t.id, 9999, 1 FROM item AS t WHERE t.name = 'compute' AND t.kind = 'label'"
	gives 1 craton-inv fsck
	has 'table label, row '
}

@test "what is no database is exit 2, and is not made one" {
	seq 3000 >notes.txt
	refuses 2 craton-inv fsck --db notes.txt
	says 'not a database'
	refuses 2 craton-inv fsck --db nowhere.db
	[ ! -e nowhere.db ]
}

@test "usage" {
	refuses 2 craton-inv fsck something
}

@test "a full disk is told" {
	gives 2 bash -c 'craton-inv fsck >/dev/full'
}

@test "a native key that is not the one that was tied is found" {
	craton-inv import -q --source netbox <<-'END'
		{"kind":"vm","key":"vm-1"}
		{"kind":"host","name":"compute-0005","key":"h-5"}
		{"kind":"host","ref":"host:dfw/compute-0005","key":"h-five"}
		{"kind":"host","name":"compute-0006","key":"h-6"}
	END
	craton-inv rm -q compute-0006
	gives 0 craton-inv fsck -q
	cp "$CRATON_DB" sound.db
	for change in "UPDATE ident SET key = 'vm-2' WHERE key = 'vm-1'" \
		"UPDATE ident SET key = 'h-6' WHERE key = 'h-five'" \
		"DELETE FROM ident WHERE key = 'h-5'" \
		"INSERT INTO ident SELECT source, 'h-7', item FROM ident WHERE key = 'h-5'" \
		"UPDATE chg SET undo = replace(undo, 'h-five', 'h-six') WHERE op = 'key'" \
		"UPDATE chg SET undo = replace(undo, 'compute', 'comqute') WHERE op = 'remove'"; do
		rm -f "$CRATON_DB"*
		cp sound.db "$CRATON_DB"
		damage "$change"
		gives 1 craton-inv fsck
	done
}

@test "an item moved to another project behind the log's back is found" {
	CRATON_PROJECT=other craton-inv add cloud us
	gives 0 craton-inv fsck -q
	damage "UPDATE item SET project = (SELECT id FROM item WHERE name = 'other')
		WHERE name = 'compute-0007'"
	gives 1 craton-inv fsck
	has 'not of the project and the time of the entry that made it'
}

@test "a key that is tied later is an entry of the log, and once only" {
	echo '{"kind":"host","name":"compute-0005","key":"h-5"}' >tie
	gives 0 craton-inv import --source netbox tie
	says '1 changed'
	gives 0 craton-inv import --source netbox tie
	says '0 changed, 1 as before'
	gives 0 craton-inv log compute-0005 --limit 1 -o jsonl
	has '"op":"key","item":"host:dfw/compute-0005","key":"h-5"}'
}

@test "a source, a time of update and a key of the dictionary that the log does not know are found" {
	craton-inv source set -q test --shrink 20
	gives 0 craton-inv fsck -q
	cp "$CRATON_DB" sound.db
	while IFS='|' read -r change words; do
		rm -f "$CRATON_DB"*
		cp sound.db "$CRATON_DB"
		damage "$change"
		gives 1 craton-inv fsck
		has "$words"
	done <<-'END'
		UPDATE source SET name = 'tesu' WHERE name = 'test'|source tesu
		UPDATE source SET settings = '{"shrink":90}' WHERE name = 'test'|source test
		UPDATE source SET stale = 1 WHERE name = 'test'|source test
		UPDATE source SET logged = 0 WHERE name = 'test'|source test: the log does not tell of it
		UPDATE item SET updated = updated + 1 WHERE name = 'compute-0007'|host:dfw/compute-0007: not updated when the log says
		UPDATE keydef SET name = 'ram_gc' WHERE name = 'ram_gb'|dictionary: key "ram_gc": no source ever said it
		DELETE FROM keydef WHERE name = 'ram_gb'|dictionary: key "ram_gb" is missing
	END
}

@test "serials and macs by which devices are recognised are those of their sources" {
	craton-inv import -q --source netbox <<<'{"kind":"host","key":"1","name":"a","serial":"SN-1234"}'
	gives 0 craton-inv fsck
	sqlite3 "$CRATON_DB" "UPDATE mark SET value = 'serial:SN-1235'"
	gives 1 craton-inv fsck
	has 'host:a: is not found by its serial:SN-1234'
	has 'serials and macs: 1 that no source says'
}
