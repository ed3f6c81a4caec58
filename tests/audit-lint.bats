#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

@test "every shipped audit passes lint, without a warning" {
	for audit in "$ROOT"/share/audits/*.yaml; do
		gives 0 craton-audit lint "$audit"
		[ -z "$stderr" ] || { echo "$stderr"; return 1; }
	done
}

@test "an example that its check gets wrong is named, and exits 1" {
	cat >t.yaml <<-'END'
	audit: t
	title: T
	checks:
	  - {id: memory, severity: low, expect: ram_gb >= 512}
	examples:
	  pass: {ram_gb: 256}
	  fail: {ram_gb: 128}
	END
	gives 1 craton-audit lint t.yaml
	says 't.yaml:6: memory is fail, should be pass'
	prints 't: 1 check, 1 of 2 examples right'
}

@test "an error in an example says why" {
	cat >t.yaml <<-'END'
	audit: t
	title: T
	checks:
	  - {id: memory, severity: low, expect: ram_gb >= 512}
	examples:
	  pass: {ram_gb: much}
	END
	gives 1 craton-audit lint t.yaml
	says 't.yaml:6: memory is error, should be pass: '
}

@test "a query is tried on small fleets" {
	cat >t.yaml <<-'END'
	audit: t
	title: T
	checks:
	  - id: addresses
	    severity: high
	    query: >-
	      SELECT ip_address AS subject, count(*) AS n FROM items
	      WHERE ip_address IS NOT NULL GROUP BY ip_address HAVING count(*) > 1
	examples:
	  pass:
	    - {kind: host, name: a, ip_address: 192.0.2.1}
	    - {kind: host, name: b, ip_address: 192.0.2.2}
	  fail:
	    - {kind: host, name: a, ip_address: 192.0.2.1}
	    - {kind: host, name: b, ip_address: 192.0.2.1}
	END
	gives 0 craton-audit lint t.yaml
	prints 't: 1 check, 2 of 2 examples right'
	sed -i 's/192.0.2.2/192.0.2.1/' t.yaml
	gives 1 craton-audit lint t.yaml
	says 'addresses is fail, should be pass'
}

@test "a check without examples is warned of" {
	printf '%s\n' 'audit: t' 'title: T' 'checks:' \
		'  - {id: a, severity: low, expect: x, remedy: reboot}' >t.yaml
	gives 0 craton-audit lint t.yaml
	says 'drive no repair'
}

@test "a mistake has file, line, key and the near miss" {
	printf '%s\n' 'audit: t' 'title: T' 'checks:' '  - {id: a, severty: low, expect: x}' >t.yaml
	refuses 2 craton-audit lint t.yaml
	says 't.yaml:4: checks[0].severty: unknown key; did you mean "severity"?'
	printf '%s\n' 'audit: t' 'title: T' 'checks:' '  - {id: a, severity: low, expect: x = }' >t.yaml
	refuses 2 craton-audit lint t.yaml
	says 't.yaml:4: checks[0].expect'
}

@test "a version without quotes is warned of" {
	printf '%s\n' 'audit: t' 'title: T' 'checks:' \
		'  - {id: a, severity: low, expect: x, message: 5.10}' \
		'examples: {pass: {x: true}, fail: {x: false}}' >t.yaml
	gives 0 craton-audit lint t.yaml
	says 't.yaml:4: checks[0].message: 5.10 is a number here; quote it if a text is meant'
}

@test "lint wants something to look at" {
	refuses 2 craton-audit lint
	refuses 2 craton-audit lint ./none.yaml
	refuses 2 craton-audit lint /dev/null
	mkdir folder
	refuses 2 craton-audit lint ./folder
}

@test "one bad definition among several does not keep the others" {
	printf '%s\n' 'audit: t' 'title: T' 'checks:' '  - {id: a, severity: low, expect: x}' \
		'examples: {pass: {x: true}, fail: {x: false}}' >good.yaml
	echo 'audit: [' >bad.yaml
	gives 1 craton-audit lint bad.yaml good.yaml
	says 'bad.yaml:'
	prints 't: 1 check, 2 of 2 examples right'
}

@test "a definition is read from a pipe" {
	gives 0 bash -o pipefail -c "cat '$ROOT/share/audits/device-records.yaml' | craton-audit lint -"
	has 'device-records: '
}

@test "the definitions in the manual are good" {
	awk '/^\.Bd -literal/ { n++; on = 1; next } /^\.Ed/ { on = 0 }
		on { gsub(/\\e/, "\\"); print >("example" n ".yaml") }' "$ROOT/man/craton-audit.5"
	[ -s example3.yaml ] && [ ! -e example4.yaml ]
	gives 0 craton-audit lint ./example*.yaml
	[ -z "$stderr" ] || { echo "$stderr"; return 1; }
}

@test "the commands in the manual run" {
	fleet 4
	craton-inv import -q --source facts <<-'END'
	{"kind":"host","name":"compute-0001","region":"dfw","variables":{"facts":{"os":{"name":"CentOS","release":{"major":"7","full":"7.9"}}}}}
	END
	run -0 craton-audit list
	run -0 craton-audit lint os-support device-records
	run -1 craton-audit run os-support -l cabinet=a01 -o table
	has 'CentOS 7.9 gets no more security updates'
	run -0 bash -o pipefail -c "craton-audit findings --severity high -o jsonl |
		jq -r 'select(.first_seen < (now - 7*86400 | todate)) | .item'"
	run -0 craton-audit waive -l cabinet=a01 --check 'os-support/*' --until 90d -m 'replaced in spring'
	run -0 craton-audit waive --list
	has 'replaced in spring'
}

@test "a name that is a file here is told from one" {
	fleet 1
	echo 'audit: mine' >mine.yaml
	refuses 2 craton-audit lint mine
	says 'no audit "mine"; the file is ./mine.yaml'
	refuses 2 craton-remediate lint mine
	says 'no workflow "mine"; the file is ./mine.yaml'
}

@test "list says why last runs are not known" {
	gives 0 craton-audit list -o names
	says 'last runs are not known: '
	says 'no database yet'
	gives 0 craton-audit list -q
	[ -z "$stderr" ]
}
