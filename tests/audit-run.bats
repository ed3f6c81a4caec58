#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

# A definition as t.yaml: its checks on stdin, indented as in the file.
definition() {
	{
		echo 'audit: t'
		echo 'title: A test'
		echo 'select: kind=host'
		cat
	} >t.yaml
}

# Memory is what fleet makes it: 256 for odd numbers, 512 for even ones.
memory() {
	definition <<-'END'
	checks:
	  - id: memory
	    severity: high
	    expect: ram_gb >= 512
	    message: "'only ' || ram_gb"
	    remedy: grow
	    domain: [cabinet]
	examples: {pass: {ram_gb: 512}, fail: {ram_gb: 1}}
	END
}

@test "run prints a record for each finding and one that closes the stream" {
	fleet 4
	memory
	gives 1 craton-audit run ./t.yaml
	[ "${#lines[@]}" -eq 3 ]
	[[ ${lines[0]} == '{"kind":"finding","check":"t/memory","item":"host:dfw/compute-0001","status":"fail","severity":"high","expected":"ram_gb >= 512","observed":{"ram_gb":256},"remedy":"grow","domain":["cabinet"],"at":"2026-01-02T03:04:05Z","id":1,"run":1,'* ]]
	[[ ${lines[0]} == *'"times":1,"message":"only 256"}' ]]
	[[ ${lines[2]} == '{"kind":"audit","run":1,"audit":"t",'*'"complete":true,"scope":4,"counts":{"pass":2,"fail":2,'*'"at":"2026-01-02T03:04:05Z"}' ]]
	jq -e . <<<"$output" >/dev/null
	says 't: 4 items: 2 pass, 2 fail'
}

@test "run on a healthy fleet exits 0 and with -q says nothing" {
	fleet 2
	definition <<-'END'
	checks:
	  - {id: memory, severity: high, expect: ram_gb >= 256}
	END
	gives 0 craton-audit run ./t.yaml
	has '"complete":true'
	gives 0 craton-audit run -q ./t.yaml
	prints ''
	[ -z "$stderr" ]
}

@test "the statuses: --exit-zero, --fail-on, and 2 for what cannot run" {
	fleet 2
	memory
	gives 0 craton-audit run --exit-zero ./t.yaml
	gives 0 craton-audit run --fail-on critical ./t.yaml
	gives 1 craton-audit run --fail-on high ./t.yaml
	refuses 2 craton-audit run --fail-on hihg ./t.yaml
	says 'did you mean "high"?'
	refuses 2 craton-audit run
	refuses 2 craton-audit run ./none.yaml
	refuses 2 craton-audit run device-recrods
	says 'did you mean "device-records"?'
	refuses 2 craton-audit run -f 0 ./t.yaml
	refuses 2 craton-audit run -o xml ./t.yaml
}

@test "a finding that passes is resolved, and reopened when it fails again" {
	fleet 2
	memory
	gives 1 craton-audit run -q ./t.yaml
	craton-inv set compute-0001 ram_gb=512
	gives 0 craton-audit run -q ./t.yaml
	gives 0 craton-audit findings -o jsonl
	prints ''
	gives 0 craton-audit findings --resolved -o jsonl
	has '"resolution":"pass"'
	craton-inv set compute-0001 ram_gb=128
	gives 1 craton-audit run -q ./t.yaml
	has '"times":2,"reopened":1,"message":"only 128"'
}

@test "what the audit no longer looks at is resolved as out of scope" {
	fleet 2
	memory
	gives 1 craton-audit run -q ./t.yaml
	sed -i 's/^select: .*/select: name=compute-0002/' t.yaml
	gives 0 craton-audit run -q ./t.yaml
	gives 0 craton-audit findings --resolved -o jsonl
	has '"resolution":"out-of-scope"'
}

@test "options narrow the scope and leave the findings of others alone" {
	fleet 4
	memory
	gives 1 craton-audit run -q ./t.yaml
	gives 1 craton-audit run -q ./t.yaml -w compute-0001
	has '"narrowed":true,"scope":1'
	gives 0 craton-audit findings -o names
	[ "${#lines[@]}" -eq 2 ]
}

@test "a missing value is an error with the reason, not a pass" {
	fleet 1
	definition <<-'END'
	checks:
	  - {id: disk, severity: low, expect: disk_gb > 10}
	examples:
	  pass: {disk_gb: 20}
	END
	gives 1 craton-audit run -q ./t.yaml
	has '"status":"error"'
	has '"message":"no value for disk_gb"'
}

@test "different types are an error that names both" {
	fleet 1
	craton-inv set compute-0001 ram_gb=n/a
	memory
	gives 1 craton-audit run -q ./t.yaml
	has '"status":"error"'
	has 'text'
}

@test "a name that nothing knows stops the run with the near miss" {
	fleet 1
	definition <<-'END'
	checks:
	  - {id: memory, severity: low, expect: ram_bg > 10}
	END
	refuses 2 craton-audit run ./t.yaml
	says 't.yaml:5: checks[0].expect'
	says 'did you mean "ram_gb"?'
}

@test "when: makes a check not applicable, and one that applies to nothing is a finding" {
	fleet 2
	definition <<-'END'
	checks:
	  - {id: some, severity: low, when: ram_gb = 512, expect: ram_gb > 256}
	  - {id: none, severity: low, when: ram_gb = 1, expect: ram_gb > 256}
	END
	gives 1 craton-audit run ./t.yaml
	has '"check":"t/none","subject":"scope","status":"error"'
	has 'applies to none of the 2 items in its scope'
	has '"counts":{"pass":1,"fail":0,"error":1,"unreachable":0,"timeout":0,"stale":0,"not-applicable":3,"waived":0}'
	sed -i 's/ram_gb = 1,/ram_gb = 256,/' t.yaml
	gives 1 craton-audit run -q ./t.yaml
	gives 0 craton-audit findings --resolved --check t/none -o jsonl
	has '"resolution":"pass"'
}

@test "a query finds what only the fleet shows" {
	fleet 4
	definition <<-'END'
	checks:
	  - id: twins
	    severity: medium
	    query: >-
	      SELECT name AS item, cell, count(*) OVER (PARTITION BY cell) AS n FROM items
	      WHERE kind = 'host' AND name < 'compute-0003'
	    message: "'one of ' || n"
	END
	gives 1 craton-audit run ./t.yaml
	has '"item":"host:dfw/compute-0001","status":"fail"'
	has '"message":"one of 2"'
	has '"pass":2,"fail":2'
	sed -i "s/compute-0003/compute-0002/" t.yaml
	gives 1 craton-audit run -q ./t.yaml
	gives 0 craton-audit findings --resolved -o names
	prints 'host:dfw/compute-0002'
}

@test "a query that fails is a finding with the reason" {
	fleet 1
	definition <<-'END'
	checks:
	  - {id: q, severity: low, query: SELECT nothing FROM items}
	END
	gives 1 craton-audit run -q ./t.yaml
	has '"subject":"query","status":"error"'
	has 'nothing'
}

@test "a query cannot write" {
	fleet 1
	definition <<-'END'
	checks:
	  - {id: q, severity: low, query: DELETE FROM item}
	END
	gives 1 craton-audit run -q ./t.yaml
	has '"status":"error"'
	gives 0 craton-inv list --kind host -o names
	prints 'host:dfw/compute-0001'
}

@test "a probe fills a variable as source audit/NAME" {
	fleet 2
	definition <<-'END'
	gather:
	  - {probe: local, run: [printf, '%s\n', "k-{item}"], into: kernel}
	checks:
	  - {id: k, severity: low, expect: kernel = 'k-compute-0001'}
	END
	gives 1 craton-audit run ./t.yaml
	has '"item":"host:dfw/compute-0002","status":"fail"'
	has '"observed":{"kernel":"k-compute-0002"}'
	gives 0 craton-inv get compute-0001 kernel
	prints 'k-compute-0001'
}

@test "a value young enough is used as it is" {
	fleet 1
	definition <<-'END'
	gather:
	  - {probe: local, run: [sh, -c, 'echo x >>asked; echo 1'], into: n, parse: json, max_age: 1h}
	checks:
	  - {id: n, severity: low, expect: n = 1}
	END
	gives 0 craton-audit run -q ./t.yaml
	gives 0 craton-audit run -q ./t.yaml
	[ "$(wc -l <asked)" -eq 1 ]
	CRATON_NOW=2026-01-02T04:04:06Z gives 0 craton-audit run -q ./t.yaml
	[ "$(wc -l <asked)" -eq 2 ]
}

@test "lines and JSON are read, text that is no JSON is an error" {
	fleet 1
	definition <<-'END'
	gather:
	  - {probe: local, run: [printf, 'a\nb\n'], into: two, parse: lines}
	  - {probe: local, run: [echo, '{{"a":[1,2]}}'], into: object, parse: json}
	  - {probe: local, run: [echo, 'nonsense'], into: broken, parse: json}
	checks:
	  - {id: two, severity: low, expect: 'json_length(two) = 2'}
	  - {id: object, severity: low, expect: 'object.a[1] = 2'}
	  - {id: broken, severity: low, expect: broken is null}
	END
	gives 1 craton-audit run -q ./t.yaml
	[ "${#lines[@]}" -eq 2 ]
	has '"check":"t/broken","item":"host:dfw/compute-0001","status":"error"'
}

@test "a probe that fails, hangs or finds no way is named for what it is" {
	fleet 1
	definition <<-'END'
	gather:
	  - {probe: local, run: [sh, -c, 'echo no such thing >&2; exit 3'], into: a}
	  - {probe: local, run: [sleep, 60], into: b, timeout: 200ms}
	  - {probe: local, run: [sh, -c, 'exit 255'], into: c}
	  - {probe: local, run: [no-such-program], into: d}
	checks:
	  - {id: a, severity: low, expect: a = ''}
	  - {id: b, severity: low, expect: b = ''}
	  - {id: c, severity: low, expect: c = ''}
	  - {id: d, severity: low, expect: d = ''}
	  - {id: e, severity: low, expect: ram_gb = 256}
	END
	gives 1 craton-audit run ./t.yaml
	has '"check":"t/a","item":"host:dfw/compute-0001","status":"error"'
	has 'exit status 3: no such thing'
	has '"check":"t/b","item":"host:dfw/compute-0001","status":"timeout"'
	has '"check":"t/c","item":"host:dfw/compute-0001","status":"unreachable"'
	has '"check":"t/d","item":"host:dfw/compute-0001","status":"error"'
	has '"pass":1,"fail":0,"error":2,"unreachable":1,"timeout":1'
}

@test "what an item once said is not judged by when it cannot be asked" {
	fleet 1
	definition <<-'END'
	gather:
	  - {probe: local, run: [cat, answer], into: answer}
	checks:
	  - {id: a, severity: low, expect: answer = 'good'}
	END
	echo good >answer
	gives 0 craton-audit run -q ./t.yaml
	rm answer
	gives 1 craton-audit run -q ./t.yaml
	has '"status":"error"'
}

@test "a probe's output above the limit is an error" {
	fleet 1
	definition <<-'END'
	gather:
	  - {probe: local, run: [head, -c, 100000, /dev/zero], into: z}
	checks:
	  - {id: z, severity: low, expect: z = ''}
	END
	gives 1 craton-audit run -q ./t.yaml
	has '"status":"error"'
	has 'more output'
}

@test "names never reach a shell" {
	# shellcheck disable=SC2016 # that is the point
	craton-inv add host '$(touch evil)'
	definition <<-'END'
	gather:
	  - {probe: local, run: [echo, "{item}"], into: said}
	checks:
	  - {id: s, severity: low, expect: said = item.name}
	END
	gives 0 craton-audit run -q ./t.yaml
	[ ! -e evil ]
}

@test "many probes run at once, more than one batch of values" {
	fleet 600
	definition <<-'END'
	gather:
	  - {probe: local, run: [echo, "{item}"], into: said}
	checks:
	  - {id: s, severity: low, expect: said = item.name}
	END
	gives 0 craton-audit run -f 16 ./t.yaml
	has '"pass":600'
}

@test "SIGTERM in mid-gather: no more probes, complete false, exit 4" {
	fleet 40
	definition <<-'END'
	gather:
	  - {probe: local, run: [sh, -c, 'echo >>started; sleep 0.3'], into: s}
	checks:
	  - {id: s, severity: low, expect: s = ''}
	END
	craton-audit run -f 2 ./t.yaml >out &
	while [ ! -s started ]; do sleep 0.05; done
	kill -TERM $!
	status=0
	wait $! || status=$?
	[ "$status" -eq 4 ]
	grep -q '"complete":false' out
	[ "$(wc -l <started)" -lt 40 ]
	gives 0 craton-audit list -o tsv
}

@test "an audit killed in mid-run has no closing record, and its row says so" {
	fleet 4
	definition <<-'END'
	gather:
	  - {probe: local, run: [sh, -c, 'echo >started; sleep 1'], into: s}
	checks:
	  - {id: s, severity: low, expect: s = ''}
	END
	craton-audit run ./t.yaml >out &
	while [ ! -s started ]; do sleep 0.05; done
	kill -KILL $!
	status=0
	wait $! || status=$?
	[ "$status" -eq 137 ]
	[ ! -s out ]
	mkdir home/.config home/.config/craton home/.config/craton/audits
	cp t.yaml home/.config/craton/audits
	gives 0 craton-audit list
	has 'not ended'
}

@test "a reader that goes away ends the run quietly, without a closing record" {
	fleet 2000
	memory
	run --separate-stderr bash -c 'craton-audit run -q ./t.yaml | head -n 1'
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[ -z "$stderr" ]
	gives 0 sqlite3 "$CRATON_DB" 'SELECT complete FROM audit_run'
	prints 0
}

@test "a full device is no success" {
	fleet 2
	memory
	run --separate-stderr -2 bash -c 'craton-audit run -q ./t.yaml >/dev/full'
	says 'No space left'
}

@test "the forms: table, tsv, json, names" {
	fleet 3
	memory
	gives 1 craton-audit run -o table ./t.yaml
	[[ ${lines[0]} == SEVERITY*STATUS*CHECK*ITEM*MESSAGE ]]
	has 'only 256'
	gives 1 craton-audit run -o json ./t.yaml
	jq -e 'length == 3 and .[2].kind == "audit"' <<<"$output"
	gives 1 craton-audit run -o names ./t.yaml
	prints $'host:dfw/compute-0001\nhost:dfw/compute-0003'
	gives 1 craton-audit run -o tsv ./t.yaml
	[ "${#lines[@]}" -eq 3 ]
}

@test "audits are found by name in CRATON_AUDITS before the shipped ones" {
	fleet 1
	mkdir mine
	definition <<<$'checks:\n  - {id: memory, severity: low, expect: ram_gb > 0}'
	cp t.yaml mine/os-support.yaml
	CRATON_AUDITS=$PWD/mine gives 0 craton-audit run os-support
	has '"audit":"t"'
}

@test "several audits are one stream, each with its own closing record" {
	fleet 2
	memory
	sed 's/^audit: t/audit: u/' t.yaml >u.yaml
	gives 1 craton-audit run ./t.yaml ./u.yaml
	[ "$(grep -c '"kind":"audit"' <<<"$output")" -eq 2 ]
}

@test "an audit of several kinds is silent where the fleet has one of them" {
	fleet 1
	craton-inv import -q --source a <<<'{"kind":"host","name":"compute-0001","region":"dfw","labels":["tenant=x","platform=y"]}'
	gives 0 craton-audit run -q device-records
	prints ''
	[ -z "$stderr" ]
}

@test "a name that no item has is passed over, and makes the exit status 1" {
	fleet 2
	memory
	gives 1 craton-audit run -w compute-0002,nobody ./t.yaml
	says '-w: no item is named nobody'
	gives 0 craton-audit run -w compute-0002 ./t.yaml
	says 't: 1 item: 1 pass'
}

@test "what is odd about a definition is told of the definition" {
	fleet 2
	memory
	sed -i "/^select/a where: ram_gb > 'a'" t.yaml
	gives 1 craton-audit run ./t.yaml
	says 't: host:dfw/compute-0001: where: compares'
	sed -i 's/^where.*/wehre: 1/' t.yaml
	refuses 2 craton-audit run ./t.yaml
	says ' ./t.yaml:4: wehre: unknown key'
}

@test "a value that is past its max_age, of an item that cannot be asked, is stale; what fails is an error" {
	fleet 1
	definition <<-'END'
	gather:
	  - {probe: local, run: [sh, -c, '[ ! -e away ] || exit 255; cat answer'], into: answer, max_age: 1h}
	checks:
	  - {id: a, severity: low, expect: answer = 'good'}
	END
	echo good >answer
	gives 0 craton-audit run -q ./t.yaml
	touch away
	export CRATON_NOW=2026-01-02T04:00:00Z
	gives 0 craton-audit run -q ./t.yaml
	export CRATON_NOW=2026-01-02T05:00:00Z
	gives 1 craton-audit run -q ./t.yaml
	has '"status":"stale"'
	has 'answer is of 2026-01-02T03:04:05Z, older than 1h, and the item could not be asked: unreachable: '
	rm away answer
	gives 1 craton-audit run -q ./t.yaml
	has '"status":"error"'
}

@test "what only a stale source says is stale, never pass, until it reports again" {
	report() {
		echo '{"kind":"host","name":"db1","variables":{"os":"debian-12"}}' |
			craton-inv import -q --source netbox
	}
	definition <<-'END'
	checks:
	  - {id: os, severity: low, expect: os = 'debian-12'}
	  - {id: named, severity: low, expect: "item.name = 'db1'"}
	END
	craton-inv source add -q netbox --stale-after 7d
	report
	gives 0 craton-audit run -q ./t.yaml
	export CRATON_NOW=2026-01-12T00:00:00Z
	gives 1 craton-audit run -q ./t.yaml
	has '"check":"t/os"'
	has '"status":"stale"'
	has 'os is of source netbox, which is stale: silent since 2026-01-02T03:04:05Z'
	craton-inv log -o jsonl | grep -q 'source netbox is stale'
	craton-inv set -q db1 os=debian-12
	gives 0 craton-audit findings --check t/os
	craton-audit run -q ./t.yaml >now || true
	grep -q '"status":"stale"' now && false
	craton-inv unset -q db1 os
	report
	gives 0 craton-audit run -q ./t.yaml
}
