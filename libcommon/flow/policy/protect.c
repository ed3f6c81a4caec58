/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/policy/protect.h"

#include "fleet/select/selector.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct protect {
	struct session *s;
	const struct words *texts;
	VEC(struct selector *) selectors;
	char host[256];
};

struct protect *
protect_new(struct session *s, const struct words *selectors, struct fault *f)
{
	struct protect *p = mem_zero(1, sizeof(*p));

	p->s = s;
	p->texts = selectors;
	gethostname(p->host, sizeof(p->host) - 1);
	for (size_t i = 0; i < selectors->n; i++) {
		struct selector *sel = selector_new(selectors->v[i], f);

		if (!sel) {
			protect_free(p);
			return NULL;
		}
		vec_push(&p->selectors, sel);
	}
	return p;
}

void
protect_free(struct protect *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->selectors.n; i++)
		selector_free(p->selectors.v[i]);
	vec_done(&p->selectors);
	free(p);
}

/* One of the two names may have its domain, and the other not. */
static int
is_host(const char *host, const char *name)
{
	size_t a = strlen(host), b = strlen(name), n = a < b ? a : b;
	const char *longer = a > b ? host : name;

	return n && !strncmp(host, name, n) && (!longer[n] || longer[n] == '.');
}

int
protect_has(struct protect *p, const struct item *i, struct str *why, struct fault *f)
{
	if (!strcmp(i->kind, "host") && is_host(p->host, i->name)) {
		str_add(why, "protected: this machine");
		return 1;
	}
	for (size_t n = 0; n < p->selectors.n; n++) {
		int has = selector_has(p->s, p->selectors.v[n], i->id, f);

		if (has == 1)
			str_addf(why, "protected by policy: %s", p->texts->v[n]);
		if (has)
			return has;
	}
	return 0;
}
