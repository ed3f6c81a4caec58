/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Craton's own records as YAML: one mapping, or a list of them. Scalars are read by the core
 * schema of YAML 1.2, so that an unquoted 5.10 is a number.
 */
#include "io/yaml.h"
#include "fleet/formats/format.h"

static int
give(struct format_run *run, const struct yaml_node *n, struct str *json, struct fault *f)
{
	struct str canonical = STR_INIT;
	int result;

	str_reset(json);
	yaml_to_json(n, json);
	if (n->type != YAML_MAP)
		result = fault_set(f, FAULT_BAD, "not a mapping: each record is one");
	else
		result = jtext_canonical(json->text, json->len, &canonical, f);
	if (result == 0)
		result =
		    format_emit(run, (struct jtext){canonical.text, canonical.len}, n->line, f);
	else
		format_bad(run, n->line, f);
	str_done(&canonical);
	return result < 0 && f->kind != FAULT_BAD ? -1 : 0;
}

static int
translate_all(struct format_run *run, char *text, size_t len, struct fault *f)
{
	struct yaml_file y;
	struct str json = STR_INIT;
	int result = 0;

	if (yaml_parse_data(&y, run->input, text, len, f) < 0) {
		format_bad_placed(run, f);
	} else if (y.root && y.root->type == YAML_LIST) {
		for (size_t i = 0; i < y.root->n && result == 0; i++)
			result = give(run, y.root->items[i], &json, f);
	} else if (y.root) {
		result = give(run, y.root, &json, f);
	}
	yaml_close(&y);
	str_done(&json);
	return result;
}

const struct format format_yaml = {
    .name = "yaml",
    .about = "Craton's own records, as a list in YAML",
    .text = translate_all,
};
