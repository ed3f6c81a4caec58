#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What an item sees of its variables, and why.
load helper

prepare() {
	fleet 2
}

@test "a text is printed plain, anything else as JSON; --json quotes texts, too" {
	craton-inv set compute-0001 role='web "1"' 'ntp=["a","b"]' n=null
	[ "$(craton-inv get compute-0001 role)" = 'web "1"' ]
	[ "$(craton-inv get --json compute-0001 role)" = '"web \"1\""' ]
	[ "$(craton-inv get compute-0001 ntp)" = '["a","b"]' ]
	[ "$(craton-inv get compute-0001 n)" = null ]
	[ "$(craton-inv get host:dfw/compute-0001 ram_gb)" = 256 ]
}

@test "the nearest level wins: item, parents, labels by name, cell, region, cloud, project" {
	craton-inv add host chassis --region dfw
	craton-inv set compute-0001 --parent chassis
	for level in project:default cloud:us region:us/dfw cell:dfw/c0001 label:compute \
		label:cabinet=a01 chassis compute-0001; do
		craton-inv set "$level" ntp="$level"
		[ "$(craton-inv get compute-0001 ntp)" = "$level" ]
	done
}

@test "a parent's own cell or region does not count" {
	craton-inv add region ord --cloud us ntp=ord
	craton-inv add host chassis --region ord
	craton-inv set compute-0001 --parent chassis
	gives 1 craton-inv get compute-0001 ntp
	craton-inv set region:us/dfw ntp=dfw
	[ "$(craton-inv get compute-0001 ntp)" = dfw ]
}

@test "inside a level the better rank wins" {
	echo '{"kind":"host","ref":"host:dfw/compute-0001","variables":{"ram_gb":300}}' |
		craton-inv import -q --source other
	[ "$(craton-inv get compute-0001 ram_gb)" = 256 ]
	craton-inv source set other --rank 50
	[ "$(craton-inv get compute-0001 ram_gb)" = 300 ]
}

@test "a value is taken whole, never merged with a farther one" {
	craton-inv set region:us/dfw 'dns={"a":1,"b":2}'
	craton-inv set compute-0001 'dns={"a":9}'
	[ "$(craton-inv get compute-0001 dns)" = '{"a":9}' ]
	gives 1 craton-inv get compute-0001 dns.b
}

@test "a dotted path reaches inside objects and lists; keys may hold dots" {
	craton-inv set compute-0001 'os={"release":{"version":"12.5"},"disks":[{"gb":9}]}' kernel.panic=10
	[ "$(craton-inv get compute-0001 os.release.version)" = 12.5 ]
	[ "$(craton-inv get compute-0001 os.disks.0.gb)" = 9 ]
	[ "$(craton-inv get compute-0001 kernel.panic)" = 10 ]
	gives 1 craton-inv get compute-0001 os.disks.1
	gives 1 craton-inv get compute-0001 os.
}

@test "item.KEY is an attribute" {
	[ "$(craton-inv get compute-0001 item.ip_address)" = 10.0.0.2 ]
	[ "$(craton-inv get compute-0001 item.region)" = dfw ]
	refuses 1 craton-inv get compute-0001 item.ip_adress
	says 'no such attribute "ip_adress"; did you mean "ip_address"?'
}

@test "no such variable is the answer no: exit 1, with the near miss" {
	refuses 1 craton-inv get compute-0001 ram_bg
	says 'host:dfw/compute-0001: no such variable "ram_bg"; did you mean "ram_gb"?'
}

@test "no such item is an error: exit 2, with the near miss" {
	refuses 2 craton-inv get compute-001 ram_gb
	says '"compute-001": no such item; did you mean "compute-0001"?'
}

@test "--blame lists every level, who said what and when, the losers in order" {
	craton-inv set region:us/dfw ntp=10.0.0.1
	CRATON_NOW=2026-03-04T05:06:07Z craton-inv set compute-0001 ntp=10.0.0.9 -m 'own clock'
	who=$(craton-inv log --limit 1 -o tsv | tail -1 | cut -f3)
	gives 0 craton-inv get --blame compute-0001 ntp
	prints "$(sed "s/WHO/$who/" <<-'END'
	        VALUE       LEVEL              SOURCE    BY    AT                    REASON
	wins    "10.0.0.9"  own                operator  WHO  2026-03-04T05:06:07Z  own clock
	silent              label:cabinet=a01
	silent              label:compute
	silent              cell:dfw/c0001
	loses   "10.0.0.1"  region:us/dfw      operator  WHO  2026-01-02T03:04:05Z
	silent              cloud:us
	silent              project:default
	END
	)"
}

@test "--blame --json is the same as data" {
	craton-inv set region:us/dfw ram_gb=1
	craton-inv get --blame --json compute-0001 ram_gb |
		jq -e 'map([.value, .level, .source]) ==
			[[256, "host:dfw/compute-0001", "test"], [1, "region:us/dfw", "operator"]]'
}

@test "--blame of labels and relations lists who gave each" {
	craton-label add canary compute-0001 -m 'try it'
	craton-inv link compute-0001 depends-on compute-0002 -m 'needs it'
	gives 0 craton-inv get --blame compute-0001 item.labels
	has 'canary'
	has 'try it'
	gives 0 craton-inv get --blame compute-0001 item.relations
	has 'host:dfw/compute-0001  depends-on  host:dfw/compute-0002'
	has 'needs it'
	craton-inv get --blame --json compute-0001 item.relations |
		jq -e '.[0].value.to == "host:dfw/compute-0002" and .[0].reason == "needs it"'
	craton-inv get --blame --json compute-0001 item.labels |
		jq -e 'any(.value == "canary" and .reason == "try it")'
}

@test "blame is of the entry that set the value, not of the last that touched the item" {
	craton-inv set compute-0001 a=1 -m first
	craton-inv set compute-0001 b=1 -m second
	[ "$(craton-inv get --blame --json compute-0001 a | jq -r '.[0].reason')" = first ]
	craton-inv set compute-0001 a=2 -m third
	[ "$(craton-inv get --blame --json compute-0001 a | jq -r '.[0].reason')" = third ]
}

@test "a full disk is told" {
	gives 2 bash -c 'craton-inv get compute-0001 ram_gb >/dev/full'
	says 'No space left on device'
}

@test "usage" {
	refuses 2 craton-inv get compute-0001
	says 'NAME KEY is wanted'
	refuses 2 craton-inv get compute-0001 a b
}

@test "an attribute asked for as a variable is the near miss" {
	refuses 1 craton-inv get compute-0001 region
	says 'no such variable "region"; did you mean "item.region"?'
}
