/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/policy.h"

#include "fleet/select/selector.h"
#include "flow/policy/windows_read.h"
#include "flow/shelf.h"
#include "io/file.h"
#include "io/yaml.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SITE "/etc/craton/policy.yaml"
#define LARGEST ((size_t)1 << 20)

/* Who reads, and for whom. */
struct reading {
	struct policy *p;
	int may_loosen;
	void (*warn)(const char *text, void *ctx);
	void *ctx;
	struct fault *f;
};

struct freeze_text {
	char *from, *to, *why;
};

static const struct yaml_field freeze_fields[] = {
    {.key = "from",
	.want = YAML_WANT_TEXT,
	.offset = offsetof(struct freeze_text, from),
	.required = 1},
    {.key = "to",
	.want = YAML_WANT_TEXT,
	.offset = offsetof(struct freeze_text, to),
	.required = 1},
    {.key = "why",
	.want = YAML_WANT_TEXT,
	.offset = offsetof(struct freeze_text, why),
	.required = 1},
    {0},
};

static int
protect_one(const struct reading *r, const struct yaml_node *n)
{
	struct selector *sel;

	if (!n->text)
		return yaml_fault(n, r->f, "a label selector like service=dns is wanted");
	if (!(sel = selector_new(n->text, r->f)))
		return yaml_fault(n, r->f, "%s", strdupa(r->f->text));
	selector_free(sel);
	if (!words_have(&r->p->protect, n->text))
		words_add(&r->p->protect, n->text);
	return 0;
}

/* One, or a list of them. What one file says the next cannot take back: they are added up. */
static int
each_one(const struct reading *r, const struct yaml_node *n,
    int (*one)(const struct reading *r, const struct yaml_node *n))
{
	if (n->type != YAML_LIST)
		return one(r, n);
	for (size_t i = 0; i < n->n; i++)
		if (one(r, n->items[i]) < 0)
			return -1;
	return 0;
}

static int
read_protect(const struct reading *r, const struct yaml_node *n)
{
	return each_one(r, n, protect_one);
}

static int
floor_one(const struct reading *r, const struct yaml_node *n)
{
	struct num_share healthy;
	struct selector *sel;

	if (!n->text || num_share(n->text, &healthy, r->f) < 0)
		return yaml_fault(n, r->f, "a count like 2 or a share like 80%% is wanted");
	if (!(sel = selector_new(n->key, r->f)))
		return yaml_fault(n, r->f, "%s", strdupa(r->f->text));
	selector_free(sel);
	vec_push(&r->p->floors, ((struct policy_floor){mem_dup(n->key), healthy}));
	return 0;
}

/* What one file keeps whole the next cannot let go: each floor holds. */
static int
read_floors(const struct reading *r, const struct yaml_node *n)
{
	if (n->type != YAML_MAP)
		return yaml_fault(n, r->f,
		    "label selectors with counts or shares are wanted, as in {service=dns: 2}");
	for (size_t i = 0; i < n->n; i++)
		if (floor_one(r, n->items[i]) < 0)
			return -1;
	return 0;
}

static int
notify_one(const struct reading *r, const struct yaml_node *n)
{
	if (!n->text || !*n->text || strchr(n->text, '/'))
		return yaml_fault(n, r->f, "the name of a plug-in is wanted");
	if (!words_have(&r->p->notify, n->text))
		words_add(&r->p->notify, n->text);
	return 0;
}

static int
read_notify(const struct reading *r, const struct yaml_node *n)
{
	return each_one(r, n, notify_one);
}

/* The windows of each file are a set: all sets have to be open. */
static int
read_windows(const struct reading *r, const struct yaml_node *n)
{
	struct windows windows = {0};
	int rc = windows_read(n, &windows, r->f);

	calendar_take(&r->p->hours, &windows);
	return rc;
}

static int
freeze_one(const struct reading *r, const struct yaml_node *n)
{
	struct freeze_text text = {0};
	struct freeze freeze;
	int rc = yaml_read(n, freeze_fields, &text, r->f);

	if (rc == 0 && freeze_read(&freeze, text.from, text.to, text.why, r->f) < 0)
		rc = yaml_fault(n, r->f, "%s", strdupa(r->f->text));
	else if (rc == 0)
		vec_push(&r->p->hours.freezes, freeze);
	free(text.from);
	free(text.to);
	free(text.why);
	return rc;
}

static int
read_freezes(const struct reading *r, const struct yaml_node *n)
{
	return each_one(r, n, freeze_one);
}

static void
keep(const struct reading *r, const struct yaml_node *n, enum limit l)
{
	const struct policy_value *v = &r->p->values[l];
	char was[LIMIT_TEXT], *text;

	if (!r->warn)
		return;
	text = mem_printf("%s:%u: %s: %s is looser than %s, by %s, which stays in force",
	    n->file->name, n->line, n->key, n->text, limit_text(l, v->is, was), v->from);
	r->warn(text, r->ctx);
	free(text);
}

static int
read_limit(const struct reading *r, const struct yaml_node *n)
{
	int l = limit_find(n->key, r->f);
	struct policy_value *v;
	int64_t is;

	if (l < 0)
		return yaml_fault(n, r->f, "%s", strdupa(r->f->text));
	if (!n->text)
		return yaml_fault(n, r->f, "a value like %s is wanted", limit_table[l].built_in);
	if (limit_parse((enum limit)l, n->text, &is, r->f) < 0)
		return yaml_fault(n, r->f, "%s", strdupa(r->f->text));
	v = &r->p->values[l];
	if (!r->may_loosen && limit_is_looser((enum limit)l, is, v->is)) {
		keep(r, n, (enum limit)l);
		return 0;
	}
	free(v->from);
	v->from = mem_dup(n->file->name);
	v->is = is;
	return 0;
}

/* What is no limit with one value. */
static const struct {
	const char *key;
	int (*read)(const struct reading *r, const struct yaml_node *n);
} lists[] = {{"freezes", read_freezes}, {"min_healthy", read_floors}, {"notify", read_notify},
    {"protect", read_protect}, {"windows", read_windows}};

static int
read_member(const struct reading *r, const struct yaml_node *n)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (!strcmp(n->key, lists[i].key))
			return lists[i].read(r, n);
	return read_limit(r, n);
}

static int
read_root(const struct reading *r, const struct yaml_node *root)
{
	int rc = 0;

	if (!root)
		return 0;
	if (root->type != YAML_MAP)
		return yaml_fault(root, r->f, "limits with values are wanted, as in at_once: 5");
	for (size_t i = 0; i < root->n && rc == 0; i++)
		rc = read_member(r, root->items[i]);
	return rc;
}

int
policy_read(struct policy *p, const char *name, const char *text, size_t len, int may_loosen,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f)
{
	const struct reading r = {p, may_loosen, warn, ctx, f};
	struct yaml_file y;
	int rc = yaml_parse(&y, name, text, len, f);

	if (rc == 0)
		rc = read_root(&r, y.root);
	yaml_close(&y);
	return rc;
}

/* ---- where they are ---- */

/* 1 read, 0 not there, -1. */
static int
read_file(const struct reading *r, const char *path)
{
	struct str text = STR_INIT;
	int rc;

	if (access(path, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	str_reset(&text);
	rc = file_read(path, LARGEST, &text, r->f);
	if (rc == 0)
		rc = policy_read(
		    r->p, path, text.text, text.len, r->may_loosen, r->warn, r->ctx, r->f);
	if (rc < 0)
		fault_set(r->f, FAULT_REFUSED, "refused: the policy cannot be told: %s",
		    strdupa(r->f->text));
	str_done(&text);
	return rc < 0 ? -1 : 1;
}

int
policy_open(struct policy *p, const char *db, void (*warn)(const char *text, void *ctx), void *ctx,
    struct fault *f)
{
	struct reading r = {p, 1, warn, ctx, f};
	char *site = file_beside(db, "policy"), *user = shelf_of_user("policy.yaml");
	int found;

	policy_init(p);
	found = read_file(&r, site);
	if (found == 0)
		found = read_file(&r, SITE);
	r.may_loosen = 0;
	if (found >= 0 && user)
		found = read_file(&r, user);
	free(site);
	free(user);
	return found < 0 ? -1 : 0;
}
