/* SPDX-License-Identifier: Apache-2.0 */
#include "replan.h"

#include "remediate.h"

#include "io/file.h"
#include "io/hostlist.h"
#include "io/output.h"

#include <inttypes.h>
#include <string.h>

/* ---- made again ---- */

static void
add_item(const struct plan *old, const struct plan_item *i, struct intake *in)
{
	struct intake_item *wanted = vec_add(&in->items);

	*wanted = (struct intake_item){.text = mem_dup(i->ref), .check = mem_dup(i->check)};
	for (size_t n = 0; n < i->after.n; n++)
		words_add(&wanted->after, old->items.v[i->after.v[n]].ref);
}

struct spared {
	const struct map *names;
	struct fault *f;
};

static int
want_name(const char *name, void *ctx)
{
	const struct spared *s = ctx;

	if (map_get(s->names, name))
		return 0;
	return fault_set(s->f, FAULT_BAD, "-x: %.200s is not in the plan", name);
}

static int
check_names(const struct plan *old, const char *without, struct fault *f)
{
	struct map names = {0};
	struct spared spared = {&names, f};
	int rc;

	for (size_t i = 0; i < old->items.n; i++)
		map_put(&names, old->items.v[i].name, NULL);
	rc = hostlist_each(without, want_name, &spared, f);
	map_done(&names);
	return rc;
}

int
replan_intake(const struct plan *old, const char *without, struct intake *in, struct fault *f)
{
	struct hostlist *spared = NULL;

	if (without && (check_names(old, without, f) < 0 || !(spared = hostlist_new(without, f))))
		return -1;
	in->audit = mem_dup(old->audit);
	in->findings = old->audit != NULL;
	for (size_t i = 0; i < old->items.n; i++)
		if (spared && hostlist_has(spared, old->items.v[i].name))
			intake_leave(in, "taken out by -x");
		else
			add_item(old, &old->items.v[i], in);
	hostlist_free(spared);
	return 0;
}

/* ---- how two differ ---- */

/* The members of two objects that are not the same: "limits.canary 2, was 1". */
static int
diff_objects(const char *what, const char *was, const char *is, struct str *out)
{
	struct jtext key, value;
	size_t at = 0;
	int n = 0;

	while (jtext_each(JTEXT(is), &at, &key, &value)) {
		char *name = jtext_plain_dup(key);
		struct jtext old = jtext_member(JTEXT(was), name);

		if (!old.text || old.len != value.len ||
		    memcmp(old.text, value.text, old.len) != 0) {
			str_addf(out, "~ %s.%s %.*s, was %.*s\n", what, name, (int)value.len,
			    value.text, old.text ? (int)old.len : 4, old.text ? old.text : "none");
			n++;
		}
		free(name);
	}
	at = 0;
	while (jtext_each(JTEXT(was), &at, &key, &value)) {
		char *name = jtext_plain_dup(key);

		if (!jtext_member(JTEXT(is), name).text) {
			str_addf(out, "~ %s.%s none, was %.*s\n", what, name, (int)value.len,
			    value.text);
			n++;
		}
		free(name);
	}
	return n;
}

static int
diff_head(const struct plan *old, const struct plan *new, struct str *out)
{
	struct str was = STR_INIT, is = STR_INIT;
	int n = strcmp(old->workflow.hash, new->workflow.hash) != 0;

	if (n)
		str_addf(out, "~ workflow %s says something else\n", new->workflow.name);
	plan_limits_json(&old->limits, &was);
	plan_limits_json(&new->limits, &is);
	n += diff_objects("limits", was.text, is.text, out);
	str_reset(&was);
	str_reset(&is);
	policy_json(&old->policy, &was);
	policy_json(&new->policy, &is);
	n += diff_objects("policy", was.text, is.text, out);
	str_done(&was);
	str_done(&is);
	return n;
}

static int
diff_item(const struct plan_item *old, const struct plan_item *new, struct str *out)
{
	struct str why = STR_INIT;
	int n = uses_differ(JTEXT(old->uses), JTEXT(new->uses), &why);

	if (n)
		str_addf(out, "~ %s %s\n", new->ref, why.text);
	if (old->wave != new->wave)
		str_addf(out, "~ %s wave %" PRId64 ", was %" PRId64 "\n", new->ref, new->wave,
		    old->wave);
	n |= old->wave != new->wave;
	str_done(&why);
	return n;
}

/* Those of the one plan that the other does not have. */
static int
diff_missing(const struct plan *p, const struct map *other, char sign, struct str *out)
{
	int n = 0;

	for (size_t i = 0; i < p->items.n; i++)
		if (!map_get(other, p->items.v[i].ref)) {
			str_addf(out, "%c %s\n", sign, p->items.v[i].ref);
			n++;
		}
	return n;
}

static void
index_items(const struct plan *p, struct map *places)
{
	for (size_t i = 0; i < p->items.n; i++)
		map_put(places, p->items.v[i].ref, NULL)->i = (int64_t)i;
}

static int
diff(const struct plan *old, const struct plan *new, struct str *out)
{
	struct map was = {0}, is = {0};
	int n = diff_head(old, new, out);

	index_items(old, &was);
	index_items(new, &is);
	n += diff_missing(old, &is, '-', out);
	n += diff_missing(new, &was, '+', out);
	for (size_t i = 0; i < new->items.n; i++) {
		const union map_value *place = map_get(&was, new->items.v[i].ref);

		if (place)
			n += diff_item(&old->items.v[place->i], &new->items.v[i], out);
	}
	map_done(&was);
	map_done(&is);
	return n;
}

int
replan_diff(const char *old_path, const char *new_path, struct fault *f)
{
	struct plan old = {0}, new = {0};
	struct str out = STR_INIT;
	int rc = plan_read(&old, old_path, f), n = 0;

	str_add(&out, "");
	if (rc == 0)
		rc = plan_read(&new, new_path, f);
	if (rc == 0) {
		n = diff(&old, &new, &out);
		output_text(&out);
		rc = file_end_output(f);
	}
	str_done(&out);
	plan_done(&old);
	plan_done(&new);
	return rc < 0 ? -1 : n > 0;
}
