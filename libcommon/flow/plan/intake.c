/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan/intake.h"

#include "io/jtext.h"

#include <inttypes.h>
#include <string.h>

void
intake_done(struct intake *in)
{
	for (size_t i = 0; i < in->items.n; i++) {
		free(in->items.v[i].text);
		free(in->items.v[i].kind);
		free(in->items.v[i].check);
		words_done(&in->items.v[i].after);
	}
	vec_done(&in->items);
	free(in->audit);
	map_done(&in->left);
	map_done(&in->runs);
	*in = (struct intake){0};
}

void
intake_add(struct intake *in, int64_t item)
{
	vec_push(&in->items, ((struct intake_item){.id = item}));
}

/* ---- what is left out ---- */

void
intake_leave(struct intake *in, const char *reason)
{
	map_put(&in->left, reason, NULL)->i++;
}

static int
by_key(const void *a, const void *b)
{
	const struct map_entry *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

void
intake_left_text(const struct intake *in, struct str *out)
{
	VEC(struct map_entry *) all = {0};
	struct map_entry *e;
	size_t at = 0;

	while ((e = map_each(&in->left, &at)))
		vec_push(&all, e);
	vec_sort(&all, by_key);
	for (size_t i = 0; i < all.n; i++)
		str_addf(out, "%s%s %" PRId64, i ? ", " : "", all.v[i]->key, all.v[i]->value.i);
	vec_done(&all);
}

/* ---- the stream ---- */

static struct intake_item *
take(struct intake *in, const struct jsonl *from, char *text)
{
	struct intake_item *i = vec_add(&in->items);

	i->text = text;
	i->line = from->line;
	return i;
}

static void
note_run(struct intake *in, struct jtext object)
{
	char *run = jtext_plain_dup(jtext_member(object, "run"));

	map_put(&in->runs, run ? run : "", NULL);
	free(run);
}

/* Only fail is acted on: what could not be known is no reason to touch an item. */
static void
take_finding(struct intake *in, const struct jsonl *from, const char *workflow, struct jtext object)
{
	struct jtext status = jtext_member(object, "status"),
		     remedy = jtext_member(object, "remedy");
	struct jtext item = jtext_member(object, "item");
	char *word = jtext_plain_dup(status);

	in->findings = 1;
	note_run(in, object);
	if (!word || strcmp(word, "fail") != 0)
		intake_leave(in, word ? word : "no status");
	else if (!remedy.text)
		intake_leave(in, "no remedy");
	else if (!jtext_is(remedy, workflow))
		intake_leave(in, "other remedy");
	else if (!item.text)
		intake_leave(in, "about no item");
	else
		take(in, from, jtext_plain_dup(item))->check =
		    jtext_plain_dup(jtext_member(object, "check"));
	free(word);
}

static int
take_audit(struct intake *in, const struct jsonl *from, struct jtext object, struct fault *f)
{
	char *doubt;

	in->findings = 1;
	if (in->audit)
		return fault_set(f, FAULT_REFUSED,
		    "%s:%lu: a second audit in one stream; plan them one at a time", from->name,
		    from->line);
	if (jtext_type(jtext_member(object, "complete")) != JTEXT_TRUE)
		return fault_set(f, FAULT_REFUSED, "%s:%lu: the audit says that it is not complete",
		    from->name, from->line);
	doubt = jtext_plain_dup(jtext_member(object, "doubt"));
	if (doubt) {
		fault_set(f, FAULT_REFUSED, "%s:%lu: the audit doubts what it rests on: %s",
		    from->name, from->line, doubt);
		free(doubt);
		return -1;
	}
	in->audit = mem_dupn(object.text, object.len);
	return 0;
}

/* Records that are about items but are none. */
static int
is_talk(const char *kind)
{
	static const char *const words[] = {
	    "change", "conflict", "event", "kicked", "plan", "plan-item", "relation", NULL};

	for (size_t i = 0; words[i]; i++)
		if (!strcmp(words[i], kind))
			return 1;
	return 0;
}

/* A text, or a list of texts. */
static void
take_after(struct intake_item *i, struct jtext after)
{
	struct jtext none, value;
	size_t at = 0;
	char *text;

	if (!after.text || jtext_type(after) == JTEXT_OBJECT)
		return;
	if (jtext_type(after) != JTEXT_ARRAY) {
		text = jtext_plain_dup(after);
		words_add(&i->after, text);
		free(text);
		return;
	}
	while (jtext_each(after, &at, &none, &value)) {
		text = jtext_plain_dup(value);
		words_add(&i->after, text);
		free(text);
	}
}

static void
take_item(struct intake *in, const struct jsonl *from, const char *kind, struct jtext object)
{
	struct jtext ref = jtext_member(object, "ref"), name = jtext_member(object, "name");
	struct str reason = STR_INIT;

	if (is_talk(kind) || (!ref.text && !name.text)) {
		str_addf(&reason, "of kind %.40s", kind);
		intake_leave(in, reason.text);
		str_done(&reason);
	} else {
		struct intake_item *i = take(in, from, jtext_plain_dup(ref.text ? ref : name));

		i->kind = ref.text ? NULL : mem_dup(kind);
		take_after(i, jtext_member(object, "after"));
	}
}

static int
take_record(struct intake *in, const struct jsonl *from, const char *workflow, struct jtext object,
    struct fault *f)
{
	struct jtext member = jtext_member(object, "kind");
	char *kind;
	int rc = 0;

	if (!member.text || jtext_type(member) != JTEXT_STRING)
		return fault_set(
		    f, FAULT_BAD, "%s:%lu: a record without kind", from->name, from->line);
	kind = jtext_plain_dup(member);
	if (!strcmp(kind, "finding"))
		take_finding(in, from, workflow, object);
	else if (!strcmp(kind, "audit"))
		rc = take_audit(in, from, object, f);
	else
		take_item(in, from, kind, object);
	free(kind);
	return rc;
}

static int
take_line(struct intake *in, const struct jsonl *from, const char *workflow, const char *text,
    size_t len, struct fault *f)
{
	struct str object = STR_INIT;
	int rc;

	if (text[strspn(text, " \t")] != '{') {
		take(in, from, mem_dup(text));
		return 0;
	}
	rc = jtext_canonical(text, len, &object, f);
	if (rc < 0)
		fault_within(f, "%s:%lu", from->name, from->line);
	else
		rc = take_record(in, from, workflow, JTEXT(object.text), f);
	str_done(&object);
	return rc;
}

/* Every finding's run has to be the one that the closing record speaks of. */
static int
check_closed(const struct intake *in, const char *name, struct fault *f)
{
	struct map_entry *e;
	size_t at = 0;
	char *run;
	int rc = 0;

	if (!in->findings)
		return 0;
	if (!in->audit)
		return fault_set(f, FAULT_REFUSED,
		    "%s: findings without the audit's closing record: it was cut short", name);
	run = jtext_plain_dup(jtext_member(JTEXT(in->audit), "run"));
	while (rc == 0 && (e = map_each(&in->runs, &at)))
		if (*e->key && strcmp(e->key, run ? run : "") != 0)
			rc = fault_set(f, FAULT_REFUSED,
			    "%s: findings of audit run %s, and the run that ended is %s", name,
			    e->key, run ? run : "not named");
	free(run);
	return rc;
}

int
intake_read(struct intake *in, struct jsonl *from, const char *workflow,
    void (*warn)(const char *text, void *ctx), void *ctx, struct fault *f)
{
	char *text;
	size_t len;
	int more;

	for (;;) {
		more = jsonl_line(from, &text, &len, f);
		if (more == 0)
			return check_closed(in, from->name, f);
		if (more > 0)
			more = take_line(in, from, workflow, text, len, f);
		if (more < 0 && f->kind != FAULT_BAD)
			return -1;
		if (more < 0) {
			warn(f->text, ctx);
			in->bad++;
		}
	}
}
