# SPDX-License-Identifier: Apache-2.0
# Pages as Nova's API gives them.
# shellcheck shell=bash

# hypervisors N [MICROVERSION]: 16 cores and 64 GiB each; those from 2.88 on say nothing of use.
hypervisors() {
	jq -nc --argjson n "$1" --argjson micro "${2:-87}" '{hypervisors: [range($n) | {
		id: "h-\(.)", hypervisor_hostname: "n\(.).example.com", hypervisor_type: "QEMU",
		state: "up", status: "enabled", service: {id: "s-\(.)", host: "n\(.)", disabled_reason: null},
		vcpus: 16, memory_mb: 65536} + if $micro < 88 then {vcpus_used: 0, memory_mb_used: 0,
		running_vms: 0} else {} end]}'
}

# servers N HOSTS VCPUS RAM: so many, in turn on the first so many hypervisors.
servers() {
	jq -nc --argjson n "$1" --argjson hosts "$2" --argjson vcpus "$3" --argjson ram "$4" \
		'{servers: [range($n) | {id: "v-\(.)-\($ram)", name: "v\(.)-\($ram)", status: "ACTIVE", tenant_id: "t",
		hostId: "x", "OS-EXT-SRV-ATTR:hypervisor_hostname": "n\(. % $hosts).example.com",
		flavor: {original_name: "f", vcpus: $vcpus, ram: $ram, disk: 0}, addresses: {}}]}'
}
