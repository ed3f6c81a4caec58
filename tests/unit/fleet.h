/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a session in memory or a file, filled from records written as a list of lines. */
#ifndef FLEET_H
#define FLEET_H

#include "fleet/log/change.h"
#include "fleet/record.h"
#include "fleet/session.h"
#include "fleet/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What goes wrong while a test is set up ends it. */
static void
must(int status, const struct fault *f)
{
	if (status >= 0)
		return;
	printf("Bail out! %s\n", f->text);
	exit(1);
}

static void
fleet_open(struct session *s, const char *path)
{
	const struct session_options options = {.db = path, .memory = !path};
	struct fault f = {0};

	must(session_open(s, &options, DB_WRITE, &f), &f);
}

/* One record, in the layer of a source. */
static int64_t
fleet_put(struct session *s, const char *source, const char *json)
{
	struct str object = STR_INIT;
	struct record r = {0};
	struct change c;
	struct fault f = {0};
	int64_t id = 0, layer = 0;

	must(jtext_canonical(json, strlen(json), &object, &f), &f);
	must(source_want(s, source, &layer, &f), &f);
	must(change_begin(&c, s, layer, &f), &f);
	must(record_read(&r, (struct jtext){object.text, object.len}, &f), &f);
	must(record_put(&c, &r, RECORD_MERGE, &id, &f), &f);
	must(change_commit(&c, &f), &f);
	record_done(&r);
	str_done(&object);
	return id;
}

#endif
