#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What do we have? The simplest verb, and the file to copy for the next one: a fleet, a
# command, what it prints. fleet, gives, refuses, prints, says, has, same are in helper.bash.
load helper

prepare() {
	fleet 6
}

# ---- what it prints ----

@test "a table shows kind, name, place, address and labels" {
	gives 0 craton-inv list -w 'compute-[0004-0005]'
	prints 'KIND  NAME          REGION  CELL   ADDRESS   LABELS
host  compute-0004  dfw     c0001  10.0.0.5  cabinet=a01 compute
host  compute-0005  dfw     c0001  10.0.0.6  cabinet=a02 compute'
}

@test "names are refs, one a line" {
	gives 0 craton-inv list -l cabinet=a02 -o names
	prints 'host:dfw/compute-0005
host:dfw/compute-0006'
}

@test "folded names are a host list that -w takes" {
	gives 0 craton-inv list --kind host --fold
	prints 'compute-[0001-0006]'
	same "craton-inv list -w '$output' -o names" 'craton-inv list --kind host -o names'
}

@test "a record has kind first, then name and ref, then the rest in fixed order" {
	gives 0 craton-inv list compute-0001 -o jsonl
	prints '{"kind":"host","name":"compute-0001","ref":"host:dfw/compute-0001","cloud":"us","region":"dfw","cell":"c0001","ip_address":"10.0.0.2","labels":["cabinet=a01","compute"],"variables":{"ram_gb":256}}'
}

@test "resolved variables come on request, beside the item's own" {
	craton-inv set region:us/dfw ntp=10.0.0.1
	gives 0 craton-inv list compute-0001 --json
	[[ $output != *ntp* ]]
	gives 0 craton-inv list compute-0001 --json --resolved
	has '"variables":{"ram_gb":256},"resolved":{"ntp":"10.0.0.1","ram_gb":256}'
}

@test "relations come on request" {
	craton-inv link compute-0001 depends-on compute-0002
	gives 0 craton-inv list compute-0001 --json --relations
	has '"relations":[{"type":"depends-on","to":"host:dfw/compute-0002"}]'
}

@test "json is one array, jsonl the same records a line each" {
	same 'craton-inv list -o json | jq -c ".[]"' 'craton-inv list -o jsonl | jq -c .'
}

@test "tsv has a head, and tabs between the columns" {
	gives 0 craton-inv list compute-0001 -o tsv
	prints $'KIND\tNAME\tREGION\tCELL\tADDRESS\tLABELS\nhost\tcompute-0001\tdfw\tc0001\t10.0.0.2\tcabinet=a01 compute'
}

@test "NUL can end names, for xargs -0" {
	craton-inv list --kind host -0 | xargs -0 -n1 echo >got
	craton-inv list --kind host -o names >wanted
	cmp got wanted
}

# ---- what it chooses ----

@test "options narrow the choice together, -x takes away" {
	gives 0 craton-inv list -l compute -w 'compute-[0001-0004]' -x compute-0002 --where 'ram_gb = 512' -o names
	prints 'host:dfw/compute-0004'
}

@test "an item of any kind can be named" {
	gives 0 craton-inv list dfw label:compute -o names
	has 'region:us/dfw'
	has 'label:compute'
}

@test "a name that two items have is an error that lists both" {
	craton-inv add region ord --cloud us
	craton-inv add host compute-0001 --region ord
	gives 1 craton-inv list compute-0001 -o names
	[ -z "$output" ]
	says 'host:dfw/compute-0001, host:ord/compute-0001'
}

@test "a retired item is hidden, unless asked for" {
	printf '{"kind":"host","name":"old%d","region":"dfw"}\n' {1..12} >all
	craton-inv import -q --source cmdb --full all
	sed '1d' all | craton-inv import -q --source cmdb --full
	gives 1 craton-inv list old1 -o names
	[ -z "$output" ]
	gives 0 craton-inv list --retired old1 -o names
	prints 'host:dfw/old1'
}

# ---- nothing, and mistakes ----

@test "a choice that matches nothing prints nothing and is no error" {
	gives 0 craton-inv list -l compute,cabinet=a01 --where 'ram_gb > 9999'
	[ -z "$output$stderr" ]
}

@test "a mistyped label is a warning with the near miss" {
	gives 0 craton-inv list -l cabnet=a01
	says 'did you mean "cabinet"?'
}

@test "a mistyped option is named with the near miss" {
	refuses 2 craton-inv list --labls x
	says 'did you mean --labels?'
}

@test "an unknown format lists those there are" {
	refuses 2 craton-inv list -o xml
	says 'table, jsonl, json, tsv or names'
}

@test "--fold is for names only" {
	refuses 2 craton-inv list --fold -o jsonl
}

@test "without a database it says how one is made" {
	refuses 2 craton-inv list --db nowhere.db
	says 'nowhere.db: no database yet'
	[ ! -e nowhere.db ]
}

@test "a full disk is told" {
	gives 2 bash -c 'craton-inv list >/dev/full'
	says 'No space left on device'
}

@test "a closed pipe ends it quietly" {
	fleet 3000
	gives 0 bash -c 'craton-inv list -o jsonl | head -1 | wc -l'
	prints 1
	[ -z "$stderr" ]
}

@test "a choice given twice is refused, since one of them would be lost" {
	refuses 2 craton-inv list -l cabinet=a01 -l cabinet=a02
	says '-l: may be given only once'
	refuses 2 craton-inv list -w compute-0001 --with=compute-0002
	refuses 2 craton-inv list --kind host --kind cell
}

@test "a text without quotes is told from a variable" {
	gives 0 craton-inv list --where 'ram_gb = large'
	says "--where: unknown variable large; a text stands in 'single quotes'"
}
