#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Exports, judged by the tools that they are for.
load helper

# Ansible reads nothing in the plain C locale.
prepare() {
	export LC_ALL=C.UTF-8 ANSIBLE_NOCOLOR=1
}

# Two regions with a web1 each, variables on every level, labels that collide in Ansible's
# letters, texts that formats stumble over.
mixed() {
	craton-inv import -q --source test <<-'END'
		{"kind":"project","name":"default","variables":{"dns":"10.0.0.53","level":"project"}}
		{"kind":"cloud","name":"us","variables":{"ntp":"10.0.0.1","level":"cloud"}}
		{"kind":"region","name":"dfw","cloud":"us","variables":{"level":"region"}}
		{"kind":"region","name":"ord","cloud":"us"}
		{"kind":"cell","name":"c0001","region":"dfw","variables":{"level":"cell","of":"cell"}}
		{"kind":"label","name":"cabinet=c-12","variables":{"pdu":"p1","level":"cabinet"}}
		{"kind":"label","name":"compute","variables":{"level":"compute","pdu":"p2"}}
		{"kind":"host","name":"web1","cell":"c0001","ip_address":"10.0.0.5","labels":["cabinet=c-12","compute","group=web-x"],"variables":{"ram_gb":512,"list":["a;b",1],"s":"x","ssh_user":"op","ssh_port":2222}}
		{"kind":"host","name":"web2","cell":"c0001","labels":["cabinet=c_12","compute"],"note":"a, \"b\"","variables":{"s":"","t":true,"ssh_user":"o p"}}
		{"kind":"host","name":"web1","region":"ord","ip_address":"2001:db8::1","vendor":"acme","labels":["odd label"]}
		{"kind":"host","name":"in1","parent":"web2","cell":"c0001"}
	END
	craton-inv set -q host:dfw/web2 of=parent
	craton-inv link -q in1 runs-on host:dfw/web1
}

# variables NAME: what Ansible finds of a host, without what it or the export adds.
ansible_finds() {
	ansible-inventory -i "$BUILD/bin/craton-ansible-inventory" --host "$1" 2>/dev/null |
		jq -cS 'del(.craton_item, .ansible_host, .ansible_group_priority)'
}

@test "Ansible finds the variables that Craton resolves, on every level" {
	mixed
	same 'ansible_finds web1.dfw' 'craton-inv list host:dfw/web1 --json --resolved | jq -cS .resolved'
	same 'ansible_finds web2' 'craton-inv list host:dfw/web2 --json --resolved | jq -cS .resolved'
	same 'ansible_finds in1' 'craton-inv list host:dfw/in1 --json --resolved | jq -cS .resolved'
	same 'ansible_finds web1.ord' 'craton-inv list host:ord/web1 --json --resolved | jq -cS .resolved'
}

same() {
	bash -o pipefail -c "$(declare -f ansible_finds); $1" >same.a && bash -o pipefail -c "$2" >same.b
	[ -s same.a ] && diff same.a same.b
}

@test "ansible -m ping reaches the hosts of a group by the inventory script" {
	fleet 3
	craton-inv set -q --kind host ansible_connection=local
	gives 0 ansible -i "$BUILD/bin/craton-ansible-inventory" cabinet_a01 -m ping \
		-e "ansible_python_interpreter=$(command -v python3)"
	[ "$(grep -c '"ping": "pong"' <<<"$output")" -eq 3 ]
}

@test "groups of Ansible are labels, cells, regions and clouds, by names of their own" {
	mixed
	ansible-inventory -i "$BUILD/bin/craton-ansible-inventory" --list 2>/dev/null >list
	[ "$(jq -c '[.region_dfw.hosts[]] | sort' list)" = '["in1","web1.dfw","web2"]' ]
	[ "$(jq -c .cloud_us.hosts list | tr , '\n' | wc -l)" -eq 4 ]
	[ "$(jq -c '.["web-x"].hosts' list)" = '["web1.dfw"]' ]
	[ "$(jq -c '[.cabinet_c_12.hosts, .cabinet_c_12_2.hosts]' list)" = '[["web2"],["web1.dfw"]]' ]
}

@test "--host gives what --list gives of it, and {} of one that is not there" {
	mixed
	gives 0 craton-inv export -q --format ansible --host web2
	[ "$(jq -r '[.level, .of, .ntp, .dns] | @csv' <<<"$output")" = '"compute","parent","10.0.0.1","10.0.0.53"' ]
	gives 0 craton-inv export -q --format ansible --host web1
	prints '{}'
}

@test "CRATON_ANSIBLE_LABELS chooses the hosts of the script" {
	fleet 8
	CRATON_ANSIBLE_LABELS=cabinet=a02 gives 0 craton-ansible-inventory --list
	[ "$(jq '._meta.hostvars | length' <<<"$output")" -eq 4 ]
}

@test "csv, ansible and genders come back byte for byte, into a new file and out again" {
	mixed
	for format in csv ansible genders; do
		craton-inv export -q --format $format >first
		craton-inv import -q --db $format.db --format $format --source test first
		craton-inv export -q --db $format.db --format $format | cmp - first
	done
}

@test "csv has each type of relation once, its refs sorted, and no label by rule" {
	craton-inv import -q --source test <<-'END'
		{"kind":"host","name":"b"}
		{"kind":"host","name":"a"}
		{"kind":"vm","key":"1","relations":[{"type":"runs-on","to":"host:b"},{"type":"depends-on","to":"host:b"},{"type":"depends-on","to":"host:a"}],"labels":["x;y"],"variables":{"size":2}}
	END
	craton-label rule add -q red --where 'size > 1'
	gives 0 craton-inv export --format csv
	prints $'kind,name,ref,json:labels,rel:depends-on,rel:runs-on,json:var:size\r
host,b,host:b,,,,\r
host,a,host:a,,,,\r
vm,,vm:test/1,"[""x;y""]",host:a;host:b,host:b,2\r'
}

@test "Ansible's own --list comes in, and its groups and variables out again" {
	printf '[web]\nw[1:3] n=1\nw2 n=2\n[prod:children]\nweb\n[prod:vars]\nenv=prod\n[web:vars]\nport=80\n' >hosts
	ansible-inventory -i hosts --list --export 2>/dev/null | craton-inv import -q --source ansible
	ansible-inventory -i hosts --list 2>/dev/null | jq -cS ._meta.hostvars >theirs
	ansible-inventory -i "$BUILD/bin/craton-ansible-inventory" --list 2>/dev/null |
		jq -cS '._meta.hostvars | map_values(del(.craton_item))' >ours
	diff theirs ours
}

@test "Kolla's inventory reads the same in INI and by way of Ansible" {
	craton-inv import -q --db ini.db --source kolla --format ansible-ini "$DATA/kolla-multinode.ini"
	ansible-inventory -i "$DATA/kolla-multinode.ini" --list --export 2>/dev/null |
		craton-inv import -q --db json.db --source kolla
	for db in ini json; do
		for kind in host label; do
			craton-inv list --db $db.db --json --relations --kind $kind
		done | jq -cS '.relations |= (. // [] | sort)' | sort >$db
	done
	diff ini json
	[ "$(wc -l <ini)" -gt 100 ]
}

@test "nodeset knows the groups by label and place" {
	fleet 9
	mkdir -p conf/groups.d
	craton-inv export --format clustershell --to conf/groups.d/fleet.yaml
	printf '[Main]\ndefault: cabinet\nautodir: %s/conf/groups.d\n' "$PWD" >conf/groups.conf
	CLUSTERSHELL_CFGDIR=$PWD/conf gives 0 nodeset -f @cabinet:a02
	prints 'compute-[0005-0008]'
	CLUSTERSHELL_CFGDIR=$PWD/conf gives 0 nodeset -f '@region:dfw!@cabinet:a01'
	prints 'compute-[0005-0009]'
	CLUSTERSHELL_CFGDIR=$PWD/conf gives 0 nodeset -c @label:compute
	prints 9
}

@test "what no node set can name is left out, and said" {
	mixed
	gives 0 craton-inv export --format clustershell
	says '1 names or labels left out'
	[[ $output != *odd* ]]
}

@test "nodeattr reads the genders file" {
	mixed
	craton-inv export -q --format genders --to genders
	gives 0 nodeattr -f genders -n cabinet=c-12
	prints web1_dfw
	gives 0 nodeattr -f genders -v web1_ord region
	prints ord
	gives 0 nodeattr -f genders -n odd_label
	prints web1_ord
	gives 0 nodeattr -f genders -k
}

@test "ssh finds address, user and port, and leaves other hosts alone" {
	mixed
	gives 0 craton-inv export --format ssh_config --to fleet
	says '2 names or values left out'
	gives 0 ssh -G -F fleet web1.dfw
	has $'hostname 10.0.0.5\n'
	has $'user op\n'
	has $'port 2222\n'
	gives 0 ssh -G -F fleet web1.ord
	has $'hostname 2001:db8::1\n'
	gives 0 ssh -G -F fleet other
	has $'hostname other\n'
	has $'port 22\n'
}

@test "a value that would be an option or a second line never reaches ssh_config" {
	craton-inv add -q host 'a b'
	craton-inv add -q host evil ssh_user='x
ProxyCommand touch pwned' ssh_proxy_jump='-oProxyCommand=x' ssh_identity_file='%h'
	gives 0 craton-inv export --format ssh_config
	prints 'Host evil'
	says '4 names or values left out'
}

@test "file_sd is what Prometheus takes: targets, and labels in its letters" {
	mixed
	craton-inv export -q --format file_sd --port 9200 --to targets.json
	[ "$(jq -c '[.[].targets[]]' targets.json)" = '["10.0.0.5:9200","web2:9200","[2001:db8::1]:9200","in1:9200"]' ]
	jq -e 'all(.[]; (.targets | length == 1) and all(.labels | to_entries[];
	    (.key | test("^[a-zA-Z_][a-zA-Z0-9_]*$")) and (.value | type == "string")))' targets.json
	if command -v promtool; then
		printf 'scrape_configs: [{job_name: x, file_sd_configs: [{files: [targets.json]}]}]\n' >prometheus.yml
		promtool check config prometheus.yml
	fi
}

@test "--to replaces a file as a whole, and a full device is not success" {
	fleet 2
	echo old >out
	gives 0 craton-inv export --format genders --to out
	[ -z "$output" ]
	[ "$(wc -l <out)" -eq 2 ]
	run -2 bash -c 'craton-inv export --format csv >/dev/full'
	[[ $output == *"No space left"* ]]
	refuses 2 craton-inv export --format csv --to /nowhere/out
}

@test "selections narrow an export; without one it is the hosts" {
	fleet 8
	gives 0 craton-inv export --format genders -l cabinet=a02 -x compute-0007
	[ "${#lines[@]}" -eq 3 ]
	gives 0 craton-inv export --format file_sd --kind cell
	[ "$(jq -c '[.[].labels.name]' <<<"$output")" = '["c0001"]' ]
	gives 0 craton-inv export --format csv --kind region
	prints $'kind,name,ref,cloud\r\nregion,dfw,region:us/dfw,us\r'
	gives 0 craton-inv export --format genders compute-0001
	[ "${#lines[@]}" -eq 1 ]
}

@test "nothing chosen is an empty inventory in each format's own way" {
	fleet 1
	gives 0 craton-inv export --format file_sd -x compute-0001
	prints '[]'
	gives 0 craton-inv export --format ansible -x compute-0001
	[ "$(jq -c . <<<"$output")" = '{"_meta":{"hostvars":{}}}' ]
	for format in csv genders clustershell ssh_config; do
		gives 0 craton-inv export --format $format --kind host -x compute-0001
		prints ''
	done
}

@test "usage" {
	fleet 1
	refuses 2 craton-inv export --format yml
	says 'not one of jsonl, csv, ansible'
	refuses 2 craton-inv export --format anisble
	says 'did you mean "ansible"?'
	refuses 2 craton-inv export --list
	refuses 2 craton-inv export --format csv --port 1
	refuses 2 craton-inv export --format file_sd --port 70000
	refuses 2 craton-inv export -l compute
	refuses 2 craton-inv export --format ansible --list --host x
}
