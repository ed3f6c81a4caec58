#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Taking back what was decided of sources, of twins and of label rules; the past across both.
load helper

last() { craton-inv log --limit 1 -o names; }
now() { export CRATON_NOW=2026-01-02T03:0$1:00Z; }
state() {
	craton-inv export
	craton-inv source list --json | jq -c 'del(.seen)'
	craton-inv list --kind host -o jsonl --resolved
	craton-inv conflicts --json || [ $? = 1 ]
}

# undone COMMAND...: the command, and its entry undone, is nothing.
undone() {
	state >was
	"$@"
	state >is
	! cmp -s was is
	gives 0 craton-inv undo "$(last)"
	state | diff was -
	craton-inv fsck -q
}

# twins: one machine that two sources know by two names, a third by one of them.
twins() {
	now 5
	craton-inv import -q --source netbox <<<'{"kind":"host","key":"1","name":"db1","serial":"SN-1234","variables":{"os":"a"}}'
	craton-inv import -q --source cmdb <<<'{"kind":"host","key":"x","name":"other","variables":{"os":"b"},"labels":["pci"]}'
	craton-inv import -q --source cmdb <<<'{"kind":"host","key":"x","name":"other","serial":"SN-1234"}'
}

@test "ranks and settings come back, and are refused where later entries changed them" {
	twins
	undone craton-inv source set cmdb --rank 1
	undone craton-inv source set cmdb --placeholders 'SN-*'
	undone craton-inv source add rack-list --rank 7
	craton-inv source add rack-list --rank 7
	craton-inv source set rack-list --rank 8
	gives 3 craton-inv undo "$(($(last) - 1))"
	says "undo these first: $(last)"
}

@test "that two are two is taken back, and said again, and refused where it was said anew" {
	twins
	undone craton-inv merge --apart db1 other -m "two machines"
	gives 1 craton-inv conflicts --json
	gives 0 craton-inv undo "$(last)" -m 'they are two'
	[ "$(craton-inv conflicts --json | grep -c '"merge"' || true)" = 0 ]
	first=$(($(last) - 2))
	gives 3 craton-inv undo "$first"
	says "undo these first: $((first + 1)), $(last)"
	craton-inv fsck -q
}

@test "a source that was added does not go while something is said in its name" {
	craton-inv source add rack-list
	entry=$(last)
	craton-inv import -q --source rack-list <<<'{"kind":"host","name":"r1"}'
	gives 3 craton-inv undo "$entry"
	says "undo these first: $(last)"
}

@test "a label rule set, changed and taken away comes back" {
	twins
	undone craton-label rule add web --where "os = 'a'"
	craton-label rule add web --where "os = 'a'"
	undone craton-label rule add web --where "os = 'b'"
	undone craton-label rule rm web
}

@test "an import that changed what sources say of the same machine is undone as one" {
	twins
	undone craton-inv import -q --source cmdb <<<'{"kind":"host","key":"x","name":"renamed","serial":"SN-9","labels":[]}'
}

@test "a merge is undone exactly: both are there, with layers, keys and marks" {
	twins
	undone craton-inv merge db1 other -m "one machine"
	craton-inv import -q --source cmdb <<<'{"kind":"host","key":"x","name":"other","serial":"SN-1234"}'
	[ "$(craton-inv list --kind host -o names | wc -l)" = 2 ]
}
@test "the past before a merge and a rank has two items, and the old winners" {
	twins
	craton-inv list --kind host -o jsonl --resolved >before
	now 6
	craton-inv merge db1 other -m "one machine"
	now 7
	craton-inv source set cmdb --rank 1
	[ "$(craton-inv get other os)" = b ]
	craton-inv list --kind host -o jsonl --resolved --at 2026-01-02T03:05:30Z | diff before -
	[ "$(craton-inv get --at 2026-01-02T03:06:30Z host:db1 os)" = a ]
	[ "$(craton-inv list --kind host -o names --at 2026-01-02T03:06:30Z)" = host:db1 ]
	gives 1 craton-inv diff --from 2026-01-02T03:05:30Z --to 2026-01-02T03:06:30Z
	[ "$(craton-inv log other -o jsonl | jq -r .reason | head -1)" = 'one machine' ]
	craton-inv fsck -q
}
