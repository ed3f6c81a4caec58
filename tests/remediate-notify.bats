#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Plug-ins that tell people.
# shellcheck disable=SC2016,SC2154 # texts for plug-ins; bats sets output and stderr
load helper
load runs

prepare() {
	fleet 2
	mkdir -p plugins/notify
	export CRATON_PLUGINS=$PWD/plugins
	printf '#!/bin/sh\ncat >%s/told.$1.$$\n' "$PWD" >plugins/notify/pager
	chmod +x plugins/notify/pager
	echo 'notify: pager' >>"$CRATON_DB.policy"
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0, max_fail: 0}' \
		'steps: {one: {run: [test, "{item}", "=", compute-0002]}}' >w.yaml
}

# told WORD: until the plug-in was told of it, 10 s at most; what it was told.
told() {
	for _ in $(seq 500); do
		if cat told."$1".* 2>/dev/null | grep .; then return 0; fi
		sleep 0.02
	done
	echo "never: $1"
	return 1
}

@test "people are told that a run starts, whom it gave up, and that it tripped" {
	craton-remediate plan -q w.yaml -w compute-0001 >p
	gives 3 craton-remediate run -q p
	[ "$(told run.start | jq -r .workflow)" = w ]
	[ "$(told item.kick | jq -r .item)" = host:dfw/compute-0001 ]
	[ "$(told run.trip | jq -r .why)" = 'failures 1 > max_fail 0' ]
	[ -z "$(ls told.step.* told.run.end.* 2>/dev/null)" ]
}

@test "people are told that it ended, that all is halted, and that the glass is broken" {
	craton-remediate plan -q w.yaml -w compute-0002 >p
	gives 0 craton-remediate run -q --break-glass -m now p
	[ "$(told run.end | jq -r .state)" = 'done' ]
	[ "$(told run.glass | jq -r .reason)" = now ]
	gives 0 craton-remediate halt -m fire
	[ "$(told halt.set | jq -r .reason)" = fire ]
}

@test "one that is not there, fails or hangs is no reason not to act" {
	printf '#!/bin/sh\nexec sleep 30\n' >plugins/notify/pager
	echo 'notify: [pager, nobody]' >"$CRATON_DB.policy.new"
	grep -v '^notify' "$CRATON_DB.policy" >>"$CRATON_DB.policy.new"
	mv "$CRATON_DB.policy.new" "$CRATON_DB.policy"
	craton-remediate plan -q w.yaml -w compute-0002 >p
	gives 0 craton-remediate run p
	says 'notify: '
	says 'nobody'
	gives 0 craton-remediate policy
	has 'notifies: pager, nobody'
}

@test "a dry run tells nobody" {
	craton-remediate plan -q w.yaml -w compute-0002 >p
	gives 0 craton-remediate run -n p
	sleep 0.2
	[ -z "$(ls told.* 2>/dev/null)" ]
}
