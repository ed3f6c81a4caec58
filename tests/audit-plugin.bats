#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Probes by plug-ins of any language: craton-plugin(5).
# shellcheck disable=SC2016,SC2154 # texts for plug-ins; bats sets stderr
load helper

prepare() {
	mkdir -p plugins/probe
	export CRATON_PLUGINS=$PWD/plugins
}

# plugin NAME: an executable from stdin, a shell's unless it says otherwise.
plugin() {
	cat >"plugins/probe/$1.new"
	head -c 2 "plugins/probe/$1.new" | grep -q '#!' || sed -i '1i #!/bin/sh' "plugins/probe/$1.new"
	chmod +x "plugins/probe/$1.new"
	mv "plugins/probe/$1.new" "plugins/probe/$1"
}

# audit PROBE-FIELDS: t.yaml with one probe, into v, expected to be "good".
audit() {
	printf 'audit: t\ntitle: A test\nselect: kind=host\ngather:\n  - {%s, into: v}\n' "$1" >t.yaml
	printf 'checks:\n  - {id: v, severity: low, expect: "v = '"'good'"'"}\n' >>t.yaml
}

result() {
	jq -r 'select(.kind == "finding") | .status + ": " + (.message // (.observed | tostring))' <<<"$output"
}

@test "a plug-in is given ref, words and parameters, and its value is the variable" {
	fleet 1
	plugin seen <<'END'
read -r line
printf '%s\n' "$line" >seen
printf '%s\n' "$@" >>seen
echo talk >&2
echo '{"kind":"progress","done":1,"total":2}'
echo '{"kind":"result","value":"good"}'
END
	audit 'probe: seen, run: [a b, "{region}"], with: {depth: 2, to: "{label.cabinet}"}'
	gives 0 craton-audit run ./t.yaml
	[ "$(sed -n 1p seen)" = '{"item":"compute-0001","ref":"host:dfw/compute-0001","with":{"depth":2,"to":"a01"}}' ]
	[ "$(sed 1d seen)" = $'host:dfw/compute-0001\na b\ndfw' ]
}

@test "what a plug-in says of an item that has no value is taken as it is" {
	fleet 1
	plugin say <<<'cat reply; exit $(cat status)'
	audit 'probe: say'
	echo 0 >status
	while IFS='|' read -r reply wanted; do
		printf '%b' "$reply" >reply
		gives 1 craton-audit run ./t.yaml
		[ "$(result)" = "$wanted" ] || { echo "$reply: $(result)"; false; }
	done <<'END'
{"kind":"result","value":{"a":1}}\n|error: compares object {"a":1} with text 'good'
{"kind":"result","status":"unreachable","reason":"no route"}\n|unreachable: no route
{"kind":"result","status":"stale","reason":"from May"}\n|stale: from May
{"kind":"result","status":"pass"}\n|error: its result has neither a value nor a status
{"kind":"result"}\n|error: its result has neither a value nor a status
{"kind":"progress"}\n|error: no result
hello\n|error: line 1: no JSON object: column 1: "hello" is not a JSON value
{"kind":"result","value":"good"}\n{}\n|error: line 2: after the result
{"kind":"result","val|error: line 1: no JSON object: column 22: the text ends inside a string
END
	printf '{"kind":"result","value":"good"}\n' >reply
	for pair in '75|error: exit status 75' '100|error: exit status 100' '255|unreachable: exit status 255'; do
		echo "${pair%|*}" >status
		gives 1 craton-audit run ./t.yaml
		[ "$(result)" = "${pair#*|}" ]
	done
}

@test "a plug-in there is none of is refused where it is named, with the near miss" {
	fleet 1
	plugin nova-state <<<'echo'
	audit 'probe: nova-stat'
	refuses 2 craton-audit run ./t.yaml
	says 't.yaml:5: gather[0].probe: no plug-in probe/nova-stat; did you mean "nova-state"?'
	audit 'probe: local, run: [id], with: {host: a}'
	refuses 2 craton-audit run ./t.yaml
	says 'local has no such parameter'
	audit 'probe: ssh, run: [id], with: {hots: a}'
	refuses 2 craton-audit run ./t.yaml
	says 'did you mean "host"?'
	audit 'probe: ssh'
	refuses 2 craton-audit run ./t.yaml
	says 'run is wanted'
}

@test "lint holds parameters against what a plug-in says of itself, with the near miss" {
	plugin weigh <<-'END'
		[ "$1" = --describe ] && echo '{"name":"weigh","purpose":"weighs","parameters":{"scale":"which one"}}'
	END
	audit 'probe: weigh, with: {scael: big}'
	refuses 2 craton-audit lint ./t.yaml
	says 't.yaml:5: gather[0].with: probe weigh has no parameter scael; did you mean "scale"?'
	audit 'probe: weigh, with: {scale: big}'
	gives 0 craton-audit lint ./t.yaml
	plugin weigh <<<'exit 1'
	audit 'probe: weigh, with: {anything: 1}'
	gives 0 craton-audit lint ./t.yaml
}
