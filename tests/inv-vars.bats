#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

hosts() {
	craton-inv import -q --source t <<-'END'
		{"kind":"region","name":"dfw","variables":{"ntp":{"servers":["10.0.0.1","10.0.0.2"]}}}
		{"kind":"host","name":"a","region":"dfw","variables":{"os":"debian, 12","nics":[{"speed":10},{"speed":25}],"tags":["x","y"]}}
		{"kind":"host","name":"b","region":"dfw","variables":{"os":"debian, 12","nics":[{"speed":10}],"ntp":{"servers":[]}}}
		{"kind":"host","name":"c","variables":{"odd key":{"k":1.0}}}
	END
}

@test "items are chosen by what is in their variables, inherited ones too" {
	hosts
	gives 0 craton-inv list -o names --vars 'nics[*].speed:25'
	prints host:dfw/a
	gives 0 craton-inv list -o names --vars 'os:"debian, 12",nics[0].speed:10'
	prints $'host:dfw/a\nhost:dfw/b'
	gives 0 craton-inv list -o names --kind host --vars 'ntp.servers:"10.0.0.2"'
	prints host:dfw/a
	gives 0 craton-inv list -o names --vars 'tags:["y","x"]'
	prints host:dfw/a
	gives 0 craton-inv list -o names --vars '"odd key".k:1'
	prints host:c
	gives 0 craton-inv list -o names --vars 'nics[*].*:25' -l region=dfw --where "os = 'debian, 12'"
	prints host:dfw/a
	gives 0 craton-inv list -o names --vars 'nics[2].speed:25'
	prints ''
}

@test "an unknown variable in it is told, and stops what would act" {
	hosts
	gives 0 craton-inv list --vars 'nic[*].speed:25'
	says '--vars: unknown variable nic; did you mean "nics"?'
	refuses 2 craton-inv set --vars 'nic[*].speed:25' x=1
	gives 0 craton-inv set --vars 'nics[*].speed:25' x=1
	gives 0 craton-inv get a x
	prints 1
}

@test "what is no PATH:VALUE is told with its column" {
	hosts
	refuses 2 craton-inv list --vars 'os'
	says '--vars: column 3: PATH:VALUE is wanted'
	refuses 2 craton-inv list --vars 'os:1,nics[x]:1'
	says '--vars: term 2: column 6: a number or * is wanted in brackets'
	refuses 2 craton-inv list --vars 'os:"x'
	refuses 2 craton-inv list --vars ''
	refuses 2 craton-inv list --vars os:1 --vars os:2
}

@test "a plan whose items were chosen by it skips one that it does not choose any more" {
	hosts
	printf 'workflow: w\nproof: none\nbatch: {canary: 0}\nsteps: {only: {run: ["true"], idempotent: true}}\n' >w.yaml
	craton-remediate plan -q w.yaml --vars 'nics[0].speed:10' >p.plan
	craton-inv set -q a nics='[]'
	run craton-remediate run -q -ojsonl p.plan
	has 'changed: not selected any more'
}
