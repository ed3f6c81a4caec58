#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The page of the library against the library.
load helper

@test "craton-audits(7) has every audit and check with its severity, and nothing else" {
	for audit in "$ROOT"/share/audits/*.yaml; do
		awk '/^audit:/ { print $2 } /^  - id:/ { id = $3 } /^    severity:/ { print id, $2 }' "$audit" |
			sed "2,\$s|^|$(basename "$audit" .yaml)/|"
	done | sort >wanted
	awk '/^\.It Sy/ { audit = $3; print audit } /^\.It Cm/ { id = $3; getline; sub(":.*", "")
		print audit "/" id, $0 }' "$ROOT/man/craton-audits.7" | sort >page
	[ "$(wc -l <wanted)" -gt 30 ]
	diff wanted page
}
