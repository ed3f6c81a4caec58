#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What Nova says of its hypervisors and servers, judged by the shipped audits.
load helper
load nova

# The findings of an audit as "check item", by item.
found() {
	craton-audit run --exit-zero -q "$1" |
		jq -r 'select(.kind == "finding") | "\(.check) \(.item)"' | sort
}

nova() {
	craton-inv import -q --source nova
}

@test "a fleet in balance has nothing to say" {
	{ hypervisors 3 88; servers 6 3 4 16384; } | nova
	run -0 found capacity
	prints ''
}

@test "memory sold beyond what a host has is found by the sum of flavours" {
	{ hypervisors 2 88; servers 5 1 2 16384; } | nova
	run -0 found capacity
	prints "$(printf '%s\n' 'capacity/idle host:n1' 'capacity/memory-oversold host:n0' \
		'capacity/stranded host:n0')"
}

@test "Nova's own figure of use counts before the sum of flavours" {
	{ hypervisors 1; servers 5 1 2 16384; } | nova
	run -0 found capacity
	prints ''
}

@test "cores without memory beside them are stranded, a full host's are not" {
	{ hypervisors 2 88; servers 1 1 4 65536; } | nova
	run -0 found capacity
	prints "$(printf '%s\n' 'capacity/idle host:n1' 'capacity/stranded host:n0')"
	servers 1 1 12 1 | nova
	run -0 found capacity
	[[ $output != *stranded* ]]
}

@test "where no server is known, nothing is called idle" {
	hypervisors 3 88 | nova
	run -0 found capacity
	prints ''
}

@test "a host that is out of service and still carries servers is found" {
	{ hypervisors 2 88; servers 3 1 2 2048; } | nova
	craton-inv set n0 item.active=false
	run -0 found inventory-health
	prints 'inventory-health/retired-but-alive host:n0'
}
