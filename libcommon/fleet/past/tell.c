/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/past/tell.h"

#include "base/show.h"
#include "fleet/past/difference.h"

#include <stdlib.h>
#include <string.h>

static int
add_line(const struct difference *d, void *ctx)
{
	difference_to_text(d, ctx);
	return 0;
}

static void
add_member(struct str *out, const char *before, struct jtext value)
{
	char *plain = jtext_plain_dup(value);

	str_add(out, before);
	show_text(out, plain ? plain : "");
	free(plain);
}

/* "+ host:dfw/db1 (netbox)": made, removed, or neither. */
static void
add_head(struct str *out, const char *op, struct jtext record)
{
	str_add(out, !strcmp(op, "create") ? "+ " : !strcmp(op, "remove") ? "- " : "");
	add_member(out, "", jtext_member(record, "item"));
	add_member(out, " (", jtext_member(record, "source"));
	str_add(out, ")\n");
}

static void
add_rank(struct str *out, struct jtext record)
{
	add_member(out, "source ", jtext_member(record, "source"));
	add_member(out, "\n  ~ rank: ", jtext_member(record, "old_rank"));
	add_member(out, " -> ", jtext_member(record, "rank"));
	str_addc(out, '\n');
}

static void
add_key(struct str *out, struct jtext record)
{
	struct jtext tied = jtext_member(record, "key");

	add_member(out, tied.text ? "  + key " : "  - key ",
	    tied.text ? tied : jtext_member(record, "old_key"));
	str_addc(out, '\n');
}

int
tell_row(struct session *s, const struct history_row *row, struct str *out, struct fault *f)
{
	const struct history_entry nobody = {.id = row->entry};
	struct str json = STR_INIT;
	int status = history_to_json(s, &nobody, row, &json, f);
	struct jtext record = JTEXT(json.text);

	if (status == 0 && strcmp(row->op, "rank") == 0) {
		add_rank(out, record);
	} else if (status == 0) {
		add_head(out, row->op, record);
		if (strcmp(row->op, "key") == 0)
			add_key(out, record);
		difference_each(
		    jtext_member(record, "old"), jtext_member(record, "new"), add_line, out);
	}
	str_done(&json);
	return status;
}
