#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

prepare() {
	fleet 4
	cat >t.yaml <<-'END'
	audit: t
	title: Memory & disks
	select: kind=host
	coverage: 0%
	checks:
	  - {id: memory, severity: high, expect: ram_gb >= 512, message: "'<b>only</b> ' || ram_gb"}
	  - {id: disk, severity: low, expect: disk_gb >= 10}
	examples: {disk: {pass: {disk_gb: 10}}}
	END
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
}

# The clock goes on, and what the callback changed is judged again.
later() { # TIME COMMAND...
	export CRATON_NOW=$1
	shift
	"$@"
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
}

@test "a report of a project without audits says so in every form" {
	rm -f craton.db*
	fleet 1
	for form in text html map junit sarif prometheus table jsonl json tsv; do
		gives 0 craton-audit report -o "$form"
	done
	gives 0 craton-audit report
	has 'nothing open'
}

@test "text: what is new, still open and gone" {
	gives 0 craton-audit report
	has '2 high, 4 low open, of these 4 not known'
	has 'New (6)'
	later 2026-01-03T00:00:00Z craton-inv set compute-0001 ram_gb=1024
	gives 0 craton-audit report
	has 'Gone (1)'
	has 'Still open (5)'
	[[ $output != *'New ('* ]]
	later 2026-01-04T00:00:00Z craton-inv set compute-0001 ram_gb=1
	gives 0 craton-audit report
	has 'Back (1)'
	gives 0 craton-audit report --since 2026-01-04T00:00:01Z
	[[ $output != *'Back ('* ]]
}

@test "text fits 78 columns, whatever the fleet says" {
	craton-inv set compute-0001 ram_gb="$(printf 'x%.0s' {1..300})"
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
	gives 0 craton-audit report
	awk 'length > 78 { print; long = 1 } END { exit long }' <<<"$output"
}

@test "what is waived does not count, and is told with its reason" {
	craton-audit waive --check t/memory -m 'replaced in May' --until 30d --all
	gives 0 craton-audit report
	has '4 low open, of these 4 not known; 2 waived'
	gives 0 craton-audit report -o junit
	has '<skipped>replaced in May ('
	gives 0 craton-audit report -o sarif
	gives 0 jq -e '[.runs[].results[] | select(.suppressions)] | length == 2' <<<"$output"
}

@test "a report narrowed to items, checks or severity holds these only" {
	gives 0 craton-audit report -o jsonl compute-0001
	[ "$(jq -r .item <<<"$output" | sort -u)" = host:dfw/compute-0001 ]
	gives 0 craton-audit report -o jsonl --severity high
	[ "$(jq -r .check <<<"$output" | sort -u)" = t/memory ]
	gives 0 craton-audit report -o jsonl --check t/disk
	[ "$(jq -r .check <<<"$output" | sort -u)" = t/disk ]
}

@test "map: a character a device, by the label asked for" {
	gives 0 craton-audit report -o map
	has '. clear'
	[[ $output =~ a01\ +[lH?.]+ ]]
	gives 0 craton-audit report -o map --by service compute-0001
	has 'together by service'
}

@test "junit and sarif: totals are those of the findings" {
	craton-audit report -o junit >r.xml
	gives 0 xmllint --xpath 'concat(//testsuites/@tests, " ", //testsuites/@failures, " ",
	    //testsuites/@errors, " ", count(//testcase))' r.xml
	prints '7 2 4 7'
	craton-audit report -o sarif >r.json
	gives 0 jq -r '[.version, (.runs[0].results | length), (.runs[0].tool.driver.rules | length),
	    (.runs[0].results | map(.kind) | unique | join("+"))] | join(" ")' r.json
	prints '2.1.0 6 2 fail+open'
}

@test "prometheus: gauges without items" {
	gives 0 craton-audit report -o prometheus
	has 'craton_audit_findings{project="default",audit="t",severity="high"} 2'
	has 'craton_audit_run_complete{project="default",audit="t"} 1'
	[[ $output != *compute-* ]]
}

@test "html: the page begins with what is new, what is gone, and how many devices are clear" {
	later 2026-01-03T00:00:00Z craton-inv set compute-0002 disk_gb=20
	gives 0 craton-audit report -o html
	has '<p class="news">Since the run before: <b>0</b> new, <b>0</b> back, <b>1</b> gone. Of 4 devices, <b>1</b> is clear.'
	craton-audit waive --all -m 'gone soon'
	gives 0 craton-audit report -o html --since 2026-01-01
	has '<p class="news">Since <time datetime="2026-01-01T00:00:00Z">2026-01-01 00:00</time>: <b>5</b> new'
	has 'Of 4 devices, <b>1</b> is clear.'
}

@test "html: changes are told by check, with the items of each" {
	gives 0 craton-audit report -o html
	has '<code>t/memory</code> <b>2</b><div class="names"><a href="#f'
	later 2026-01-03T00:00:00Z craton-inv set compute-0001 ram_gb=1024
	gives 0 craton-audit report -o html
	[[ $output =~ '">compute-0001</a> <code>t/memory</code> ' ]]
}

@test "html: values from the fleet are text, and nothing is loaded from elsewhere" {
	craton-inv set compute-0001 'ram_gb="</script><script>alert(1)</script>"'
	craton-audit run -q --exit-zero ./t.yaml >/dev/null
	gives 0 craton-audit report -o html
	has '&lt;b&gt;only&lt;/b&gt; '
	has '&lt;script&gt;alert(1)'
	[[ $output != *'<script>alert'* ]]
	! grep -E '(src|href)="?(https?:)?//' <<<"$output"
}

@test "report refuses what it does not know" {
	refuses 2 craton-audit report -o htm
	says 'did you mean "html"?'
	refuses 2 craton-audit report --severity worst
	gives 1 craton-audit report -o jsonl nosuchhost
	prints ''
	says 'nosuchhost'
}

@test "a report that cannot be written is an error" {
	gives 2 bash -c 'craton-audit report -o html >/dev/full'
	says 'some of the output was lost'
}
