/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory.h"

#include "fleet/resolve.h"

/* Names of levels, or a key's candidates as "level=value", with blanks between. */
static struct str text;

static const char *
levels(const char *name)
{
	struct item i = {0};
	struct ids ids = {0};

	str_reset(&text);
	if (item_get(&s, find(name), &i, &f) == 1 && resolve_levels(&s, &i, &ids, &f) == 0)
		for (size_t n = 0; n < ids.n; n++) {
			if (n)
				str_addc(&text, ' ');
			ref_of(&s, ids.v[n], &text, &f);
		}
	item_done(&i);
	vec_done(&ids);
	return text.text;
}

static const char *
candidates(const char *name, const char *key, int own)
{
	struct item i = {0};
	struct resolution r = {0};

	str_reset(&text);
	if (item_get(&s, find(name), &i, &f) == 1 && resolve_item(&s, &i, key, own, &r, &f) == 0)
		for (size_t n = 0; r.keys.n && n < r.keys.v[0].candidates.n; n++) {
			const struct candidate *c = &r.keys.v[0].candidates.v[n];

			str_addf(&text, "%s%.*s", n ? " " : "", (int)c->value.len, c->value.text);
		}
	item_done(&i);
	resolution_done(&r);
	return text.text;
}

static const char *
all(const char *name)
{
	struct item i = {0};
	struct resolution r = {0};

	str_reset(&text);
	if (item_get(&s, find(name), &i, &f) == 1 && resolve_item(&s, &i, NULL, 0, &r, &f) == 0)
		resolution_to_json(&r, &text);
	item_done(&i);
	resolution_done(&r);
	return text.text;
}

static void
places(void)
{
	put("{\"kind\":\"cloud\",\"name\":\"us\"}");
	put("{\"kind\":\"region\",\"name\":\"dfw\",\"cloud\":\"us\"}");
	put("{\"kind\":\"region\",\"name\":\"ord\",\"cloud\":\"us\"}");
	put("{\"kind\":\"cell\",\"name\":\"c1\",\"region\":\"dfw\"}");
	put("{\"kind\":\"cell\",\"name\":\"c2\",\"region\":\"ord\"}");
	put("{\"kind\":\"host\",\"name\":\"rack\",\"region\":\"ord\",\"labels\":[\"far\"]}");
	put("{\"kind\":\"host\",\"name\":\"chassis\",\"cell\":\"c2\",\"parent\":\"rack\"}");
	put("{\"kind\":\"host\",\"name\":\"h\",\"cell\":\"c1\",\"parent\":\"chassis\","
	    "\"labels\":[\"zz\",\"aa\",\"mm\"]}");
}

static void
order(void)
{
	is_text(levels("h"),
	    "host:dfw/h host:ord/chassis host:ord/rack label:aa label:mm label:zz"
	    " cell:dfw/c1 region:us/dfw cloud:us project:default",
	    "levels: itself, parents, labels by name, cell, region, cloud, project;"
	    " a parent's cell, region and labels do not count");
	is_text(levels("us"), "cloud:us project:default", "a cloud is not its own level twice");
	is_text(levels("aa"), "label:aa project:default", "a label is a level of its own");
	is_text(levels("default"), "project:default", "the project is the last");
}

static void
winners(void)
{
	put("{\"kind\":\"region\",\"ref\":\"region:us/"
	    "dfw\",\"variables\":{\"ntp\":\"dfw\",\"far\":1}}");
	put("{\"kind\":\"region\",\"ref\":\"region:us/ord\",\"variables\":{\"ntp\":\"ord\"}}");
	put("{\"kind\":\"cell\",\"ref\":\"cell:ord/c2\",\"variables\":{\"ntp\":\"c2\"}}");
	put("{\"kind\":\"host\",\"ref\":\"host:ord/rack\",\"variables\":{\"ntp\":\"rack\"}}");
	put("{\"kind\":\"label\",\"name\":\"mm\",\"variables\":{\"ntp\":\"mm\"}}");
	put("{\"kind\":\"label\",\"name\":\"zz\",\"variables\":{\"ntp\":\"zz\"}}");
	is_text(candidates("h", "ntp", 0), "\"rack\" \"mm\" \"zz\" \"dfw\"",
	    "the nearest wins, the losers follow in order");
	is_text(candidates("h", "ntp", 1), "", "own: only what the item says itself");
	put("{\"kind\":\"host\",\"ref\":\"host:dfw/"
	    "h\",\"variables\":{\"ntp\":{\"a\":1},\"own\":null}}");
	is_text(candidates("h", "ntp", 1), "{\"a\":1}", "and it does");
	is_text(all("h"), "{\"far\":1,\"ntp\":{\"a\":1},\"own\":null}",
	    "values are whole, keys sorted; null is a value");
	is_text(candidates("h", "nt", 0), "", "a key that none has");
}

static void
sources(void)
{
	put_as("low", "{\"kind\":\"host\",\"ref\":\"host:dfw/h\",\"variables\":{\"x\":\"low\"}}", 0,
	    NULL);
	put_as("later",
	    "{\"kind\":\"host\",\"ref\":\"host:dfw/h\",\"variables\":{\"x\":\"later\"}}", 0, NULL);
	is_text(candidates("h", "x", 0), "\"low\" \"later\"",
	    "among sources of equal rank the one known for longer wins");
	put("{\"kind\":\"host\",\"ref\":\"host:dfw/h\",\"variables\":{\"x\":\"op\"}}");
	is_text(candidates("h", "x", 0), "\"op\" \"low\" \"later\"", "the operator's rank is best");
	put_as("audit/disk", "{\"kind\":\"host\",\"ref\":\"host:dfw/h\",\"variables\":{\"x\":0}}",
	    0, NULL);
	is_text(candidates("h", "x", 0), "\"op\" \"low\" \"later\" 0", "an audit's is worst");
}

int
main(void)
{
	open_inventory();
	places();
	order();
	winners();
	sources();
	str_done(&text);
	session_close(&s);
	return tap_end();
}
