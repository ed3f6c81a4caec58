/* SPDX-License-Identifier: Apache-2.0 */
#include "label.h"

#include "base/report.h"
#include "fleet/pairs.h"
#include "fleet/ref.h"

static int
compose(char *const *pairs, size_t n, struct str *out, struct fault *f)
{
	struct str json = STR_INIT;
	int status;

	jtext_open(&json);
	status = pairs_put(&json, pairs, n, f);
	jtext_close(&json);
	if (status == 0)
		status = jtext_canonical(json.text, json.len, out, f);
	str_done(&json);
	return status;
}

static int
put(struct session *s, const char *label, struct jtext record, struct fault *f)
{
	int64_t id;
	struct ids one = {&id, 1, 1};

	if (ref_want(s, "label", label, &id, f) < 0)
		return -1;
	return edit_put(s, record, &one, f) < 0 ? -1 : 0;
}

int
label_set(int argc, char **argv)
{
	struct session_options base = {0};
	const struct args_opt own[] = {SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"set [options] LABEL KEY=VALUE ...",
	    "Set variables on a label: all that carry it see them, unless something nearer says "
	    "otherwise. craton-inv unset label:LABEL takes them away.",
	    "craton-label set cabinet=a12 pdu=pdu-a12.example.net", own, NULL, common};
	struct session s = {0};
	struct str record = STR_INIT;
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0 && n < 2)
		status = fault_set(&f, FAULT_USAGE, "set: LABEL and KEY=VALUE are wanted");
	if (status == 0)
		status = compose(argv + 2, (size_t)n - 1, &record, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_CHANGE, &f);
	if (status == 0)
		status = put(&s, argv[1], JTEXT(record.text), &f);
	str_done(&record);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}
