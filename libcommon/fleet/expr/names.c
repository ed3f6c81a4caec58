/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the names in an expression mean anything in this database; an item as a subject. */
#include "fleet/expr/attribute.h"
#include "fleet/expr/node.h"
#include "fleet/resolve.h"
#include "fleet/select/known.h"
#include "fleet/view.h"

#include <string.h>

static int
unknown(const struct expr *e, const char *what, const char *name, const char *hint, struct fault *f)
{
	return fault_set(f, FAULT_BAD, "%s: unknown %s %s%s", e->what, what, name, hint);
}

int
expr_check_names(
    const struct expr *e, struct session *s, const struct words *known, struct fault *f)
{
	char hint[NEAR_HINT] = "";
	int found = 1;

	for (size_t i = 0; found > 0 && i < e->variables.n; i++) {
		found = known_variable(s, e->variables.v[i], known, hint, f);
		if (found == 0)
			return unknown(e, "variable", e->variables.v[i],
			    *hint ? hint : "; a text stands in 'single quotes'", f);
	}
	for (size_t i = 0; found > 0 && i < e->attributes.n; i++) {
		if (words_have(known, e->attributes.v[i]))
			continue;
		found = known_attribute(s, e->attributes.v[i], hint, f);
		if (found == 0)
			return unknown(e, "attribute", e->attributes.v[i], hint, f);
	}
	for (size_t i = 0; found > 0 && i < e->labels.n; i++) {
		if (words_have(known, e->labels.v[i]))
			continue;
		found = known_label(s, e->labels.v[i], hint, f);
		if (found == 0)
			return unknown(e, "label", e->labels.v[i], hint, f);
	}
	return found < 0 ? -1 : 0;
}

int
expr_subject_of(struct session *s, const struct item *i, struct expr_subject *out, struct fault *f)
{
	struct str variables = STR_INIT, attributes = STR_INIT;
	struct resolution r;

	*out = (struct expr_subject){0};
	if (resolve_item(s, i, NULL, 0, &r, f) == 0) {
		resolution_to_json(&r, &variables);
		out->variables = str_take(&variables);
	}
	resolution_done(&r);
	if (out->variables && attribute_all(s, i, &attributes, f) == 0 &&
	    view_labels(s, i->id, &out->labels, f) == 0) {
		out->attributes = str_take(&attributes);
		return 0;
	}
	str_done(&attributes);
	expr_subject_done(out);
	return -1;
}
