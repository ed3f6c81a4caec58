#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Two persons for the irreversible, the large and the loosened; and breaking the glass.
# shellcheck disable=SC2154 # bats sets output and stderr
load helper
load runs

prepare() {
	fleet 40
	printf 'soak: 0\ngap: 0\napprove_items: 5\nidentity: false\n' >"$CRATON_DB.policy"
	flow
}

# flow STEP: a workflow of one step, with what it says.
flow() {
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0}' \
		"steps: {one: {run: [echo, \"{item}\"]${1:+, $1}}}" >w.yaml
}

# as_other COMMAND...: as root by sudo of another user, nobody.
as_other() {
	[ "$(id -u)" -eq 0 ] || skip "only root can be two persons"
	[ "$(cat /proc/self/loginuid)" -eq 4294967295 ] || skip "the kernel knows who logged in"
	SUDO_UID=$(id -u nobody) "$@"
}

@test "a plan of more items than approve_items is refused until another person has approved it" {
	gives 0 craton-remediate plan w.yaml -w 'compute-[0001-0006]'
	says 'a second person has to approve it: 6 items > approve_items 5'
	printf '%s\n' "$output" >p
	refuses 3 craton-remediate run p
	says "refused: a second person has to approve this plan: 6 items > approve_items 5; another than $(id -un) types \"craton-remediate approve p\""
	as_other craton-remediate approve -m CHG1 p >shown
	gives 0 craton-remediate run -q p
	gives 0 craton-remediate log --all -o jsonl
	[ "$(jq -rc 'select(.event == "plan.approve") | [.workflow, .items, .author, .actor, .reason]' <<<"$output")" = \
		"[\"w\",6,\"$(id -un)\",\"nobody\",\"CHG1\"]" ]
}

@test "one of as many as approve_items needs nobody" {
	craton-remediate plan -q w.yaml -w 'compute-[0001-0005]' >p
	gives 0 craton-remediate run -q p
}

@test "who made the plan does not approve it, whatever he says he is" {
	craton-remediate plan -q w.yaml -w 'compute-[0001-0006]' >p
	gives 3 craton-remediate approve p
	says "refused: $(id -un) made this plan; it wants the word of another person"
	USER=nobody LOGNAME=nobody gives 3 craton-remediate approve p
	refuses 3 craton-remediate run p
}

@test "the second person sees the names, the labels and why; -n shows and approves nothing" {
	craton-remediate plan -q w.yaml -w 'compute-[0001-0006]' >p
	gives 0 craton-remediate approve -n p
	has 'compute-[0001-0006]'
	has 'second person'
	has '  6 items > approve_items 5'
	[[ $output =~ compute\ +6 ]]
	[[ $output =~ cabinet\ +a01\ 4,\ a02\ 2 ]]
	refuses 3 craton-remediate run p
}

@test "an approval is bound to the plan: a plan that was edited or made anew wants another" {
	craton-remediate plan -q w.yaml -w 'compute-[0001-0006]' >p
	as_other craton-remediate approve p >shown
	CRATON_NOW=2026-01-02T03:04:06Z craton-remediate plan -q w.yaml -w 'compute-[0001-0006]' >q
	refuses 3 craton-remediate run q
	gives 0 craton-remediate run -q p
}

@test "an approval expires after approval_life" {
	craton-remediate plan -q w.yaml -w 'compute-[0001-0006]' >p
	as_other craton-remediate approve p >shown
	CRATON_NOW=2026-01-02T11:04:06Z refuses 3 craton-remediate run p
	says 'that nobody approved it at 2026-01-02T03:04:05Z is not within approval_life 8h'
	CRATON_NOW=2026-01-02T11:04:05Z gives 0 craton-remediate run -q p
}

@test "a loosened limit wants a second person, and no command line lets that go" {
	craton-remediate plan -q w.yaml -w compute-0001 --loosen max_fail=4 -m try >p
	refuses 3 craton-remediate run p
	says 'max_fail is loosened: 4, not 3'
	refuses 3 craton-remediate plan w.yaml -w compute-0001 --loosen approve_loosened=false -m try
	says "only the site's policy says that"
	echo 'approve_loosened: false' >>"$CRATON_DB.policy"
	craton-remediate plan -q w.yaml -w compute-0001 --loosen max_fail=4 -m try >p
	gives 0 craton-remediate run -q p
}

@test "an irreversible step wants a second person, and plan and its picture say so" {
	flow 'irreversible: true'
	gives 0 craton-remediate plan w.yaml -w compute-0001
	says 'a second person has to approve it: step one is irreversible'
	printf '%s\n' "$output" >p
	gives 0 craton-remediate plan --show p
	has 'irreversible; once only'
	refuses 3 craton-remediate run p
	as_other craton-remediate approve p >shown
	gives 0 craton-remediate run -q p
}

@test "an undo that was never tried counts as none; once it has ended well it counts" {
	printf '%s\n' 'workflow: w' 'proof: none' 'batch: {canary: 0, max_fail: 1}' 'steps:' \
		'  one: {run: [echo], undo: [echo]}' '  two: {run: [test, "{item}", "!=", compute-0001], else: undo}' >w.yaml
	craton-remediate plan -q w.yaml -w compute-0001 >p
	refuses 3 craton-remediate run p
	says 'the undo of step one has never been tried'
	echo 'max_fail_share: 100%' >>"$CRATON_DB.policy"
	craton-remediate plan -q w.yaml -w compute-0001 >p
	gives 1 craton-remediate run -q --break-glass -m 'first try' p
	craton-remediate plan -q w.yaml -w compute-0002 >p
	gives 0 craton-remediate run -q p
}

@test "breaking the glass goes without the second person: with a reason, loud, and in the journal" {
	craton-remediate plan -q w.yaml -w 'compute-[0001-0006]' >p
	refuses 2 craton-remediate run --break-glass p
	says '--break-glass: -m REASON is wanted'
	gives 0 craton-remediate run --break-glass -m 'site is down' p
	says "the glass is broken by $(id -un): site is down"
	has "glass broken by $(id -un): site is down"
	gives 0 craton-remediate log -o jsonl
	[ "$(jq -rc 'select(.event == "run.glass") | .reason' <<<"$output")" = 'site is down' ]
}

@test "the glass also opens a closed window, for that engine alone" {
	sed -i '1a window: "Sat 10:00-12:00 UTC"' w.yaml
	craton-remediate plan -q w.yaml -w compute-0001 >p
	gives 4 craton-remediate run -q p
	refuses 2 craton-remediate resume --break-glass
	gives 0 craton-remediate resume -q --break-glass -m 'cannot wait'
}

@test "a dry run says that a second person is missing, and goes on" {
	craton-remediate plan -q w.yaml -w 'compute-[0001-0006]' >p
	gives 0 craton-remediate run -n p
	says 'a second person has to approve this plan'
	has 'would run host:dfw/compute-0006 one'
}

@test "approve: what is no plan, a wave of a plan, a run with -n" {
	gives 2 craton-remediate approve nowhere.plan
	craton-remediate plan -q w.yaml -w compute-0001 >p
	refuses 2 craton-remediate approve --wave 2 p
	refuses 2 craton-remediate approve -n 7
}
