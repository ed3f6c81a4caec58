/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/log/undo.h"

#include "tap.h"

#include <inttypes.h>

static struct fault f;

/* ---- random documents, the same in every run ---- */

static uint64_t state = 42;

static unsigned
below(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static void
add_value(struct str *out)
{
	static const char *const values[] = {"1", "2", "\"a\"", "\"\\\"\\\\\"", "null", "true",
	    "[]", "{}", "[1,\"x\"]", "{\"a\":{\"b\":[null]}}", "\"-variables\"", "1.50"};

	str_add(out, values[below(sizeof(values) / sizeof(*values))]);
}

/* Keys that need escapes, that continue each other, that look like undo's own. */
static char *
object(void)
{
	static const char *const keys[] = {"\"\"", "\"-labels\"", "\"-variables\"", "\"a\"",
	    "\"a b\"", "\"a\\\"\"", "\"a\\\\\"", "\"ab\"", "\"labels\"", "\"variables\"",
	    "\"\xc3\xb6\""};
	struct str text = STR_INIT, canonical = STR_INIT;

	str_addc(&text, '{');
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (below(3))
			continue;
		str_addf(&text, "%s%s:", text.len > 1 ? "," : "", keys[i]);
		add_value(&text);
	}
	str_addc(&text, '}');
	if (jtext_canonical(text.text, text.len, &canonical, &f) < 0)
		tap_bail(f.text);
	str_done(&text);
	return str_take(&canonical);
}

static void
fill(struct document *d)
{
	static const char *const types[] = {"depends-on", "runs-on"};

	document_init(d, 7, 3);
	free(d->attributes);
	free(d->variables);
	d->attributes = object();
	d->variables = object();
	for (unsigned n = below(4); n; n--)
		vec_push(&d->labels, 1 + below(5));
	for (unsigned n = below(4); n; n--)
		document_add_edge(d, types[below(2)], 1 + below(3));
	document_tidy(d);
}

/* ---- properties ---- */

static int
turns_back(void)
{
	struct document old, new;
	struct str undo = STR_INIT;
	int same;

	fill(&old);
	fill(&new);
	undo_write(&old, &new, &undo);
	same = undo_apply(&new, JTEXT(undo.text), &f) == 0 && document_same(&old, &new);
	if (!same)
		printf("# %s\n# %s %s\n# %s %s\n", undo.text, old.attributes, old.variables,
		    new.attributes, new.variables);
	document_done(&old);
	document_done(&new);
	str_done(&undo);
	return same;
}

static void
always_turns_back(void)
{
	int good = 0, n = 20000;

	for (int i = 0; i < n; i++)
		good += turns_back();
	is_int(good, n, "undo makes the old document of the new one, to the byte");
}

static void
writes_what_changed(void)
{
	struct document old, new;
	struct str undo = STR_INIT;

	document_init(&old, 1, 1);
	document_init(&new, 1, 1);
	undo_write(&old, &new, &undo);
	is_text(undo.text, "{}", "of no difference there is nothing to write");
	free(old.variables);
	free(new.variables);
	old.variables = mem_dup("{\"gone\":1,\"other\":2,\"same\":3}");
	new.variables = mem_dup("{\"came\":1,\"other\":9,\"same\":3}");
	vec_push(&old.labels, 4);
	str_reset(&undo);
	undo_write(&old, &new, &undo);
	is_text(undo.text,
	    "{\"variables\":{\"gone\":1,\"other\":2},\"-variables\":[\"came\"],\"labels\":[4]}",
	    "only old values, and the keys that were not there");
	document_done(&old);
	document_done(&new);
	str_done(&undo);
}

static void
refuses_what_is_none(void)
{
	struct document d;

	document_init(&d, 1, 1);
	is_int(undo_apply(&d, JTEXT("[1]"), &f), -1, "what is no undo text is refused");
	is_int(undo_apply(&d, (struct jtext){0}, &f), -1, "so is none");
	is_int(f.kind, FAULT_SYSTEM, "as damage to the log");
	document_done(&d);
}

int
main(void)
{
	always_turns_back();
	writes_what_changed();
	refuses_what_is_none();
	return tap_end();
}
