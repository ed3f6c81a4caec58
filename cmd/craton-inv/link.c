/* SPDX-License-Identifier: Apache-2.0 */
/* link and unlink: an edge in the operator's layer, put or taken. */
#include "inv.h"

#include "base/report.h"
#include "fleet/log/change.h"
#include "fleet/ref.h"
#include "fleet/relation.h"
#include "fleet/source.h"

#include <stdlib.h>
#include <string.h>

struct link {
	int64_t src, dst;
	const char *type;
};

static int
read_link(struct session *s, char *const *operands, struct link *l, struct fault *f)
{
	l->type = operands[1];
	if (!relation_type_ok(l->type))
		return fault_set(f, FAULT_BAD, "relation \"%s\": not a word like runs-on", l->type);
	return ref_want(s, NULL, operands[0], &l->src, f) < 0 ||
		       ref_want(s, NULL, operands[2], &l->dst, f) < 0
		   ? -1
		   : 0;
}

/* The sources that have the edge: what an operator cannot take away. */
static int
refuse_absent(struct session *s, const struct link *l, struct fault *f)
{
	static const char sql[] = "SELECT o.name FROM relation AS r JOIN source AS o"
				  " ON o.id = r.source WHERE r.src = $1 AND r.type = $2"
				  " AND r.dst = $3 ORDER BY o.rank, o.id";
	struct str src = STR_INIT, dst = STR_INIT;
	char *source = NULL;

	if (db_get_text(s->db, &source, f, sql, "isi", l->src, l->type, l->dst) >= 0 &&
	    ref_of(s, l->src, &src, f) == 0 && ref_of(s, l->dst, &dst, f) == 0) {
		if (source)
			fault_set(f, FAULT_NO, "%s %s %s: said by %s, not by operator", src.text,
			    l->type, dst.text, source);
		else
			fault_set(
			    f, FAULT_NO, "%s %s %s: no such relation", src.text, l->type, dst.text);
	}
	free(source);
	str_done(&src);
	str_done(&dst);
	return -1;
}

static size_t
take_edge(struct document *d, const struct link *l)
{
	size_t kept = 0, was = d->edges.n;

	for (size_t i = 0; i < was; i++)
		if (d->edges.v[i].dst != l->dst || strcmp(d->edges.v[i].type, l->type) != 0)
			d->edges.v[kept++] = d->edges.v[i];
		else
			free(d->edges.v[i].type);
	d->edges.n = kept;
	return was - kept;
}

static int
put(struct change *c, const struct link *l, int add, struct fault *f)
{
	struct document d;
	int status = document_get(c->s, l->src, c->s->operator, & d, f);

	if (status >= 0 && add) {
		document_add_edge(&d, l->type, l->dst);
		document_tidy(&d);
	} else if (status >= 0 && !take_edge(&d, l)) {
		status = refuse_absent(c->s, l, f);
	}
	if (status >= 0)
		status = change_document(c, &d, f);
	document_done(&d);
	return status < 0 ? -1 : 0;
}

static int
change(struct session *s, char *const *operands, int add, struct fault *f)
{
	struct link l = {0};
	struct change c;
	int status;

	if (read_link(s, operands, &l, f) < 0 || change_begin(&c, s, s->operator, f) < 0)
		return -1;
	status = put(&c, &l, add, f);
	if (status < 0)
		change_rollback(&c);
	else
		status = change_commit(&c, f);
	return status;
}

static int
run(const char *usage, const char *about, const char *examples, int add, int argc, char **argv)
{
	struct session_options base = {0};
	const struct args_opt own[] = {SESSION_REASON(&base), {0}};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {usage, about, examples, own, NULL, common};
	struct session s = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status == 0 && n != 3)
		status = fault_set(&f, FAULT_USAGE, "%s: NAME TYPE NAME is wanted", argv[0]);
	if (status == 0)
		status = session_open(&s, &base, DB_CHANGE, &f);
	if (status == 0)
		status = change(&s, argv + 1, add, &f);
	session_close(&s);
	return status < 0 ? report_fault(&f) : 0;
}

int
inv_link(int argc, char **argv)
{
	return run("link [options] NAME TYPE NAME",
	    "Relate one item to another. Each type of relation is free of cycles.",
	    "craton-inv link vm:nova/web1 runs-on host:dfw/compute-0001", 1, argc, argv);
}

int
inv_unlink(int argc, char **argv)
{
	return run("unlink [options] NAME TYPE NAME",
	    "Take away a relation that the operator has set.",
	    "craton-inv unlink vm:nova/web1 runs-on host:dfw/compute-0001", 0, argc, argv);
}
