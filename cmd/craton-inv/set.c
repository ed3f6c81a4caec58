/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/edit.h"
#include "fleet/pairs.h"
#include "fleet/select/select.h"

#include <inttypes.h>

static int
compose(
    const struct inv_attributes *a, char *const *pairs, size_t n, struct str *out, struct fault *f)
{
	struct str json = STR_INIT;
	int status;

	jtext_open(&json);
	inv_put_attributes(&json, a);
	status = pairs_put(&json, pairs, n, f);
	jtext_close(&json);
	if (status == 0 && json.len == 2)
		status = fault_set(f, FAULT_USAGE, "set: KEY=VALUE or an attribute is wanted");
	if (status == 0)
		status = jtext_canonical(json.text, json.len, out, f);
	str_done(&json);
	return status;
}

static int
put(struct session *s, struct jtext record, const struct ids *ids, struct fault *f)
{
	int64_t changed = edit_put(s, record, ids, f);

	if (changed >= 0 && ids->n > 1)
		report_note("%" PRId64 " of %zu items changed", changed, ids->n);
	return changed < 0 ? -1 : 0;
}

int
inv_set(int argc, char **argv)
{
	struct session_options base = {0};
	struct select_options chosen = {0};
	struct inv_attributes attributes = {0};
	const struct args_opt own[] = {INV_ATTRIBUTES(&attributes), SESSION_REASON(&base), {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"set [options] [NAME ...] [KEY=VALUE ...]",
	    "Set variables and attributes of the items that match, all or none of them. "
	    "Operands before the first KEY=VALUE name items; item.KEY=VALUE sets an attribute.",
	    "craton-inv set host:dfw/db1 ram_gb=512 item.note='spare disk in slot 3'\n"
	    "craton-inv set -l cabinet=a12 ntp='[\"10.0.0.1\"]' -m 'new time servers'",
	    own, shared, common};
	struct session s = {0};
	struct str object = STR_INIT;
	struct ids ids = {0};
	struct fault f;
	int n, names = 0, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0) {
		names = pairs_start(argv + 1, n);
		status = compose(&attributes, argv + 1 + names, (size_t)(n - names), &object, &f);
	}
	if (status == 0)
		status = session_open(&s, &base, DB_CHANGE, &f);
	if (status == 0)
		status = select_items(
		    &s, &chosen, argv + 1, names, SELECT_TO_ACT, inv_warn, NULL, &ids, &f);
	if (status == 0)
		status = put(&s, JTEXT(object.text), &ids, &f);
	if (status == 0)
		inv_note_namesakes(argv + 1 + names, (size_t)(n - names));
	str_done(&object);
	vec_done(&ids);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
