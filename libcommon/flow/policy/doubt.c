/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/doubt.h"

#include "fleet/select/selector.h"

struct doubt {
	const char *key;
	void (*warn)(const char *text, void *ctx);
	void *ctx;
};

static void
tell(const char *text, void *ctx)
{
	const struct doubt *d = ctx;
	char *sentence = mem_printf("policy: %s: %s", d->key, text);

	d->warn(sentence, d->ctx);
	free(sentence);
}

static int
check(struct session *s, const char *text, struct doubt *d, struct fault *f)
{
	struct selector *sel = selector_new(text, f);
	int rc = sel ? selector_check(s, sel, tell, d, f) : -1;

	selector_free(sel);
	return rc < 0 ? -1 : 0;
}

int
doubt_policy(struct session *s, const struct policy *p, void (*warn)(const char *text, void *ctx),
    void *ctx, struct fault *f)
{
	struct doubt protect = {"protect", warn, ctx}, floors = {"min_healthy", warn, ctx};

	for (size_t i = 0; i < p->protect.n; i++)
		if (check(s, p->protect.v[i], &protect, f) < 0)
			return -1;
	for (size_t i = 0; i < p->floors.n; i++)
		if (check(s, p->floors.v[i].selector, &floors, f) < 0)
			return -1;
	return 0;
}
