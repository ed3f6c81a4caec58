#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

places() {
	craton-inv add cloud us
	craton-inv add region dfw --cloud us
	craton-inv add cell c0001 --region dfw
}

@test "the first add makes the database, and prints nothing" {
	[ ! -e "$CRATON_DB" ]
	gives 0 craton-inv add cloud us
	[ -z "$output$stderr" ]
	[ -s "$CRATON_DB" ]
}

@test "options are attributes, -L labels, KEY=VALUE variables" {
	places
	craton-inv add host db1 --cell c0001 --ip-address 10.0.0.7 --device-type R740 \
		--note 'spare disk' -L db -L cabinet=a12 ram_gb=512 role=db 'ntp=["10.0.0.1"]' up=true
	gives 0 craton-inv list db1 --json
	prints '{"kind":"host","name":"db1","ref":"host:dfw/db1","cloud":"us","region":"dfw","cell":"c0001","ip_address":"10.0.0.7","device_type":"R740","note":"spare disk","labels":["cabinet=a12","db"],"variables":{"ntp":["10.0.0.1"],"ram_gb":512,"role":"db","up":true}}'
}

@test "a value that is no JSON is a text, and item.KEY an attribute" {
	craton-inv add host db1 os=5.10.0 empty= item.serial=77 item.note=12
	gives 0 craton-inv list db1 --json
	has '"note":"12","serial":77,"variables":{"empty":"","os":"5.10.0"}'
}

@test "a cell decides region and cloud" {
	places
	craton-inv add host db1 --cell c0001
	gives 0 craton-inv list db1 -o names
	prints host:dfw/db1
}

@test "places that contradict each other are refused" {
	places
	craton-inv add region ord --cloud us
	refuses 2 craton-inv add host db1 --cell c0001 --region ord
	says 'cell:dfw/c0001 is not in region:us/ord but in region:us/dfw'
}

@test "the same item twice is refused, by its ref" {
	places
	craton-inv add host db1 --region dfw
	refuses 2 craton-inv add host db1 --region dfw
	says 'host:dfw/db1: is there already'
}

@test "hosts and network devices of a region share their names" {
	places
	craton-inv add host db1 --region dfw
	refuses 2 craton-inv add network-device db1 --region dfw
	craton-inv add network db1 --region dfw
}

@test "an unknown region is named with the near miss, and nothing is added" {
	places
	refuses 2 craton-inv add host db1 --region dwf
	says '"dwf": no such region; did you mean "dfw"?'
	gives 0 craton-inv list --kind host -o names
	[ -z "$output" ]
}

@test "names may hold spaces, slashes, quotes, UTF-8 and a leading dash" {
	places
	for name in 'db 1' 'a/b' 'say "x"' 'größe' '50%'; do
		craton-inv add host "$name" --region dfw
	done
	craton-inv add --region dfw -- host -x
	gives 0 craton-inv list --kind host -o names
	prints 'host:dfw/db%201
host:dfw/a%2Fb
host:dfw/say%20%22x%22
host:dfw/größe
host:dfw/50%25
host:dfw/-x'
	same 'craton-inv list --kind host -o names | craton-inv list -o names -' 'craton-inv list --kind host -o names'
}

@test "control characters, bad addresses and bad kinds are refused" {
	refuses 2 craton-inv add host $'a\nb'
	says 'holds a control character'
	refuses 2 craton-inv add host db1 --ip-address 10.0.0.300
	says 'not an IPv4 or IPv6 address'
	refuses 2 craton-inv add Host db1
	says '"Host"'
}

@test "a key twice is refused" {
	refuses 2 craton-inv add host db1 a=1 a=2
	refuses 2 craton-inv add host db1 --note x item.note=y
}

@test "usage: too few operands, an operand that is no pair, no attribute" {
	refuses 2 craton-inv add host
	says 'KIND and NAME are wanted'
	refuses 2 craton-inv add host db1 ram_gb
	says '"ram_gb": KEY=VALUE is wanted'
	refuses 2 craton-inv add host db1 item.labels=x
	says 'item.labels: not an attribute'
}

@test "a folder that cannot be written is named" {
	[ "$(id -u)" -ne 0 ] || skip 'root may write anywhere'
	mkdir locked
	chmod 555 locked
	refuses 2 craton-inv add --db locked/x.db cloud us
}

@test "a file that is no database is left alone" {
	seq 2000 >notes.txt
	cp notes.txt before
	refuses 2 craton-inv add --db notes.txt cloud us
	says 'notes.txt: not a database'
	cmp notes.txt before
}

@test "a kind that is new is said, since operands the wrong way round make one" {
	gives 0 craton-inv add db1 host
	says 'db1 is a new kind of item'
	gives 0 craton-inv add hosts x
	says 'hosts is a new kind of item; did you mean "host"?'
	gives 0 craton-inv add hosts y
	[ -z "$stderr" ]
}

@test "a variable with an attribute's name is said to be one" {
	gives 0 craton-inv add host h1 ip_address=10.0.0.1
	says 'ip_address is a variable now; item.ip_address=... sets the attribute'
	gives 0 craton-inv set -q h1 region=dfw
	[ -z "$stderr" ]
}

@test "a project that is new is said, since a mistyped one is made all the same" {
	gives 0 craton-inv add host a --project prod
	says 'project prod is new'
	gives 0 craton-inv add host b --project prod
	[ -z "$stderr" ]
	refuses 2 craton-inv list --project prdo
}

@test "-v says which database and project it is" {
	CRATON_PROJECT=prod gives 0 craton-inv add -q host a
	gives 0 craton-inv list -v --project prod
	says "$CRATON_DB, project prod"
}

# The last of them is tried as a user who may not write where the system keeps its own.
@test "the database is --db, else CRATON_DB, else the state folder's of a user who cannot have the system's" {
	[ ! -e /var/lib/craton ] || skip "this machine has a database of its own"
	CRATON_DB=env.db gives 0 craton-inv add --db option.db cloud us
	[ -e option.db ] && [ ! -e env.db ]
	CRATON_DB=env.db gives 0 craton-inv add cloud us
	[ -e env.db ]
	if [ "$(id -u)" -eq 0 ]; then as=(setpriv --reuid=65534 --clear-groups --); else as=(); fi
	folder=$(mktemp -d /tmp/craton-state.XXXXXX)
	chmod 777 "$folder"
	[ ! -w /var/lib ] || [ "${#as[@]}" -gt 0 ] || skip "may write to /var/lib"
	cp "$BUILD/bin/craton-inv" "$folder"
	run -0 env -u CRATON_DB HOME="$folder" "${as[@]}" "$folder/craton-inv" add -q cloud us
	[ -e "$folder/.local/state/craton/craton.db" ]
	run -0 env -u CRATON_DB HOME="$folder" XDG_STATE_HOME="$folder/state" "${as[@]}" "$folder/craton-inv" add -q cloud us
	[ -e "$folder/state/craton/craton.db" ]
	rm -rf "$folder"
}
