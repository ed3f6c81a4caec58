/* SPDX-License-Identifier: Apache-2.0 */
/* Craton's own records, as craton-inv list and export print them: passed on as they are. */
#include "fleet/formats/format.h"

static int
is_ours(struct jtext first)
{
	return jtext_member(first, "kind").text != NULL;
}

static int
pass_on(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	return format_emit(run, record, line, f);
}

const struct format format_jsonl = {
    .name = "jsonl",
    .about = "Craton's own records, see craton-records(5)",
    .detect = is_ours,
    .record = pass_on,
};
