/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"

#include "base/when.h"
#include "fleet/sources/sync.h"

#include <inttypes.h>
#include <string.h>

static void
add_row(struct table *t, const struct source *one, int64_t layers)
{
	char seen[WHEN_TEXT];

	table_cell(t, one->name);
	table_cellf(t, "%" PRId64, one->rank);
	table_cellf(t, "%" PRId64, layers);
	table_cell(t, one->seen ? when_second(one->seen, seen) : NULL);
	if (one->trouble)
		table_toned(t, TABLE_BAD, one->trouble);
	else if (one->stale)
		table_toned(t, TABLE_WARN, "stale");
	else
		table_cell(t, sync_is_due(one, when_now()) ? "due" : NULL);
	table_end_row(t);
}

static void
put_record(struct output *out, const struct source *one, int64_t layers)
{
	struct str json = STR_INIT;

	jtext_open(&json);
	jtext_text(&json, "kind", "source");
	jtext_text(&json, "name", one->name);
	jtext_int(&json, "rank", one->rank);
	jtext_int(&json, "layers", layers);
	jtext_time(&json, "seen", one->seen);
	if (one->stale)
		jtext_bool(&json, "stale", 1);
	if (strcmp(one->settings, "{}") != 0)
		jtext_raw(&json, "settings", one->settings);
	jtext_time(&json, "synced", one->tried);
	jtext_text(&json, "trouble", one->trouble);
	jtext_close(&json);
	output_record(out, json.text, json.len);
	str_done(&json);
}

int
source_list_all(struct session *s, const struct source_options *o, struct fault *f)
{
	static const char sql[] = "SELECT count(*) FROM document WHERE id % 4096 = $1";
	static const char *const heads[] = {"NAME", "RANK", "LAYERS", "SEEN", "STATE"};
	struct table table = TABLE_INIT(heads);
	struct sources all = {0};
	struct output out;
	int is_table = o->format == OUTPUT_TABLE || o->format == OUTPUT_TSV;
	int status = source_list(s, &all, f) < 0 ? -1 : 0;

	table.rights = " rr";
	output_begin(&out, o->format);
	for (size_t i = 0; status == 0 && i < all.n; i++) {
		int64_t layers = 0;

		if (db_get_int(s->db, &layers, f, sql, "i", all.v[i].id) < 0)
			status = -1;
		else if (is_table)
			add_row(&table, &all.v[i], layers);
		else if (o->format == OUTPUT_NAMES)
			output_name(&out, all.v[i].name, 0);
		else
			put_record(&out, &all.v[i], layers);
	}
	if (is_table)
		output_table(&table, o->format);
	else
		output_end(&out);
	sources_done(&all);
	return status;
}
