#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What checks are for, and how bad it is.
# shellcheck disable=SC2154 # bats sets output and stderr
load helper

@test "explain says of a check how severe it is, why, what puts it right and where the rule comes from" {
	printf '%s\n' 'audit: a' 'title: A' 'select: kind=host' 'checks:' \
		'  - {id: one, title: It is so, severity: high, why: It would burn, expect: x = 1, remedy: w, references: ["https://example.org/r"]}' \
		'  - {id: two, severity: low, expect: x = 2}' >a.yaml
	gives 0 craton-audit explain ./a.yaml
	prints 'a/one  high
    It is so
    why      It would burn
    remedy   w
    see      https://example.org/r

a/two  low
    A'
	gives 0 craton-audit explain -o jsonl ./a.yaml
	[ "$(jq -rc 'select(.name == "a/one") | [.severity, .why, .remedy, .references[0]]' <<<"$output")" = \
		'["high","It would burn","w","https://example.org/r"]' ]
	gives 0 craton-audit explain -o names ./a.yaml
	prints 'a/one
a/two'
}

@test "explain takes one check of an audit, and names the near miss" {
	gives 0 craton-audit explain duplicates/serial
	[ "$(head -1 <<<"$output")" = 'duplicates/serial  medium' ]
	refuses 2 craton-audit explain duplicates/seral
	says 'audit duplicates has no check "seral"; did you mean "serial"?'
	gives 0 craton-audit explain -o names "$ROOT/share/audits/duplicates.yaml/serial"
	prints 'duplicates/serial'
	refuses 2 craton-audit explain nothing
	refuses 2 craton-audit explain
	refuses 2 craton-audit explain -o tsv duplicates
}

@test "every shipped check says why it is as severe as it is" {
	for audit in "$ROOT"/share/audits/*.yaml; do craton-audit explain -o jsonl "$audit"; done >checks
	[ "$(wc -l <checks)" -gt 40 ]
	[ -z "$(jq -r 'select(.why == null) | .name' checks)" ]
}
