#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016 # the plug-ins' own shells expand
# Actions: plug-ins as steps.
load helper

prepare() {
	fleet 2
	mkdir -p plugins/action
	export CRATON_PLUGINS=$PWD/plugins
	cat >plugins/action/copy <<-'END'
		#!/bin/sh
		if [ "$1" = --describe ]; then
			echo '{"name":"copy","purpose":"copies","idempotent":false,"parameters":{"source":"what","target":"where to"}}'
			exit
		fi
		echo '{"kind":"progress","done":1,"total":4,"message":"begun"}'
		echo '{"kind":"progress","done":3,"total":4}'
		sleep 1.3
		printf '{"kind":"result","input":'
		cat
		echo '}'
	END
	chmod +x plugins/action/copy
}

# workflow STEP...
workflow() {
	printf 'workflow: w\nproof: none\nsteps:\n' >w.yaml
	printf '  %s\n' "$@" >>w.yaml
}

@test "an action is handed its item and its parameters, and its progress is shown while it runs" {
	workflow 'a: {action: copy, with: {source: "{item}", target: x}}' \
		'b: {run: [echo, "{a.input}"]}'
	craton-remediate plan -q w.yaml compute-0001 >w.plan
	gives 0 craton-remediate run -o jsonl w.plan
	[ "$(jq -c 'select(.event == "step.progress") | [.step, .done, .total]' <<<"$output")" = '["a",3,4]' ]
	run sqlite3 "$CRATON_DB" 'SELECT output FROM step WHERE step = 0'
	[ "$(jq -c .input <<<"$output")" = '{"item":"compute-0001","ref":"host:dfw/compute-0001","with":{"source":"compute-0001","target":"x"}}' ]
}

@test "an action that is idempotent says how far it is, too" {
	sed -i 's/"idempotent":false/"idempotent":true/' plugins/action/copy
	workflow 'a: {action: copy, idempotent: true}'
	craton-remediate plan -q w.yaml compute-0001 >w.plan
	gives 0 craton-remediate run -o jsonl w.plan
	[ "$(jq -c 'select(.event == "step.progress") | .done' <<<"$output")" = 3 ]
}

@test "progress restarts the clock of stall" {
	cat >plugins/action/slow <<-'END'
		#!/bin/sh
		for i in 1 2 3 4; do
			echo "{\"kind\":\"progress\",\"done\":$i}"
			sleep 0.2
		done
	END
	chmod +x plugins/action/slow
	workflow 'a: {action: slow, stall: 600ms}'
	craton-remediate plan -q w.yaml compute-0001 >w.plan
	gives 0 craton-remediate run -q w.plan
}

@test "lint knows an action's parameters, and whether it may be called idempotent" {
	workflow 'a: {action: copy, with: {source: x, tagret: y}}'
	refuses 2 craton-remediate lint w.yaml
	says 'steps.a: action copy has no parameter tagret; did you mean "target"?'
	refuses 2 craton-remediate plan w.yaml compute-0001
	says 'did you mean "target"?'
	workflow 'a: {action: copy, idempotent: true}'
	refuses 2 craton-remediate lint w.yaml
	says 'steps.a: action copy says that it is not idempotent'
}

@test "an action that there is not is refused by lint with the near miss" {
	workflow 'a: {action: cpoy}'
	refuses 2 craton-remediate lint w.yaml
	says 'did you mean "copy"?'
}

@test "an action that does not describe itself may be used all the same" {
	printf '#!/bin/sh\necho hello\n' >plugins/action/bare
	chmod +x plugins/action/bare
	workflow 'a: {action: bare, with: {any: thing}}'
	gives 0 craton-remediate lint -q w.yaml
}
