/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/near.h"
#include "base/report.h"
#include "fleet/log/change.h"
#include "fleet/pairs.h"
#include "fleet/record.h"
#include "fleet/ref.h"
#include "fleet/select/select.h"
#include "fleet/source.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct unset {
	char *const *keys;
	int n;
	int64_t taken; /* values, over all items */
};

static int
check_keys(const struct unset *u, struct fault *f)
{
	if (u->n < 1)
		return fault_set(f, FAULT_USAGE, "unset: KEY is wanted");
	for (int i = 0; i < u->n; i++) {
		const char *name = pairs_attribute(u->keys[i]);

		if (name && record_field(name) == RECORD_NO_ATTRIBUTE)
			return fault_set(f, FAULT_USAGE, "item.%s: not an attribute", name);
		if (name && strcmp(name, "name") == 0)
			return fault_set(f, FAULT_USAGE, "item.name: an item keeps its name");
	}
	return 0;
}

/* One key out of a layer; counts it if it was there. */
static void
take(struct unset *u, struct document *d, const char *key)
{
	const char *name = pairs_attribute(key);
	char **object = name ? &d->attributes : &d->variables;
	struct str rest = STR_INIT;

	if (!jtext_member(JTEXT(*object), name ? name : key).text)
		return;
	jtext_with(JTEXT(*object), name ? name : key, (struct jtext){0}, &rest);
	free(*object);
	*object = str_take(&rest);
	u->taken++;
}

static int
unset_one(struct change *c, struct unset *u, int64_t item, struct fault *f)
{
	struct document d;
	int status = document_get(c->s, item, c->s->operator, & d, f);

	for (int i = 0; status == 1 && i < u->n; i++)
		take(u, &d, u->keys[i]);
	if (status == 1)
		status = change_document(c, &d, f);
	document_done(&d);
	return status < 0 ? -1 : 0;
}

static int
unset_all(struct session *s, struct unset *u, const struct ids *ids, struct fault *f)
{
	struct change c;
	int status = change_begin(&c, s, s->operator, f);

	if (status < 0)
		return -1;
	for (size_t i = 0; status == 0 && i < ids->n; i++)
		status = unset_one(&c, u, ids->v[i], f);
	if (status < 0) {
		change_rollback(&c);
		return -1;
	}
	if (change_commit(&c, f) < 0)
		return -1;
	if (ids->n > 1)
		report_note("%" PRId64 " of %zu items changed", c.changed, ids->n);
	return 0;
}

/* Nothing was there to take: the near miss is from the layer of the first item. */
static int
no_such(struct session *s, const struct unset *u, const struct ids *ids, struct fault *f)
{
	const char *attribute = pairs_attribute(u->keys[0]);
	struct near near = NEAR_INIT(attribute ? attribute : u->keys[0]);
	struct words held = {0};
	struct document d;
	struct jtext key, value;
	struct str ref = STR_INIT;
	char hint[NEAR_HINT];
	size_t at = 0;

	if (document_get(s, ids->v[0], s->operator, & d, f) >= 0 &&
	    ref_of(s, ids->v[0], &ref, f) == 0) {
		while (
		    jtext_each(JTEXT(attribute ? d.attributes : d.variables), &at, &key, &value)) {
			vec_push(&held, jtext_plain_dup(key));
			near_offer(&near, held.v[held.n - 1]);
		}
		fault_set(f, FAULT_NO, "%s: operator says nothing of \"%s\"%s", ref.text,
		    u->keys[0], near_hint(&near, hint));
	}
	document_done(&d);
	words_done(&held);
	str_done(&ref);
	return -1;
}

int
inv_unset(int argc, char **argv)
{
	struct session_options base = {0};
	struct select_options chosen = {0};
	const struct args_opt own[] = {SESSION_REASON(&base), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"unset [options] [NAME] KEY ...",
	    "Take away what the operator has set: variables, and attributes as item.KEY. The first "
	    "operand names the item, unless options choose items: then all operands are keys. "
	    "What other sources say stays.",
	    "craton-inv unset host:dfw/db1 ram_gb item.note\n"
	    "craton-inv unset -l cabinet=a12 ntp",
	    own, shared, common};
	struct session s = {0};
	struct ids ids = {0};
	struct unset u = {0};
	struct fault f;
	int n, names, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0) {
		names = n && !select_given(&chosen);
		u = (struct unset){argv + 1 + names, n - names, 0};
		status = check_keys(&u, &f);
	}
	if (status == 0)
		status = session_open(&s, &base, DB_CHANGE, &f);
	if (status == 0)
		status = select_items(
		    &s, &chosen, argv + 1, names, SELECT_TO_ACT, inv_warn, NULL, &ids, &f);
	if (status == 0)
		status = unset_all(&s, &u, &ids, &f);
	if (status == 0 && !u.taken)
		status = no_such(&s, &u, &ids, &f);
	vec_done(&ids);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
