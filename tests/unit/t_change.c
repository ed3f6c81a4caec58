/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory.h"

#include "fleet/log/fsck.h"

static void
print_fault(const char *fault, void *ctx)
{
	(void)ctx;
	printf("# %s\n", fault);
}

/* After each step the log must tell what the tables hold. */
static void
is_sound(const char *after)
{
	struct fsck k = {.s = &s, .each = print_fault};

	ok(fsck_run(&k, &f) == 0 && k.faults == 0, "sound after %s", after);
}

static int64_t
entries(void)
{
	return number("SELECT count(*) FROM txn");
}

static void
one_change_one_entry(void)
{
	struct record a, b;
	struct change c;

	record_read(&a, JTEXT("{\"kind\":\"host\",\"labels\":[\"x\"],\"name\":\"a\"}"), &f);
	record_read(&b, JTEXT("{\"kind\":\"host\",\"labels\":[\"x\"],\"name\":\"b\"}"), &f);
	ok(change_begin(&c, &s, s.operator, & f) == 0 &&
		record_put(&c, &a, RECORD_MERGE, NULL, &f) == RECORD_CREATED &&
		record_put(&c, &b, RECORD_MERGE, NULL, &f) == RECORD_CREATED,
	    "two items and their label");
	is_int(c.created, 3, "are three that are new");
	ok(change_commit(&c, &f) == 0, "written");
	is_int(entries(), 1, "in one entry");
	is_sound("it");

	ok(change_begin(&c, &s, s.operator, & f) == 0 &&
		record_put(&c, &a, RECORD_MERGE, NULL, &f) == RECORD_SAME &&
		change_commit(&c, &f) == 0,
	    "the same again");
	is_int(entries(), 1, "leaves no entry");
	record_done(&a);
	record_done(&b);
}

static void
rolled_back(void)
{
	struct record r;
	struct change c;

	record_read(&r, JTEXT("{\"kind\":\"host\",\"name\":\"gone\"}"), &f);
	change_begin(&c, &s, s.operator, & f);
	is_int(record_put(&c, &r, RECORD_MERGE, NULL, &f), RECORD_CREATED, "an item");
	change_rollback(&c);
	record_done(&r);
	is_int(find("gone"), 0, "rolled back is not there");
	is_int(entries(), 1, "nor in the log");
}

/* One record of many is undone; the entry is chained over the others only. */
static void
undone_to_a_mark(void)
{
	struct change_mark mark;
	struct record good, bad;
	struct change c;

	record_read(&good, JTEXT("{\"kind\":\"host\",\"name\":\"good\"}"), &f);
	record_read(&bad, JTEXT("{\"kind\":\"host\",\"labels\":[\"new\"],\"name\":\"bad\"}"), &f);
	change_begin(&c, &s, s.operator, & f);
	change_save(&c, &mark, &f);
	record_put(&c, &bad, RECORD_MERGE, NULL, &f);
	ok(change_undo_to(&c, &mark, &f) == 0, "a record is undone");
	change_save(&c, &mark, &f);
	record_put(&c, &good, RECORD_MERGE, NULL, &f);
	ok(change_keep(&c, &f) == 0 && change_commit(&c, &f) == 0, "another is kept");
	ok(find("good") && !find("bad") && !find("label:new"), "which is there, and only it");
	is_sound("that");
	record_done(&good);
	record_done(&bad);
}

static void
touched_twice_in_one_entry(void)
{
	struct change c;
	struct document d;
	int64_t id = find("a");

	change_begin(&c, &s, s.operator, & f);
	for (int i = 0; i < 3; i++) {
		document_get(&s, id, s.operator, & d, &f);
		free(d.variables);
		d.variables = mem_printf("{\"n\":%d}", i);
		is_int(change_document(&c, &d, &f), 1, "a layer is changed");
		document_done(&d);
	}
	is_int(change_drop(&c, id, s.operator, & f), 1, "and dropped");
	ok(change_commit(&c, &f) == 0, "in one entry");
	is_sound("that");
	ok(number("SELECT retired > 0 FROM item WHERE name = 'a'"), "the item is retired");
	put("{\"kind\":\"host\",\"ref\":\"host:a\",\"note\":\"back\"}");
	is_int(number("SELECT retired FROM item WHERE name = 'a'"), 0, "and returns");
	is_sound("that");
}

static void
places_follow(void)
{
	put("{\"kind\":\"cloud\",\"name\":\"c1\"}");
	put("{\"kind\":\"cloud\",\"name\":\"c2\"}");
	put("{\"kind\":\"region\",\"name\":\"r1\",\"cloud\":\"c1\"}");
	put("{\"kind\":\"region\",\"name\":\"r2\",\"cloud\":\"c2\"}");
	put("{\"kind\":\"cell\",\"name\":\"k\",\"region\":\"r1\"}");
	put("{\"kind\":\"host\",\"name\":\"h\",\"cell\":\"k\"}");
	ok(find("host:r1/h"), "a host in a cell is in its region");
	put("{\"kind\":\"cell\",\"ref\":\"cell:r1/k\",\"region\":\"r2\"}");
	ok(find("host:r2/h"), "and moves with the cell");
	is_int(number("SELECT cloud FROM item WHERE name = 'h'"), find("cloud:c2"), "to its cloud");
	is_sound("that");
	put("{\"kind\":\"region\",\"ref\":\"region:c2/r2\",\"cloud\":\"c1\"}");
	is_int(number("SELECT cloud FROM item WHERE name = 'h'"), find("cloud:c1"),
	    "a region takes all in it along");
	is_sound("that");
}

static void
ranks(void)
{
	struct change c;
	struct source other = {0};

	put_as("other", "{\"kind\":\"host\",\"name\":\"h\",\"note\":\"other\"}", 0, NULL);
	put("{\"kind\":\"host\",\"name\":\"h\",\"note\":\"mine\"}");
	is_int(number("SELECT note = 'mine' FROM item WHERE name = 'h'"), 1, "the operator wins");
	source_get(&s, "other", &other, &f);
	change_begin(&c, &s, s.operator, & f);
	is_int(change_rank(&c, other.id, 1, &f), 1, "until the other's rank is better");
	ok(change_commit(&c, &f) == 0, "written");
	source_done(&other);
	is_int(number("SELECT note = 'other' FROM item WHERE name = 'h'"), 1, "then it wins");
	is_sound("that");
}

static void
removed(void)
{
	struct change c;
	int64_t cloud = find("cloud:c1");
	struct ids one = {&cloud, 1, 1}, all = {0};

	put("{\"kind\":\"network-interface\",\"name\":\"eth0\",\"parent\":\"h\"}");
	put("{\"kind\":\"host\",\"name\":\"far\",\"relations\":[{\"type\":\"uses\",\"to\":\"h\"}]"
	    "}");
	is_int(change_cascade(&s, &one, &all, &f), 0, "a cloud");
	is_int((long long)all.n, 6, "takes regions, cell, host and interface along, each once");
	is_int(all.v[all.n - 1], cloud, "itself the last");
	vec_done(&all);
	change_begin(&c, &s, s.operator, & f);
	ok(change_remove(&c, &one, &f) == 0 && change_commit(&c, &f) == 0, "all are removed");
	is_int(c.removed, 6, "and counted");
	is_int(number("SELECT count(*) FROM relation"), 0, "relations to them are cut");
	is_sound("that");
}

static void
entries_come_in_order(void)
{
	setenv("CRATON_NOW", "2001-01-01T00:00:00Z", 1);
	put("{\"kind\":\"host\",\"name\":\"late\"}");
	put("{\"kind\":\"host\",\"name\":\"later\"}");
	is_int(number("SELECT count(*) FROM txn AS a JOIN txn AS b ON b.id = a.id + 1"
		      " WHERE b.at <= a.at"),
	    0, "a clock stepped back does not reorder entries");
}

int
main(void)
{
	open_inventory();
	one_change_one_entry();
	rolled_back();
	undone_to_a_mark();
	touched_twice_in_one_entry();
	places_follow();
	ranks();
	removed();
	entries_come_in_order();
	session_close(&s);
	return tap_end();
}
