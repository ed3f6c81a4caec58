/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/bulk/import.h"
#include "io/output.h"

#include <inttypes.h>
#include <string.h>

void
inv_say_bad(void *ctx, const struct fault *why)
{
	(void)ctx;
	report_warn("%s", why->text);
}

void
inv_say_note(void *ctx, const char *text)
{
	(void)ctx;
	report_note("%s", text);
}

static void
print_change(void *ctx, struct jtext change)
{
	output_record(ctx, change.text, change.len);
}

void
inv_say_import(const struct import *im, const char *source)
{
	report_note("%s%s%s%" PRId64 " read: %" PRId64 " created, %" PRId64 " changed, %" PRId64
		    " as before, %" PRId64 " retired, %lu skipped",
	    im->dry_run ? "dry run: " : "", source ? source : "", source ? ": " : "", im->read,
	    im->created, im->changed, im->same, im->retired, im->skipped);
}

static int
take_map(struct import *im, const struct words *map, struct fault *f)
{
	if (!map->n)
		return 0;
	for (size_t i = 0; i < map->n; i++)
		if (!strchr(map->v[i], '='))
			return fault_set(
			    f, FAULT_USAGE, "--map %s: FIELD=MEANING is wanted", map->v[i]);
	if (!im->format || !im->format->takes_map)
		return fault_set(f, FAULT_USAGE, "--map wants --format csv or mongoexport");
	im->map = map;
	return 0;
}

int
inv_import(int argc, char **argv)
{
	struct session_options base = {0};
	struct import im = {.bad = inv_say_bad, .note = inv_say_note};
	struct output out;
	const char *format = NULL;
	struct words map = {0};
	int json = 0;
	const struct args_opt own[] = {
	    {0, "format", "FORMAT", ARGS_TEXT, &format, "see craton-formats(5); else detected"},
	    {0, "map", "FIELD=MEANING", ARGS_TEXTS, &map, "what a column means: host=name"},
	    {0, "source", "NAME", ARGS_TEXT, &im.source, "the source of truth that speaks"},
	    {0, "full", NULL, ARGS_FLAG, &im.full, "it is all the source has: the rest retires"},
	    {0, "atomic", NULL, ARGS_FLAG, &im.atomic, "one bad record, and nothing is changed"},
	    {'n', "dry-run", NULL, ARGS_FLAG, &im.dry_run, "say what would change, change nothing"},
	    {0, "json", NULL, ARGS_FLAG, &json,
		"with -n: each change that would be, as log has it"},
	    SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"import [options] [FILE]",
	    "Import what a source of truth says, from FILE or standard input.",
	    "craton-inv import --source netbox dump.jsonl\n"
	    "craton-inv import --source assets --format csv --map hostname=name assets.csv\n"
	    "craton-inv list -o jsonl | craton-inv import --source copy",
	    own, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0) {
		words_done(&map);
		return 0;
	}
	if (status == 0 && n > 1)
		status = fault_set(&f, FAULT_USAGE, "import: one FILE at a time");
	if (status == 0 && json && !im.dry_run)
		status = fault_set(&f, FAULT_USAGE, "import: --json wants --dry-run");
	if (status == 0 && im.full && !im.source)
		status = fault_set(&f, FAULT_USAGE, "import: --full wants --source");
	if (status == 0 && format && !(im.format = format_find(format, &f)))
		status = -1;
	if (json) {
		output_begin(&out, OUTPUT_JSONL);
		im.would = print_change;
		im.ctx = &out;
	}
	if (status == 0)
		status = take_map(&im, &map, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_WRITE, &f);
	if (status == 0)
		status = import_run(&s, &im, n ? argv[1] : NULL, &f);
	session_close(&s);
	words_done(&map);
	if (status < 0)
		return report_fault(&f);
	inv_say_import(&im, NULL);
	return im.skipped ? 1 : 0;
}
