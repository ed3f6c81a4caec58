/* SPDX-License-Identifier: Apache-2.0 */
/* impact: what rests on items, and what they rest on. */
#include "inv.h"

#include "base/report.h"
#include "fleet/impact.h"
#include "fleet/ref.h"
#include "fleet/select/known.h"
#include "fleet/select/select.h"
#include "io/dot.h"
#include "io/output.h"

#include <inttypes.h>
#include <string.h>

struct printer {
	struct session *s;
	const char *word; /* -o */
	int json, zero, dot;
	struct table table;
	struct output out;
	struct map drawn;   /* of a graph: nodes and edges, each once over both ways */
	struct map printed; /* names: each once over both ways */
	struct str graph;
};

static const char *const ways[] = {[IMPACT_DOWN] = "down", [IMPACT_UP] = "up"};

static int
is_new(struct map *seen, const char *key)
{
	int added;

	map_put(seen, key, &added);
	return added;
}

/* ---- rows and records ---- */

/* The other end of the edge by which a node was met. */
static int64_t
met_from(enum impact_way way, const struct impact_edge *e)
{
	return way == IMPACT_DOWN ? e->dst : e->src;
}

static int
add_row(struct printer *p, enum impact_way way, const struct impact *i,
    const struct impact_node *node, const char *ref, struct fault *f)
{
	const struct impact_edge *first = &i->edges.v[node->first];
	struct str from = STR_INIT;
	int status = ref_of(p->s, met_from(way, first), &from, f);

	table_cell(&p->table, ways[way]);
	table_cellf(&p->table, "%" PRId64, node->depth);
	table_cell(&p->table, ref);
	table_cell(&p->table, first->type);
	table_cell(&p->table, from.text);
	table_end_row(&p->table);
	str_done(&from);
	return status;
}

static int
put_record(struct printer *p, enum impact_way way, const struct impact *i,
    const struct impact_node *node, const char *ref, struct fault *f)
{
	const struct impact_edge *first = &i->edges.v[node->first];
	struct str json = STR_INIT, from = STR_INIT;
	int status = ref_of(p->s, met_from(way, first), &from, f);

	jtext_open(&json);
	jtext_text(&json, "kind", "impact");
	jtext_text(&json, "item", ref);
	jtext_text(&json, "way", ways[way]);
	jtext_int(&json, "depth", node->depth);
	jtext_text(&json, "type", first->type);
	jtext_text(&json, "of", from.text);
	jtext_close(&json);
	if (status == 0)
		output_record(&p->out, json.text, json.len);
	str_done(&json);
	str_done(&from);
	return status;
}

static int
print_node(struct printer *p, enum impact_way way, const struct impact *i,
    const struct impact_node *node, struct fault *f)
{
	struct str ref = STR_INIT;
	int status = ref_of(p->s, node->id, &ref, f);

	switch (p->out.format) {
	case OUTPUT_TABLE:
	case OUTPUT_TSV:
		if (status == 0)
			status = add_row(p, way, i, node, ref.text, f);
		break;
	case OUTPUT_NAMES:
		if (status == 0 && is_new(&p->printed, ref.text))
			output_name(&p->out, ref.text, p->zero);
		break;
	case OUTPUT_JSONL:
	case OUTPUT_JSON:
		if (status == 0)
			status = put_record(p, way, i, node, ref.text, f);
		break;
	}
	str_done(&ref);
	return status;
}

/* ---- a graph ---- */

static int
draw_node(struct printer *p, const struct impact_node *node, struct fault *f)
{
	struct item item = {0};
	struct str ref = STR_INIT;
	int status = item_get(p->s, node->id, &item, f);

	if (status == 1)
		status = ref_text(p->s, &item, &ref, f);
	if (status == 0 && is_new(&p->drawn, ref.text))
		dot_node(&p->graph, ref.text, item.name, item.kind, node->depth == 0);
	item_done(&item);
	str_done(&ref);
	return status;
}

static int
draw_edge(struct printer *p, const struct impact_edge *e, struct fault *f)
{
	struct str src = STR_INIT, dst = STR_INIT, line = STR_INIT;
	int status = ref_of(p->s, e->src, &src, f);

	if (status == 0)
		status = ref_of(p->s, e->dst, &dst, f);
	if (status == 0) {
		dot_edge(&line, src.text, dst.text, e->type);
		if (is_new(&p->drawn, line.text))
			str_add(&p->graph, line.text);
	}
	str_done(&src);
	str_done(&dst);
	str_done(&line);
	return status;
}

/* ---- both ---- */

static int
print_impact(struct printer *p, enum impact_way way, const struct impact *i, struct fault *f)
{
	int status = 0;

	for (size_t n = 0; status == 0 && n < i->nodes.n; n++)
		if (p->dot)
			status = draw_node(p, &i->nodes.v[n], f);
		else if (i->nodes.v[n].depth)
			status = print_node(p, way, i, &i->nodes.v[n], f);
	for (size_t n = 0; p->dot && status == 0 && n < i->edges.n; n++)
		status = draw_edge(p, &i->edges.v[n], f);
	return status;
}

static int
read_format(struct printer *p, struct fault *f)
{
	enum output_format format = OUTPUT_NAMES;

	p->dot = p->word && strcmp(p->word, "dot") == 0;
	if (!p->dot && output_format(p->word,
			   p->json   ? OUTPUT_JSONL
			   : p->zero ? OUTPUT_NAMES
				     : OUTPUT_TABLE,
			   &format, f) < 0)
		return -1;
	if (p->zero && (p->dot || format != OUTPUT_NAMES))
		return fault_set(f, FAULT_USAGE, "--null goes with -o names");
	p->out.format = format;
	return 0;
}

static void
begin(struct printer *p)
{
	static const char *const heads[] = {"WAY", "DEPTH", "ITEM", "RELATION", "OF"};

	p->table = (struct table)TABLE_INIT(heads);
	p->table.rights = " r";
	if (p->dot)
		dot_open(&p->graph, "craton");
	output_begin(&p->out, p->out.format);
}

static void
end(struct printer *p)
{
	if (p->dot) {
		dot_close(&p->graph);
		str_cut(&p->graph, p->graph.len - 1); /* a line's end is put behind it */
		output_name(&p->out, p->graph.text, 0);
	} else if (p->out.format == OUTPUT_TABLE || p->out.format == OUTPUT_TSV) {
		output_table(&p->table, p->out.format);
	} else {
		output_end(&p->out);
	}
	map_done(&p->drawn);
	map_done(&p->printed);
	str_done(&p->graph);
}

static int
walk(struct session *s, const struct impact_query *base, enum impact_way way,
    const struct ids *start, struct printer *p, struct fault *f)
{
	struct impact_query query = *base;
	struct impact found = {0};
	int status;

	query.way = way;
	status = impact_walk(s, &query, start, &found, f);
	if (status == 0)
		status = print_impact(p, way, &found, f);
	impact_done(&found);
	return status;
}

static int
warn_unknown(struct session *s, const struct words *types, struct fault *f)
{
	char hint[NEAR_HINT];
	int known = 1;

	for (size_t i = 0; known >= 0 && i < types->n; i++) {
		if (strcmp(types->v[i], IMPACT_PARENT) == 0 || strcmp(types->v[i], IMPACT_IN) == 0)
			continue;
		known = known_relation(s, types->v[i], hint, f);
		if (known == 0)
			report_warn("unknown relation %s%s", types->v[i], hint);
	}
	return known < 0 ? -1 : 0;
}

/* 1: some of what was asked for was passed over. */
static int
impact(struct session *s, const struct impact_query *query, int down, int up,
    const struct select_options *chosen, char *const *names, int n, struct printer *p,
    struct fault *f)
{
	struct ids start = {0};
	int doubts = select_items(s, chosen, names, n, SELECT_TO_READ, inv_warn, NULL, &start, f);
	int status = doubts < 0 ? -1 : db_snapshot(s->db, f);

	p->s = s;
	begin(p);
	if (status == 0)
		status = warn_unknown(s, query->types, f);
	if (status == 0 && down)
		status = walk(s, query, IMPACT_DOWN, &start, p, f);
	if (status == 0 && up)
		status = walk(s, query, IMPACT_UP, &start, p, f);
	if (doubts >= 0)
		db_rollback(s->db);
	end(p);
	vec_done(&start);
	return status < 0 ? -1 : doubts;
}

int
inv_impact(int argc, char **argv)
{
	struct session_options base = {0};
	struct select_options chosen = {0};
	struct words types = {0};
	struct impact_query query = {.types = &types};
	struct printer p = {0};
	int up = 0, down = 0;
	const struct args_opt own[] = {
	    {0, "down", NULL, ARGS_FLAG, &down, "what rests on them; the default"},
	    {0, "up", NULL, ARGS_FLAG, &up, "what they rest on"},
	    {0, "type", "TYPE", ARGS_TEXTS, &types, "only relations of this type; repeatable"},
	    {0, "contained", NULL, ARGS_FLAG, &query.contained,
		"what is in an item rests on it, too"},
	    {0, "depth", "N", ARGS_INT, &query.depth, "at most so many steps away"},
	    {'o', "output", "FORMAT", ARGS_TEXT, &p.word, "table, jsonl, json, tsv, names or dot"},
	    {0, "json", NULL, ARGS_FLAG, &p.json, "short for -o jsonl"},
	    {'0', "null", NULL, ARGS_FLAG, &p.zero, "names end with NUL, for xargs -0"}, {0}};
	const struct args_opt shared[] = {SELECT_OPTIONS(&chosen), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"impact [options] NAME ...",
	    "List what rests on items, directly and through others: what is hit when they fail.",
	    "craton-inv impact host:dfw/compute-0001\n"
	    "craton-inv impact --up --contained web1 -o dot | dot -Tsvg > web1.svg",
	    own, shared, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f), help = status > 0;

	if (status == 0 && !n && !select_given(&chosen))
		status = fault_set(&f, FAULT_USAGE, "impact: NAME is wanted, or --all");
	if (status == 0)
		status = read_format(&p, &f);
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = impact(&s, &query, down || !up, up, &chosen, argv + 1, n, &p, &f);
	words_done(&types);
	session_close(&s);
	return help ? 0 : status < 0 ? report_fault(&f) : status;
}
