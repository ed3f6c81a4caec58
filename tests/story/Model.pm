# SPDX-License-Identifier: Apache-2.0
# What craton-source(7), craton(7) and craton-records(5) say an inventory is after some imports
# and edits, in as few words as possible: nothing is fast, stored or shared with the tools. It
# knows hosts and virtual machines in one cloud, and renders the records that the tools print.
package Model;
use strict;
use warnings;

# ---- texts ----

sub text {
	my ($t) = @_;
	$t =~ s/(["\\])/\\$1/g;
	return "\"$t\"";
}

# A value is a JSON text already. Keys sorted: canonical.
sub object {
	my ($h) = @_;
	return '{' . join(',', map { text($_) . ":$h->{$_}" } sort keys %$h) . '}';
}

sub list { return '[' . join(',', @_) . ']' }

# ---- the whole ----

sub new {
	my ($class, $actor) = @_;
	return bless {actor => $actor, entry => 0, at => '', items => [], sources => {},
	    # Places are items too, with variables by source: their layers as those of hosts.
	    places => {}, changes => 0, times => 0}, $class;
}

# A change that is different takes a number; all of one command has the same.
sub begin {
	my ($m, $at, $now, $reason) = @_;
	$m->{command} = {at => $at, now => $now, reason => $reason, entry => 0};
}

sub entry {
	my ($m) = @_;
	$m->{command}{entry} ||= ++$m->{entry};
	$m->{changes}++;
	return $m->{command};
}

# ---- sources ----

sub source {
	my ($m, $name, %set) = @_;
	my $s = $m->{sources}{$name} ||= {name => $name, rank => 100, ranks => {}, stale => 0,
	    order => scalar(keys %{$m->{sources}}), keys => {}};
	@$s{keys %set} = values %set;
	$m->{times}++ if %set;
	return $s;
}

sub rank {
	my ($s, $key) = @_;
	return $s->{rank} unless %{$s->{ranks}};
	my ($best) = sort { length($b) <=> length($a) } grep { fits($_, $key) } keys %{$s->{ranks}};
	return defined $best ? $s->{ranks}{$best} : $s->{rank};
}

# Patterns of the story end in a star or have none.
sub fits {
	my ($pattern, $key) = @_;
	return 0 if ($pattern =~ /^item\./) != ($key =~ /^item\./);
	return $pattern eq $key unless $pattern =~ s/\*$//;
	return index($key, $pattern) == 0;
}

# Names of the sources that have a key of a thing's part, the winner first.
sub order {
	my ($m, $thing, $part, $key) = @_;
	my $layers = $thing->{layers};
	return grep { $layers->{$_} && exists $layers->{$_}{$part}{$key} }
	    $m->best($part eq 'attributes' ? "item.$key" : $key);
}

# All sources in the order in which they count for a key.
sub best {
	my ($m, $key) = @_;
	$m->{ranked} = {times => $m->{times}} if ($m->{ranked}{times} // -1) != $m->{times};
	return @{$m->{ranked}{"key $key"} ||= [sort {
		my ($x, $y) = @{$m->{sources}}{$a, $b};
		$x->{stale} <=> $y->{stale} || rank($x, $key) <=> rank($y, $key) || $x->{order} <=> $y->{order}
	} keys %{$m->{sources}}]};
}

# ---- what an item is ----

sub attribute {
	my ($m, $item, $key) = @_;
	my ($source) = $m->order($item, 'attributes', $key);
	return defined $source ? $item->{layers}{$source}{attributes}{$key}{value} : undef;
}

sub name {
	my ($m, $item) = @_;
	my $name = $m->attribute($item, 'name');
	$item->{name} = $name if defined $name;
	return $item->{name};
}

# Region and cell are one source's together.
sub place {
	my ($m, $item) = @_;
	my ($source) = grep {
		my $layer = $item->{layers}{$_};
		$layer && ($layer->{attributes}{region} || $layer->{attributes}{cell})
	} $m->best('item.region');
	return ('', '') unless defined $source;
	my $a = $item->{layers}{$source}{attributes};
	my $cell = $a->{cell} ? $a->{cell}{value} : '';
	return ($cell ? $m->{cells}{$cell} : $a->{region}{value}, $cell);
}

sub escape {
	my ($t) = @_;
	$t =~ s/([^A-Za-z0-9._~+=@,\x80-\xff-])/sprintf '%%%02X', ord $1/ge;
	return $t;
}

sub ref_of {
	my ($m, $item) = @_;
	return "vm:$item->{slot}" if $item->{kind} eq 'vm';
	my ($region) = $m->place($item);
	return 'host:' . ($region ? "$region/" : '') . escape($m->name($item));
}

sub living { my ($m) = @_; return grep { !$_->{retired} } @{$m->{items}} }

# ---- which item a record is about ----

sub serial {
	my ($record) = @_;
	my $serial = $record->{serial};
	return undef unless defined $serial;
	$serial =~ s/^\s+|\s+$//g;
	$serial = uc $serial;
	my %none = map { $_ => 1 } 'N/A', 'NONE', 'TO BE FILLED BY O.E.M.', 'DEFAULT STRING',
	    'SYSTEM SERIAL NUMBER', '0123456789';
	return undef if length $serial < 4 || $none{$serial} || $serial =~ /^(.)\1*$/;
	return $serial;
}

# Rules 3 to 5 of craton-source(7), on what there was before the import.
sub prepare_search {
	my ($m, $source, $records) = @_;
	my %seen;
	$m->{search} = my $s = {serials => {}, twice => {}, places => {}, names => {}, known => {}};
	for my $item ($m->living) {
		next unless $item->{kind} eq 'host';
		my %of = map { $_ => 1 } grep { defined } map {
			my $a = $_->{attributes}{serial};
			$a ? serial({serial => $a->{value}}) : undef
		} values %{$item->{layers}};
		push @{$s->{serials}{$_}}, $item for keys %of;
		my ($region) = $m->place($item);
		$s->{places}{"$region/" . $m->name($item)} = $item;
		push @{$s->{names}{$m->name($item)}}, $item;
	}
	$seen{$_}++ for grep { defined } map { serial($_) } @$records;
	$s->{twice} = {map { $_ => 1 } grep { $seen{$_} > 1 } keys %seen};
	$s->{known}{$_->{id}} = 1 for values %{$m->{sources}{$source}{keys}};
}

# Whether another source gives the item the serial.
sub others_give {
	my ($item, $source, $serial) = @_;
	return grep { defined && $_ eq $serial } map {
		my $a = $item->{layers}{$_}{attributes}{serial};
		$_ ne $source && $a ? serial({serial => $a->{value}}) : undef
	} keys %{$item->{layers}};
}

sub find {
	my ($m, $source, $record) = @_;
	my $s = $m->{search};
	my $by_key = defined $record->{key} && $m->{sources}{$source}{keys}{$record->{key}};
	return $by_key if $by_key || $record->{kind} ne 'host';
	my $serial = serial($record);
	if (defined $serial && !$s->{twice}{$serial}) {
		my @have = @{$s->{serials}{$serial} || []};
		return $have[0] if @have == 1 && !$s->{known}{$have[0]{id}} &&
		    (!$have[0]{layers}{$source} || !defined $record->{key} && others_give($have[0], $source, $serial));
	}
	return undef unless defined $record->{name};
	if (defined $record->{region}) {
		my $item = $s->{places}{"$record->{region}/$record->{name}"};
		return $item if $item && !$s->{known}{$item->{id}};
		return undef;
	}
	my @named = grep { !$s->{known}{$_->{id}} } @{$s->{names}{$record->{name}} || []};
	return @named == 1 ? $named[0] : undef;
}

# ---- writing layers ----

sub put_value {
	my ($m, $part, $key, $value, $json) = @_;
	return if $part->{$key} && $part->{$key}{json} eq $json;
	$part->{$key} = {value => $value, json => $json, by => $m->entry};
}

# Takes away what a whole record does not have.
sub trim {
	my ($m, $part, $keep) = @_;
	for my $key (grep { !exists $keep->{$_} } keys %$part) {
		delete $part->{$key};
		$m->entry;
	}
}

sub put_set {
	my ($m, $layer, $what, @members) = @_;
	my $set = $layer->{$what} ||= {};
	$m->trim($set, {map { $_ => 1 } @members});
	$set->{$_} ||= $m->entry for @members;
}

sub put_layer {
	my ($m, $thing, $source, $record, $whole) = @_;
	my ($fresh, $before) = (!$thing->{layers}{$source}, $m->{changes});
	my $layer = $thing->{layers}{$source} ||= {attributes => {}, variables => {}};
	my %attributes = map { $_ => $record->{$_} }
	    grep { defined $record->{$_} } qw(name region cell serial ip_address);

	# A cell says its region: the layer keeps the innermost.
	delete $attributes{region} if defined $attributes{cell};
	$m->entry if $fresh;
	$m->trim($layer->{attributes}, \%attributes) if $whole;
	$m->trim($layer->{variables}, $record->{variables} || {}) if $whole;
	$m->put_value($layer->{attributes}, $_, $attributes{$_}, text($attributes{$_}))
	    for sort keys %attributes;
	$m->put_value($layer->{variables}, $_, undef, $record->{variables}{$_})
	    for sort keys %{$record->{variables} || {}};
	for my $set (qw(labels relations)) {
		$m->put_set($layer, $set, @{$record->{$set} || []}) if $record->{$set} || $whole;
	}
	$thing->{retired} = 0;
	delete $thing->{printed} unless $m->{changes} == $before;
}

sub make {
	my ($m, $source, $record) = @_;
	my $name = $record->{name} // "$record->{kind}-$record->{key}";
	my $slot = $record->{key} // $record->{name};
	push @{$m->{items}}, my $item = {id => scalar @{$m->{items}}, kind => $record->{kind},
	    name => $name, slot => "$source/$slot", layers => {}, retired => 0};
	return $item;
}

# ---- commands ----

# The share of its items that a full import would retire, of those it speaks of.
sub would_go {
	my ($m, $source, $records) = @_;
	my @speaks = grep { $_->{layers}{$source} } $m->living;
	$m->prepare_search($source, $records);
	my %kept = map { my $i = $m->find($source, $_); $i ? ($i->{id} => 1) : () } @$records;
	return @speaks ? grep({ !$kept{$_->{id}} } @speaks) / @speaks : 0;
}

sub import_records {
	my ($m, $source, $full, $records) = @_;
	my $s = $m->source($source);
	my %mentioned;
	$m->prepare_search($source, $records);
	my @found = map { $m->find($source, $_) } @$records;
	for my $i (0 .. $#$records) {
		my $record = $records->[$i];
		my $item = $found[$i] ||= $m->make($source, $record);
		if (defined $record->{key} && !$s->{keys}{$record->{key}}) {
			$s->{keys}{$record->{key}} = $item;
			$m->entry;
		}
		$m->put_layer($item, $source, $record, $full);
		$mentioned{$item->{id}} = 1;
	}
	if ($full) {
		$m->drop($_, $source)
		    for grep { $_->{layers}{$source} && !$mentioned{$_->{id}} } @{$m->{items}};
	}
	$m->reported($s);
}

sub drop {
	my ($m, $item, $source) = @_;
	$m->name($item); # what it is called last
	delete $item->{layers}{$source};
	delete $item->{printed};
	$m->entry;
	$item->{retired} = $m->{command}{at} unless %{$item->{layers}};
}

# Staleness is judged at the end of every import; turning stale is an entry of its own.
sub reported {
	my ($m, $s) = @_;
	$s->{seen} = $m->{command}{now};
	if ($s->{stale}) {
		$s->{stale} = 0;
		$m->{times}++;
		$m->entry;
	}
	for my $other (values %{$m->{sources}}) {
		next unless defined $other->{stale_after} && defined $other->{seen};
		next if $other->{stale} || $m->{command}{now} - $other->{seen} <= $other->{stale_after};
		$other->{stale} = 1;
		$m->{times}++;
		$m->{entry}++;
	}
}

# Variables of a place, by a source.
sub put_place {
	my ($m, $name, $source, $variables) = @_;
	my $before = $m->{changes};
	$m->put_layer($m->{places}{$name} ||= {layers => {}}, $source, {variables => $variables}, 0);
	$m->{times}++ unless $m->{changes} == $before;
}

# ---- what the tools print ----

sub labels_of {
	my ($item) = @_;
	my %all = map { $_ => 1 } map { keys %{$_->{labels} || {}} } values %{$item->{layers}};
	return sort keys %all;
}

sub relations_of {
	my ($item) = @_;
	my %all = map { $_ => 1 } map { keys %{$_->{relations} || {}} } values %{$item->{layers}};
	return sort keys %all;
}

# Levels of an item, nearest first: itself, its labels by name, its cell, its region.
sub levels {
	my ($m, $item) = @_;
	my ($region, $cell) = $m->place($item);
	my @levels = ([$m->ref_of($item), $item]);
	push @levels, ['label:' . escape($_), $m->{places}{"label:$_"}] for labels_of($item);
	push @levels, ["cell:$region/$cell", $m->{places}{$cell}] if $cell;
	push @levels, ["region:us/$region", $m->{places}{$region}] if $region;
	return grep { $_->[1] } @levels;
}

sub own {
	my ($m, $item) = @_;
	my %keys = map { $_ => 1 } map { keys %{$_->{variables}} } values %{$item->{layers}};
	return {map {
		my ($source) = $m->order($item, 'variables', $_);
		($_ => $item->{layers}{$source}{variables}{$_}{json})
	} keys %keys};
}

# For each key the candidates: [level, source, value], the winner first.
sub candidates {
	my ($m, $item) = @_;
	my %all;
	for my $level ($m->levels($item)) {
		my ($ref, $thing) = @$level;
		my %keys = map { $_ => 1 } map { keys %{$_->{variables}} } values %{$thing->{layers}};
		for my $key (keys %keys) {
			push @{$all{$key}}, [$ref, $_, $thing->{layers}{$_}{variables}{$key}]
			    for $m->order($thing, 'variables', $key);
		}
	}
	return \%all;
}

sub member { my ($key, $json) = @_; return ",\"$key\":$json" }

# What an item is printed as: kept while neither it nor what it inherits and ranks change.
sub printed {
	my ($m, $item, $what) = @_;
	return $m->$what($item) if $item->{kind} eq 'vm'; # it tells what others are called
	$item->{printed} = {times => $m->{times}} if ($item->{printed}{times} // -1) != $m->{times};
	return $item->{printed}{$what} //= $m->$what($item);
}

# The record of list --json.
sub record {
	my ($m, $item) = @_;
	my ($region, $cell) = $m->place($item);
	my $named = defined $m->attribute($item, 'name');
	my @labels = map { text($_) } labels_of($item);
	my $own = $m->own($item);
	my $out = '{"kind":' . text($item->{kind});
	$out .= member('name', text($m->name($item))) if $named;
	$out .= member('ref', text($m->ref_of($item)));
	$out .= member('cloud', '"us"') . member('region', text($region)) if $region;
	$out .= member('cell', text($cell)) if $cell;
	for my $key (qw(ip_address serial)) {
		my $value = $m->attribute($item, $key);
		$out .= member($key, text($value)) if defined $value;
	}
	$out .= member('labels', list(@labels)) if @labels;
	$out .= member('variables', object($own)) if %$own;
	return "$out}";
}

# The record of show --json: with what is inherited, relations and blame.
sub sheet {
	my ($m, $item) = @_;
	my $all = $m->candidates($item);
	my @relations = map {
		my ($type, $to) = split / /, $_, 2;
		"{\"type\":\"$type\",\"to\":" . text($m->target($to)) . '}'
	} relations_of($item);
	my $out = substr $m->printed($item, 'record'), 0, -1;
	$out .= member('resolved', object({map { $_ => $all->{$_}[0][2]{json} } keys %$all}));
	$out .= member('relations', list(@relations)) if @relations;
	my $attributes = $m->attribute_candidates($item);
	my @blame = ((map { text("item.$_") . ':' . $m->blame($attributes->{$_}) } sort keys %$attributes),
	    (map { text($_) . ':' . $m->blame($all->{$_}) } sort keys %$all));
	return $out . ',"blame":{' . join(',', @blame) . '}}';
}

sub target { my ($m, $to) = @_; return $m->ref_of($m->{by_handle}{$to}) }

# Values of places are refs.
sub attribute_candidates {
	my ($m, $item) = @_;
	my %keys = map { $_ => 1 } map { keys %{$_->{attributes}} } values %{$item->{layers}};
	my $ref = $m->ref_of($item);
	return {map {
		my $key = $_;
		($key => [map { [$ref, $_, $m->shown($key, $item->{layers}{$_}{attributes}{$key})] }
			$m->order($item, 'attributes', $key)])
	} keys %keys};
}

sub shown {
	my ($m, $key, $value) = @_;
	return {%$value, json => text("region:us/$value->{value}")} if $key eq 'region';
	return {%$value, json => text("cell:$m->{cells}{$value->{value}}/$value->{value}")} if $key eq 'cell';
	return $value;
}

# Who gave which label and relation: the rows of the sheet for people.
sub given {
	my ($m, $item) = @_;
	my @rows;
	for my $source ($m->best('')) {
		my $layer = $item->{layers}{$source} or next;
		my %sets = (%{$layer->{labels} || {}}, %{$layer->{relations} || {}});
		for my $member (keys %sets) {
			my ($type, $to) = split / /, $member, 2;
			my $what = $to ? join(' ', $m->ref_of($item), $type, $m->target($to)) : $member;
			my $by = $sets{$member};
			push @rows, join ' ', $what, $source, $m->{actor}, $by->{at}, $by->{reason} // ();
		}
	}
	return @rows;
}

sub blame {
	my ($m, $candidates) = @_;
	return list(map {
		my ($level, $source, $value) = @$_;
		my $by = $value->{by};
		"{\"value\":$value->{json},\"level\":\"$level\",\"source\":\"$source\"" .
		    ($by->{printed} //= $m->changed_by($by))
	} @$candidates);
}

sub changed_by {
	my ($m, $by) = @_;
	my $out = member('actor', text($m->{actor})) . member('at', text($by->{at}));
	$out .= member('reason', text($by->{reason})) if defined $by->{reason};
	return $out . member('entry', $by->{entry}) . '}';
}

# Rows of the view of conflicts, but for places, which are ids there.
sub conflicts {
	my ($m) = @_;
	return map { split /\n/, $m->printed($_, 'contested') } $m->living;
}

sub contested {
	my ($m, $item) = @_;
	my $ref = $m->ref_of($item);
	my @rows;
	for my $part (qw(attributes variables)) {
		my %keys = map { $_ => 1 } map { keys %{$_->{$part}} } values %{$item->{layers}};
		delete @keys{qw(region cell)} if $part eq 'attributes';
		for my $key (keys %keys) {
			my @order = $m->order($item, $part, $key);
			my %values = map { $item->{layers}{$_}{$part}{$key}{json} => 1 } @order;
			next if keys %values < 2;
			my $full = $part eq 'attributes' ? "item.$key" : $key;
			push @rows, join "\t", $ref, $full, $item->{layers}{$_}{$part}{$key}{json}, $_,
			    $_ eq $order[0] ? 1 : 0 for @order;
		}
	}
	return join "\n", @rows;
}

1;
