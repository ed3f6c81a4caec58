/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prometheus' file_sd: a JSON array with a group for each item. The target is its address, or
 * name, with the port; labels are its labels by key, those without one as label_NAME="true", and
 * name, kind, cloud, region, cell. Label names are [a-zA-Z_][a-zA-Z0-9_]*.
 */
#include "fleet/writers/writer.h"

#include <stdlib.h>
#include <string.h>

#define PORT 9100 /* of node_exporter */

struct file_sd {
	struct writer_run *run;
	unsigned long n;
	struct str word;
	struct map seen; /* the label names of the item */
};

/* A label whose key the item has several times keeps the first in Prometheus' one value. */
static void
put(struct file_sd *p, const char *prefix, const char *key, const char *value)
{
	int added;

	str_reset(&p->word);
	str_add(&p->word, prefix);
	writer_word(&p->word, key, "");
	map_put(&p->seen, p->word.text, &added);
	if (added)
		jtext_text(&p->run->out, p->word.text, value);
}

static void
put_label(struct file_sd *p, const char *text)
{
	struct writer_label label = writer_label(text);

	if (label.key)
		put(p, "", label.key, label.value);
	else
		put(p, "label_", label.value, "true");
	free(label.key);
}

/* An IPv6 address stands in brackets. */
static void
put_target(struct str *out, const struct roster_item *it, int64_t port)
{
	const char *host = it->item.ip_address ? it->item.ip_address : it->name;
	struct str target = STR_INIT;

	str_addf(&target, strchr(host, ':') ? "[%s]:%lld" : "%s:%lld", host, (long long)port);
	jtext_put_string(out, target.text);
	str_done(&target);
}

static int
put_item(void *ctx, struct roster_item *it, struct fault *f)
{
	struct file_sd *p = ctx;
	struct str *out = &p->run->out;

	str_add(out, p->n++ ? ",\n" : "[\n");
	jtext_open(out);
	jtext_key(out, "targets");
	str_addc(out, '[');
	put_target(out, it, p->run->port ? p->run->port : PORT);
	str_addc(out, ']');
	jtext_key(out, "labels");
	jtext_open(out);
	put(p, "", "name", it->item.name);
	put(p, "", "kind", it->item.kind);
	if (it->cloud)
		put(p, "", "cloud", it->cloud);
	if (it->region)
		put(p, "", "region", it->region);
	if (it->cell)
		put(p, "", "cell", it->cell);
	for (size_t i = 0; i < it->labels.n; i++)
		put_label(p, it->labels.v[i]);
	jtext_close(out);
	jtext_close(out);
	map_done(&p->seen);
	p->seen = (struct map){0};
	return writer_flush(p->run, 0, f);
}

static int
write_all(struct writer_run *run, const struct ids *ids, struct fault *f)
{
	struct file_sd p = {.run = run};
	int status = roster_each(&run->roster, ids, put_item, &p, f);

	str_add(&run->out, p.n ? "\n]\n" : "[]\n");
	str_done(&p.word);
	map_done(&p.seen);
	return status;
}

const struct writer writer_file_sd = {
    .name = "file_sd",
    .about = "targets for Prometheus",
    .reads = ROSTER_NAME | ROSTER_LABELS,
    .write = write_all,
};
