#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Relations between items: link and unlink.
load helper

prepare() {
	for host in a b c d; do craton-inv add host $host; done
}

relations() { craton-inv list "$1" --json --relations | jq -c '[.relations[]? | [.type, .to]]'; }

@test "a relation has a type and a direction" {
	gives 0 craton-inv link a depends-on b
	[ -z "$output$stderr" ]
	[ "$(relations a)" = '[["depends-on","host:b"]]' ]
	[ "$(relations b)" = '[]' ]
}

@test "an item may have many, of several types" {
	craton-inv link a depends-on b
	craton-inv link a depends-on c
	craton-inv link a managed-via b
	[ "$(relations a)" = '[["depends-on","host:b"],["depends-on","host:c"],["managed-via","host:b"]]' ]
}

@test "a cycle is refused with its path" {
	craton-inv link a depends-on b
	craton-inv link b depends-on c
	refuses 2 craton-inv link c depends-on a
	says 'relation depends-on would close a cycle: host:c -> host:a -> host:b -> host:c'
	refuses 2 craton-inv link a depends-on a
	[ "$(relations c)" = '[]' ]
}

@test "another type is another graph" {
	craton-inv link a depends-on b
	craton-inv link b backs-up a
}

@test "linked twice is linked once" {
	craton-inv link a depends-on b
	craton-inv log -o names >before
	craton-inv link a depends-on b
	craton-inv log -o names | cmp - before
}

@test "unlink takes just that relation" {
	craton-inv link a depends-on b
	craton-inv link a depends-on c
	gives 0 craton-inv unlink a depends-on b
	[ "$(relations a)" = '[["depends-on","host:c"]]' ]
	refuses 1 craton-inv unlink a depends-on b
	says 'host:a depends-on host:b: no such relation'
}

@test "what another source says cannot be unlinked; its name is told" {
	echo '{"kind":"host","name":"a","relations":[{"type":"runs-on","to":"host:d"}]}' |
		craton-inv import -q --source nova
	refuses 1 craton-inv unlink a runs-on d
	says 'said by nova, not by operator'
}

@test "mistakes" {
	refuses 2 craton-inv link a depends-on zz
	says '"zz": no such item'
	refuses 2 craton-inv link a 'Depends On' b
	says 'not a word like runs-on'
	refuses 2 craton-inv link a b
	says 'NAME TYPE NAME is wanted'
}
