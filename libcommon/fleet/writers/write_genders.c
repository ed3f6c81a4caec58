/* SPDX-License-Identifier: Apache-2.0 */
/*
 * genders(3): a line for each item, its places and labels as attributes. A comma, a blank, an
 * equals sign in a value or "#" is written as _, and so is a dot in a name, since genders knows
 * short names only; a percent sign is doubled.
 */
#include "fleet/writers/writer.h"

#include <string.h>

struct genders {
	struct writer_run *run;
	unsigned long replaced;
	int n; /* attributes in the line */
};

static void
put_text(struct genders *g, const char *text, const char *forbidden)
{
	for (const char *p = text; *p; p++) {
		int bad = strchr(forbidden, *p) != NULL;

		g->replaced += (unsigned long)bad;
		str_addn(&g->run->out, bad ? "_" : p, 1);
		if (*p == '%')
			str_addc(&g->run->out, '%');
	}
}

static void
put_attribute(struct genders *g, const char *key, const char *value)
{
	str_addc(&g->run->out, g->n++ ? ',' : ' ');
	put_text(g, key, ", \t\r\n#=");
	if (value) {
		str_addc(&g->run->out, '=');
		put_text(g, value, ", \t\r\n#=");
	}
}

static void
put_label(struct genders *g, const char *text)
{
	const char *equals = strchr(text, '=');
	char *key;

	if (!equals) {
		put_attribute(g, text, NULL);
		return;
	}
	key = mem_dupn(text, (size_t)(equals - text));
	put_attribute(g, key, equals + 1);
	free(key);
}

static int
put_item(void *ctx, struct roster_item *it, struct fault *f)
{
	struct genders *g = ctx;

	g->n = 0;
	put_text(g, it->name, ", \t\r\n#=[]%.");
	if (it->cloud)
		put_attribute(g, "cloud", it->cloud);
	if (it->region)
		put_attribute(g, "region", it->region);
	if (it->cell)
		put_attribute(g, "cell", it->cell);
	for (size_t i = 0; i < it->labels.n; i++)
		put_label(g, it->labels.v[i]);
	str_addc(&g->run->out, '\n');
	return writer_flush(g->run, 0, f);
}

static int
write_all(struct writer_run *run, const struct ids *ids, struct fault *f)
{
	struct genders g = {.run = run};
	int status = roster_each(&run->roster, ids, put_item, &g, f);

	if (g.replaced)
		writer_note(
		    run, "%lu characters that genders cannot hold are written as _", g.replaced);
	return status;
}

const struct writer writer_genders = {
    .name = "genders",
    .about = "a genders file",
    .reads = ROSTER_NAME | ROSTER_LABELS,
    .write = write_all,
};
