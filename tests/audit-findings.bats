#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

prepare() {
	fleet 4
	cat >t.yaml <<-'END'
	audit: t
	title: T
	select: kind=host
	checks:
	  - {id: memory, severity: high, expect: ram_gb >= 512}
	  - {id: disk, severity: low, expect: disk_gb >= 10}
	examples: {disk: {pass: {disk_gb: 10}}}
	END
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
}

@test "findings lists what is open, with filters" {
	gives 0 craton-audit findings -o jsonl
	[ "${#lines[@]}" -eq 7 ]
	has '"check":"t/coverage","subject":"audit"'
	gives 0 craton-audit findings --severity high -o names
	prints $'host:dfw/compute-0001\nhost:dfw/compute-0003'
	gives 0 craton-audit findings --status error -l compute -o jsonl
	[ "${#lines[@]}" -eq 4 ]
	gives 0 craton-audit findings --check 't/mem*' compute-0001 -o names
	prints 'host:dfw/compute-0001'
	gives 0 craton-audit findings -l cabinet=a99 -o names
	prints ''
	gives 0 craton-audit findings --since 2026-01-03 -o names
	prints ''
}

@test "findings refuses words it does not know" {
	refuses 2 craton-audit findings --status fial
	says 'did you mean "fail"?'
	refuses 2 craton-audit findings --status pass
	refuses 2 craton-audit findings --severity worst
	refuses 2 craton-audit findings --open --resolved
}

@test "findings of a removed item go with it" {
	craton-inv rm compute-0001
	gives 0 craton-audit findings --severity high -o names
	prints 'host:dfw/compute-0003'
}

@test "a waiver by selector covers open findings and those to come" {
	gives 0 craton-audit waive -l cabinet=a01 --check t/memory -m 'replaced in May' --until 30d
	says 'waiver 1: covers 2 open findings'
	gives 0 craton-audit findings --status waived -o names
	prints $'host:dfw/compute-0001\nhost:dfw/compute-0003'
	gives 1 craton-audit run ./t.yaml
	has '"status":"waived","severity":"high"'
	has '"waived":2'
	gives 0 craton-audit run --fail-on high ./t.yaml
}

@test "a waiver of one item, by name" {
	gives 0 craton-audit waive compute-0001 -m known
	gives 0 craton-audit findings --status waived -o jsonl
	[ "${#lines[@]}" -eq 2 ]
	gives 0 craton-audit findings --status fail -o names
	prints 'host:dfw/compute-0003'
}

@test "an expired waiver brings the finding back, before the next run and after" {
	craton-audit waive -q --all --check t/memory -m known --until 1d
	export CRATON_NOW=2026-01-04T00:00:00Z
	gives 0 craton-audit findings --status fail -o names
	[ "${#lines[@]}" -eq 2 ]
	gives 1 craton-audit run --fail-on high ./t.yaml
	has '"status":"fail"'
	gives 0 craton-audit waive --list
	prints ''
	gives 0 craton-audit waive --list --all
	has 'expired'
}

@test "a waiver is ended by its id" {
	craton-audit waive -q compute-0001 -m known
	gives 0 craton-audit waive --list
	has 'host:dfw/compute-0001'
	has 'known'
	gives 0 craton-audit waive --end 1
	gives 0 craton-audit findings --status waived -o names
	prints ''
	refuses 2 craton-audit waive --end 1
	says 'no waiver 1 is in force'
	refuses 2 craton-audit waive --end x
}

@test "waive acts: nothing means nothing" {
	refuses 2 craton-audit waive -m known
	refuses 2 craton-audit waive -l cabinet=a99 -m known
	refuses 2 craton-audit waive -l cabnet=a01 -m known
	refuses 2 craton-audit waive compute-9999 -m known
	refuses 2 craton-audit waive compute-0001
	says '-m REASON'
	refuses 2 craton-audit waive compute-0001 -m known --until 2025-01-01
	refuses 2 craton-audit waive compute-0001 -l cabinet=a01 -m known
	refuses 2 craton-audit waive compute-0001 --check t/memroy -m known
	says '--check "t/memroy": no such check; did you mean "t/memory"?'
	refuses 2 craton-audit waive compute-0001 --check 'os-suport/*' -m known
	says '--check "os-suport/*": no such check'
	gives 0 craton-audit waive --list
	prints ''
}

@test "list shows audits with their last run" {
	gives 0 craton-audit list
	has 'os-support'
	has 'never'
	mkdir mine
	cp t.yaml mine
	CRATON_AUDITS=$PWD/mine gives 0 craton-audit list -o jsonl
	has '"name":"t","title":"T"'
	has '"last_run":"2026-01-02T03:04:05Z","complete":true'
}

@test "list without a database shows what can be run" {
	CRATON_DB=$PWD/none.db gives 0 craton-audit list -o names
	has 'device-records'
	[ ! -e none.db ]
}

@test "findings without a database says so" {
	CRATON_DB=$PWD/none.db refuses 2 craton-audit findings
	says 'no database yet'
}

@test "an audit's name means all of its checks, to findings and to waivers" {
	gives 0 craton-audit findings --check t -o names
	[ -n "$output" ]
	gives 0 craton-audit findings --check memory
	prints ''
	gives 0 craton-audit waive --all --check t -m 'for now'
	[[ $stderr != *'covers 0 '* ]]
	gives 0 craton-audit findings --status fail
	prints ''
}
