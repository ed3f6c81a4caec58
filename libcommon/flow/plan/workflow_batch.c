/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/workflow.h"

#include <stddef.h>
#include <string.h>

#define MOST ((int64_t)1000000)

static const char *const approve_words[] = {"never", "after-canary", "every-wave", NULL};
static const char *const missing_words[] = {"refuse", "own", NULL};
static const char *const dependants_words[] = {"skip", "run", NULL};
static const char *const later[] = {"global", "ramp", "min_healthy", "per_hour", NULL};

struct batch_text {
	struct batch batch;
	const struct yaml_node *size, *spread;
};

#define FIELD(name, member, wanted, ...)                                                           \
	{                                                                                          \
		.key = name, .want = YAML_WANT_##wanted,                                           \
		.offset = offsetof(struct batch_text, member), __VA_ARGS__                         \
	}

static const struct yaml_field fields[] = {
    FIELD("canary", batch.canary, INT, .min = 0, .max = MOST),
    FIELD("approve", batch.approve, WORD, .words = approve_words),
    FIELD("size", size, NODE),
    FIELD("in_flight", batch.in_flight, INT, .min = 1, .max = 10000),
    FIELD("spread", spread, NODE),
    FIELD("missing", batch.missing_own, WORD, .words = missing_words),
    FIELD("dependants", batch.dependants_run, WORD, .words = dependants_words),
    FIELD("max_fail", batch.max_fail, SHARE),
    FIELD("max_fail_in_a_row", batch.max_fail_in_a_row, INT, .min = 1, .max = MOST),
    FIELD("strict", batch.strict, BOOL),
    FIELD("wait", batch.wait, DURATION),
    FIELD("gap", batch.gap, DURATION),
    {0},
};

static int
read_share(const struct yaml_node *n, struct num_share *out, struct fault *f)
{
	if (!n->text || num_share(n->text, out, f) < 0)
		return yaml_fault(n, f, "a count like 20 or a share like 5%% is wanted");
	if (out->value <= 0)
		return yaml_fault(n, f, "0 would let nothing through");
	return 0;
}

static int
read_size(const struct yaml_node *n, struct batch *b, struct fault *f)
{
	if (n->text && !strcmp(n->text, "doubling")) {
		b->doubling = 1;
		return 0;
	}
	if (n->type != YAML_LIST)
		return read_share(n, vec_add(&b->size), f);
	if (!n->n)
		return yaml_fault(n, f, "a size is wanted, as in [5%%, 25%%]");
	for (size_t i = 0; i < n->n; i++)
		if (read_share(n->items[i], vec_add(&b->size), f) < 0)
			return -1;
	return 0;
}

static int
read_spread(const struct yaml_node *n, struct batch *b, struct fault *f)
{
	if (n->type != YAML_MAP || !n->n)
		return yaml_fault(n, f, "labels with limits are wanted, as in {cabinet: 1}");
	for (size_t i = 0; i < n->n; i++) {
		struct spread *spread = vec_add(&b->spread);

		spread->label = mem_dup(n->items[i]->key);
		if (read_share(n->items[i], &spread->limit, f) < 0)
			return -1;
	}
	return 0;
}

int
batch_read(const struct yaml_node *node, struct batch *b, struct fault *f)
{
	struct batch_text text = {.batch = *b};
	const struct yaml_node *approve = node ? yaml_get(node, "approve") : NULL;

	if (!node)
		return 0;
	if (workflow_refuse_later(node, later, f) < 0 || yaml_read(node, fields, &text, f) < 0)
		return -1;
	*b = text.batch;
	if (approve && b->approve == APPROVE_AFTER_CANARY && !b->canary)
		return yaml_fault(approve, f, "there is no canary to approve: canary is 0");
	if (text.size && read_size(text.size, b, f) < 0)
		return -1;
	return text.spread ? read_spread(text.spread, b, f) : 0;
}
