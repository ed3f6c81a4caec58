#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
load helper

@test "every sample is imported, and importing it again changes nothing" {
	while read -r file options; do
		# shellcheck disable=SC2086 # options are words
		gives 0 craton-inv import --db "$file.db" --source s $options "$DATA/$file"
		says ' 0 skipped'
		# shellcheck disable=SC2086
		gives 0 craton-inv import --db "$file.db" --source s $options "$DATA/$file"
		says ' 0 created, 0 changed,'
	done <<-'END'
		assets.csv --format csv --map hostname=name
		mongoexport.jsonl
		openstack_inventory.json
		openstack_user_config.prod.yml --format openstack-user-config
		openstack_user_config.pod.yml --format openstack-user-config
		kolla-multinode.ini --format ansible-ini
		nova.jsonl
		oneops.jsonl
		servicenow.jsonl
		genders --format genders
		records.yaml --format yaml
		netbox-rest.jsonl
	END
}

# A field zz where the path leads: its value comes out again, or its name is told.
@test "a field that no translator knows is kept, or told by its name" {
	jq -c . "$ROOT/share/demo/facts.jsonl" | sed -n 1,2p >facts.jsonl
	while read -r file wanted path; do
		[ -e "$file" ] || cp "$DATA/$file" .
		jq -c "($path).zz = \"a value\"" "$file" >with.json
		rm -f with.db
		gives 0 craton-inv import --db with.db --source s with.json
		if [ "$wanted" = kept ]; then
			craton-inv export --db with.db | grep -q '"a value"'
			[[ $stderr != *zz* ]]
		else
			says "zz of ${wanted/a_/a }" || { echo "$file $path"; false; }
		fi
	done <<-'END'
		mongoexport.jsonl kept .
		mongoexport.jsonl kept .nested
		openstack_inventory.json kept ._meta.hostvars[]
		openstack_inventory.json kept .all.vars
		openstack_inventory.json a_group .galera
		openstack_inventory.json _meta ._meta
		nova.jsonl kept .hypervisors[]?
		nova.jsonl kept .servers[]?
		nova.jsonl a_page .
		oneops.jsonl kept ..|objects|select(has("ciId"))
		oneops.jsonl kept ..|objects|select(has("ciId")).ciAttributes
		oneops.jsonl kept ..|objects|select(has("fromCiId")).relationAttributes
		oneops.jsonl a_relation ..|objects|select(has("fromCiId"))
		servicenow.jsonl kept .result[]?
		servicenow.jsonl a_relation .records[]?
		servicenow.jsonl a_page .
		netbox-rest.jsonl kept .results[]
		netbox-rest.jsonl kept .results[].custom_fields?
		netbox-rest.jsonl a_page .
		facts.jsonl kept .
		facts.jsonl kept .facts
	END
}

@test "what INI and genders have no meaning for is told with its line" {
	printf '[web:children]\ndb x\n[web:host]\nh1\n[web]\nh2\n' >hosts
	gives 1 craton-inv import --source ini --format ansible-ini hosts
	says 'hosts:2: "x": behind the name of a group'
	says 'hosts:3: [web:host]: hosts, children or vars is wanted'
	says 'hosts:4: in a section that is not read'
	gives 0 craton-inv list -o names --kind host
	prints host:h2
	echo 'h3 a=1,b c=2' >genders
	gives 1 craton-inv import --source genders --format genders genders
	says 'genders:1: a blank between attributes'
}

@test "an inventory that is no Ansible's says where" {
	echo '{"_meta":{"hostvars":{"h":1,"g":{}}},"web":{"hosts":{"h":{}},"vars":[1],"children":[2]}}' >list
	gives 1 craton-inv import --source a list
	says 'web: hosts and children are lists of names'
	says 'web: no name of a host or group'
	says 'web: vars is no object'
	says 'h: a host has a name and an object of variables'
	gives 0 craton-inv list -o names --kind host
	prints host:g
}

@test "Nova's last page that names a next one is told" {
	echo '{"servers":[{"id":"1","name":"a","hostId":"h"}],"servers_links":[{"rel":"next","href":"x"}]}' >pages
	gives 0 craton-inv import --source nova pages
	says 'the last page of servers names a next one'
	echo '{"servers":[{"id":"2","name":"b","hostId":"h"}]}' >>pages
	gives 0 craton-inv import --source nova pages
	[[ $stderr != *'next one'* ]]
}

@test "a key of several fields in mongoexport is the key as JSON" {
	echo '{"_id":{"rack":"a1","unit":{"$numberInt":"7"}},"name":"db1"}' |
		gives 0 craton-inv import --source m --format mongoexport
	gives 0 craton-inv export
	has '"key":"{\"rack\":\"a1\",\"unit\":7}"'
}

@test "a container of OpenStack-Ansible is on its host" {
	craton-inv import -q --source osa "$DATA/openstack_inventory.json"
	gives 0 craton-inv list --kind container --json --relations
	[ "$(jq -r '[.parent, .relations[].to, .ip_address] | @csv' <<<"$output")" = '"host:infra1","host:infra1","10.0.0.9"' ]
	gives 0 craton-inv get infra1_galera_container-1a2b3c4d container_cidr
	prints 10.0.0.0/22
}

@test "the settings of openstack_user_config.yml reach every host, and two addresses are told" {
	gives 0 craton-inv import --source osa --format openstack-user-config "$DATA/openstack_user_config.pod.yml"
	says 'infra1: address 172.29.236.10, and in image_hosts 172.29.236.11, which is left out'
	gives 0 craton-inv get compute1 global_overrides.management_bridge
	prints br-mgmt
	gives 0 craton-inv list -l group=pod1_hosts,group=shared_infra_hosts -o names
	prints host:infra1
}

@test "mongoexport's array and its lines say the same" {
	jq -s . "$DATA/mongoexport.jsonl" >array.json
	craton-inv import -q --source m array.json
	craton-inv import -q --db lines.db --source m "$DATA/mongoexport.jsonl"
	same 'craton-inv list --json' 'craton-inv list --json --db lines.db'
}

@test "a page of NetBox without its next one is told, and nothing of it is lost" {
	head -1 "$DATA/netbox-rest.jsonl" >page
	gives 0 craton-inv import --source netbox page
	says '1 of 2 objects: the last page names a next one'
	gives 0 craton-inv import -q --source netbox "$DATA/netbox-rest.jsonl"
	gives 0 craton-inv list --kind host --json
	[ "$(jq -r .region <<<"$output")" = Texas ]
}

@test "relations that come apart from their items find them by key" {
	head -1 "$DATA/oneops.jsonl" >cis
	tail -n +2 "$DATA/oneops.jsonl" >relations
	craton-inv import -q --source cms cis
	gives 0 craton-inv import -q --source cms relations
	gives 0 craton-inv list --kind bom-os --json --relations
	[ "$(jq -c '[.relations[].type]' <<<"$output")" = '["depends-on","managed-via"]' ]
}

@test "bad lines in the middle of a table are told with their lines, and the rest comes in" {
	printf 'name,json:ram\na,1\nb,x\nc\nd,4\n' >t.csv
	gives 1 craton-inv import --source t --format csv t.csv
	says 't.csv:3: ram: column 1'
	says 't.csv:4: 1 cells, and the header has 2'
	gives 0 craton-inv list -o names
	prints $'host:a\nhost:d'
	gives 2 craton-inv import --db other.db --atomic --source t --format csv t.csv || [ "$status" -eq 1 ]
	says 'nothing imported'
}

@test "usage of --map and --format" {
	refuses 2 craton-inv import --map a=name x.csv
	says '--map wants --format csv or mongoexport'
	refuses 2 craton-inv import --format csv --map name x.csv
	says 'FIELD=MEANING is wanted'
	refuses 2 craton-inv import --format cvs x.csv
	says 'did you mean "csv"?'
	printf 'name,region\ndb1,dfw\n' >t.csv
	gives 1 craton-inv import --source t t.csv
	says 'one that is not JSON is named by --format'
}

@test "an empty input is nothing, in every format" {
	for format in jsonl csv yaml mongoexport netbox netbox-rest facter openstack-ansible ansible \
	    ansible-ini openstack-user-config nova oneops servicenow genders; do
		gives 0 craton-inv import --format $format --source s /dev/null
		says ' 0 skipped'
	done
	gives 0 craton-inv list -o names
	prints ''
}
