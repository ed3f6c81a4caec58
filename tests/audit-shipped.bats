#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The audits that are shipped, on the real data of the demo.
load helper

prepare() {
	export CRATON_NOW=2026-11-23T12:00:00Z
	craton-inv import -q --source netbox "$ROOT/share/demo/netbox.jsonl"
	craton-inv import -q --source facter "$ROOT/share/demo/facts.jsonl"
	craton-inv import -q --source cmdb "$ROOT/share/demo/overlay.jsonl"
}

# The findings of an audit, by check and status.
found() {
	craton-audit run --exit-zero -q "$1" |
		jq -r 'select(.kind == "finding") | "\(.check) \(.status)"' | sort | uniq -c |
		sed 's/^ *//'
}

@test "device-records finds devices without name, platform, tenant, cabinet, address" {
	run -0 found device-records
	prints "$(printf '%s\n' '125 device-records/address fail' '53 device-records/cabinet fail' \
		'21 device-records/named fail' '46 device-records/platform fail' \
		'67 device-records/tenant fail')"
}

@test "os-support finds the systems past their end, and none it cannot judge" {
	run -0 found os-support
	prints '18 os-support/supported fail'
	gives 0 bash -c 'craton-audit findings -o names | grep -c -e centos-10 -e ubuntu-24.04 || true'
	prints 0
}

@test "host-hardening and host-capacity judge by facts" {
	run -0 found host-hardening
	prints "$(printf '%s\n' '6 host-hardening/no-dsa fail' '3 host-hardening/selinux fail')"
	run -0 found host-capacity
	prints "$(printf '%s\n' '1 host-capacity/memory error' '2 host-capacity/memory fail')"
}

@test "vm-records finds machines of nobody" {
	run -0 found vm-records
	prints "$(printf '%s\n' '180 vm-records/address fail' '180 vm-records/tenant fail')"
}

@test "conflicts finds exactly where the demo's sources contradict each other" {
	run -0 found conflicts
	prints "$(printf '%s\n' '4 conflicts/attributes fail' '5 conflicts/labels fail')"
}

@test "duplicates and management-ports ask the whole fleet" {
	run -0 found duplicates
	prints '53 duplicates/hostname fail'
	run -0 found management-ports
	prints '25 management-ports/cable fail'
}

@test "run twice, an audit sees the same findings again and makes no new ones" {
	found device-records >first
	found device-records >second
	cmp first second
	gives 0 bash -c 'craton-audit findings -o jsonl | jq -s "map(.times) | unique"'
	prints $'[\n  2\n]'
}
