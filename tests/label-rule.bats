#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Labels by rule: items carry them while an expression is true.
load helper

# h1 is in, h2 is not, h3 has no value.
three() {
	craton-inv add host h1 ram_gb=512
	craton-inv add host h2 ram_gb=256
	craton-inv add host h3
}

bigmem() { craton-label rule add -q bigmem --where 'ram_gb >= 512' "$@"; }
chosen() { craton-inv list "$@" -o names | sed 's/host://' | tr '\n' ' '; }

@test "a rule is added: the label is made, and how many carry it is told" {
	three
	gives 0 craton-label rule add bigmem --where 'ram_gb >= 512'
	[ -z "$output" ]
	says 'bigmem is a new label'
	says 'bigmem: 1 item'
	gives 0 craton-label rule list
	prints 'LABEL   MEMBERS  RULE
bigmem        1  ram_gb >= 512'
	gives 0 craton-label rule list --json
	prints '{"kind":"label","name":"bigmem","ref":"label:bigmem","rule":"ram_gb >= 512","members":1}'
	gives 0 craton-label rule list -o names
	prints label:bigmem
}

@test "membership is what is true at the time of asking" {
	three
	bigmem
	[ "$(chosen -l bigmem)" = 'h1 ' ]
	craton-inv set h2 ram_gb=1024
	[ "$(chosen -l bigmem)" = 'h1 h2 ' ]
	craton-inv unset h1 ram_gb
	[ "$(chosen -l bigmem)" = 'h2 ' ]
	craton-inv add host h4 ram_gb=512
	[ "$(chosen -l bigmem)" = 'h2 h4 ' ]
	craton-inv rm h2
	[ "$(chosen -l bigmem)" = 'h4 ' ]
}

@test "selectors know it in every form, with other labels and from names" {
	three
	bigmem
	craton-label add -q site=a h1 h2
	craton-label rule add -q site=b --where 'item.name = '"'h3'"
	[ "$(chosen -l '!bigmem')" = 'h2 h3 ' ]
	[ "$(chosen -l 'site=a,bigmem')" = 'h1 ' ]
	[ "$(chosen -l 'site=a,!bigmem')" = 'h2 ' ]
	[ "$(chosen -l 'site=b')" = 'h3 ' ]
	[ "$(chosen -l 'site in (a,b)')" = 'h1 h2 h3 ' ]
	[ "$(chosen -l 'site notin (b)')" = 'h1 h2 ' ]
	[ "$(chosen -l site)" = 'h1 h2 h3 ' ]
	[ "$(chosen -l bigmem h1 h2)" = 'h1 ' ]
	[ "$(chosen -l '!bigmem' h1 h2)" = 'h2 ' ]
	[ "$(chosen -l bigmem -w 'h[1-3]' -x h1)" = '' ]
}

@test "a source may put the label on items as well" {
	three
	bigmem
	craton-label add -q bigmem h3 h1
	[ "$(chosen -l bigmem)" = 'h1 h3 ' ]
	[ "$(chosen -l '!bigmem')" = 'h2 ' ]
	[ "$(craton-label list -o tsv | grep bigmem)" = $'bigmem\t2' ]
	[ "$(craton-inv list --json h1 | jq -c '[.labels,.rule_labels]')" = '[["bigmem"],["bigmem"]]' ]
	gives 0 craton-label rm bigmem h1 h3
	says 'bigmem: stays where its rule holds: ram_gb >= 512'
	[ "$(chosen -l bigmem)" = 'h1 ' ]
}

@test "expressions see it: has, label, labels, in a selector and in a check" {
	three
	bigmem
	craton-label rule add -q size=big --where 'ram_gb >= 512'
	[ "$(chosen --where "has('bigmem')")" = 'h1 ' ]
	[ "$(chosen --where "not has('bigmem')")" = 'h2 h3 ' ]
	[ "$(chosen --where "label('size') = 'big'")" = 'h1 ' ]
	[ "$(chosen --where "json_has(labels('size'), 'big')")" = 'h1 ' ]
	cat >size.yaml <<-'END'
	audit: size
	title: Hosts are small
	select: kind=host
	checks:
	  - id: small
	    severity: low
	    expect: not has('bigmem')
	examples:
	  pass: {labels: []}
	  fail: {labels: [bigmem]}
	END
	run -1 craton-audit run ./size.yaml --json
	[ "$(jq -r 'select(.kind == "finding") | .item' <<<"$output")" = host:h1 ]
}

@test "variables of the label are seen by who is in, with blame" {
	three
	bigmem
	craton-label set bigmem pdu=heavy
	[ "$(craton-inv get h1 pdu)" = heavy ]
	refuses 1 craton-inv get h2 pdu
	gives 0 craton-inv get --blame h1 pdu
	has 'label:bigmem'
	[ "$(chosen --where "pdu = 'heavy'")" = 'h1 ' ]
	[ "$(craton-inv list --resolved --json h1 | jq -r .resolved.pdu)" = heavy ]
}

@test "variables of several labels come in the order of the labels' names, rule or not" {
	three
	craton-label rule add -q m --where 'ram_gb >= 512'
	craton-label set m v=rule
	craton-label add -q a h1
	craton-label add -q z h1
	craton-label set z v=z
	[ "$(craton-inv get h1 v)" = rule ]
	[ "$(chosen --where "v = 'rule'")" = 'h1 ' ]
	craton-label set a v=a
	[ "$(craton-inv get h1 v)" = a ]
	[ "$(chosen --where "v = 'a'")" = 'h1 ' ]
}

@test "rules cannot go in circles: they see neither labels by rule nor what those carry" {
	three
	bigmem
	refuses 2 craton-label rule add huge --where "has('bigmem')"
	says 'bigmem is a label by rule, which no rule sees'
	craton-label set bigmem pdu=heavy
	craton-label rule add -q heavy --where "pdu = 'heavy'"
	[ "$(chosen -l heavy)" = '' ]
	# The other way round: the rule is there first, and sees what is given.
	craton-label add -q gpu h2
	craton-label rule add -q fast --where "has('gpu')"
	gives 0 craton-label rule add gpu --where 'ram_gb >= 512'
	says 'the rule of fast sees gpu only where a source gives it'
	[ "$(chosen -l fast)" = 'h2 ' ]
	[ "$(chosen -l gpu)" = 'h1 h2 ' ]
}

@test "list, show and label list say why an item is in" {
	three
	bigmem
	gives 0 craton-inv list h1
	[[ ${lines[1]} == *bigmem ]]
	gives 0 craton-inv show h1
	has 'bigmem  by rule: ram_gb >= 512'
	gives 0 craton-label list h1
	has 'bigmem  by rule: ram_gb >= 512'
	gives 0 craton-label show bigmem
	has 'host        1  h1'
	gives 0 craton-label rule show bigmem
	has 'rule       "ram_gb >= 512"  operator'
	gives 0 craton-label rule show bigmem --json
	[ "$(jq -c '[.rule,.members]' <<<"$output")" = '["ram_gb >= 512",["host:h1"]]' ]
}

@test "an item that the rule cannot be told for says so, and is not in" {
	three
	bigmem
	craton-inv set h3 ram_gb=n/a
	gives 1 craton-inv list -l bigmem -o names
	prints host:h1
	says "host:h3: label bigmem: its rule cannot be told: compares text 'n/a' with number 512"
	gives 1 craton-inv list -l '!bigmem' -o names
	prints host:h2
	gives 0 craton-inv show h3
	has "bigmem  its rule cannot be told: compares text 'n/a'"
	gives 0 craton-inv list -o names
	[ -z "$stderr" ]
	gives 0 craton-label list
	says 'host:h3: label bigmem'
	# Who would act on it is told to look first.
	refuses 2 craton-label add careful -l '!bigmem'
	says 'host:h3: label bigmem: its rule cannot be told'
	# What does not hang on it goes on.
	craton-label set bigmem pdu=heavy
	gives 1 craton-inv list --where "pdu = 'heavy'" -o names
	prints host:h1
	gives 0 craton-inv list --where "item.name = 'h3'" -o names
	prints host:h3
}

@test "rule test tells for items, before it is one and after" {
	three
	craton-inv set h3 ram_gb=n/a
	craton-inv add host h4
	gives 1 craton-label rule test --where 'ram_gb >= 512' h1 h2 h3 h4
	prints "ITEM     HOLDS    WHY
host:h1  yes
host:h2  no
host:h3  error    compares text 'n/a' with number 512
host:h4  unknown"
	bigmem
	gives 0 craton-label rule test bigmem -w h1 -o tsv
	prints $'ITEM\tHOLDS\tWHY\nhost:h1\tyes\t'
	# All items: those that are in, and those that cannot be told.
	gives 1 craton-label rule test bigmem
	[ "${#lines[@]}" -eq 3 ]
}

@test "changing a rule and taking it away are entries of the log" {
	three
	bigmem -m 'for capacity'
	gives 0 craton-label rule add bigmem --where 'ram_gb >= 256'
	says 'bigmem: its rule was ram_gb >= 512'
	[ "$(chosen -l bigmem)" = 'h1 h2 ' ]
	craton-inv log label:bigmem -o names >before
	craton-label rule add -q bigmem --where 'ram_gb >= 256'
	craton-inv log label:bigmem -o names | cmp - before
	[ "$(craton-inv log label:bigmem --json --limit 1 | jq -c '[.old,.new] | map(.attributes.rule)')" = \
	    '["ram_gb >= 512","ram_gb >= 256"]' ]
	gives 0 craton-label rule rm bigmem -m 'no more'
	[ -z "$output$stderr" ]
	[ "$(chosen -l bigmem)" = '' ]
	refuses 1 craton-label rule rm bigmem
	says 'bigmem: has no rule'
	gives 0 craton-inv fsck
}

@test "an import of what was listed makes no label by rule a plain one" {
	three
	bigmem
	craton-inv list --json | craton-inv import -q
	craton-label rule rm bigmem
	[ "$(chosen -l bigmem)" = '' ]
}

@test "a full export has the rule, and an import of it the same members" {
	three
	bigmem
	craton-inv export >all
	craton-inv import -q --db other.db all
	[ "$(CRATON_DB=other.db chosen -l bigmem)" = 'h1 ' ]
}

@test "a rule that another source gives counts, and stays that source's" {
	three
	echo '{"kind":"label","name":"bigmem","rule":"ram_gb >= 512"}' |
		craton-inv import -q --source cmdb
	[ "$(chosen -l bigmem)" = 'h1 ' ]
	refuses 1 craton-label rule rm bigmem
	says "its rule is not the operator's"
	echo '{"kind":"label","name":"bad","rule":"ram_gb >="}' >bad
	refuses 1 craton-inv import -q --source cmdb bad
	says 'bad:1: rule: '
	refuses 2 craton-inv set label:bigmem item.rule='ram_gb >='
}

@test "a plan is void for an item that is not in any more" {
	three
	bigmem
	cat >drain.yaml <<-'END'
	workflow: drain
	steps: {drain: {run: ["true"]}}
	END
	craton-remediate plan -q ./drain.yaml -l bigmem >tonight
	craton-inv set h1 ram_gb=256
	run craton-remediate run tonight
	has 'not selected any more'
}

@test "mistakes" {
	three
	refuses 2 craton-label rule
	says 'rule: add, rm, list, show or test is wanted'
	refuses 2 craton-label rule add bigmem
	says 'rule: add LABEL --where EXPR is wanted'
	refuses 2 craton-label rule rm bigmem --where true
	refuses 2 craton-label rule ad bigmem
	refuses 2 craton-label rule add bigmem --where 'ram_gb >='
	says '--where: '
	refuses 2 craton-label rule add bigmem --where 'ram_bg >= 512'
	says 'unknown variable ram_bg; did you mean "ram_gb"?'
	refuses 2 craton-label rule rm nothing
	says '"nothing": no such label'
	refuses 2 craton-label rule test
	refuses 2 craton-label rule test nothing
	gives 0 craton-label rule list
	[ -z "$output$stderr" ]
	bigmem
	run -2 bash -c 'craton-label rule list >/dev/full'
	gives 0 craton-label rule --help
}
