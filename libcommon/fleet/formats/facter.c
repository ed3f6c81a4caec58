/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of Facter, in two shapes: {"file":PATH,"facts":{...}} lines, as collections of fact
 * files have them, and what `facter --json` prints. Either gives a host with all facts under
 * the one variable "facts", so that nothing a machine says of itself shadows asset data.
 *
 * A file's host is named after it: facts/4.2/debian-12-i386.facts is debian-12-i386@4.2, since
 * the same file name occurs in several folders. Its key is the path. A plain output is named,
 * and keyed, by networking.fqdn, else networking.hostname, else the flat facts fqdn, hostname.
 */
#include "fleet/formats/fields.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static int
is_file(struct jtext record)
{
	return jtext_member(record, "file").text && jtext_member(record, "facts").text;
}

static int
is_facter(struct jtext first)
{
	return is_file(first) || jtext_member(first, "facterversion").text;
}

/* "facts/4.2/debian-12-i386.facts" to "debian-12-i386@4.2". To be freed. */
static char *
name_of_file(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *above = slash ? memrchr(path, '/', (size_t)(slash - path)) : NULL;
	const char *folder = above ? above + 1 : path;
	size_t len = strlen(base);

	if (len > 6 && strcmp(base + len - 6, ".facts") == 0)
		len -= 6;
	if (!slash || folder == slash)
		return mem_dupn(base, len);
	return mem_printf("%.*s@%.*s", (int)len, base, (int)(slash - folder), folder);
}

/* NULL if the facts name no host. To be freed. */
static char *
name_in_facts(struct jtext facts)
{
	struct jtext networking = jtext_member(facts, "networking");
	struct jtext places[] = {jtext_member(networking, "fqdn"),
	    jtext_member(networking, "hostname"), jtext_member(facts, "fqdn"),
	    jtext_member(facts, "hostname")};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (!draft_is_empty(places[i]) && jtext_type(places[i]) == JTEXT_STRING)
			return jtext_plain_dup(places[i]);
	return NULL;
}

static const struct field file_rules[] = {
    {"file", field_nothing, NULL, NULL},
    {"facts", field_nothing, NULL, NULL},
    {0},
};

/* more: the object that a file's facts stand in; what else it has are attributes. */
static int
emit_host(struct format_run *run, const char *name, const char *key, struct jtext facts,
    struct jtext more, unsigned long line, struct fault *f)
{
	struct draft *d = run->state;

	draft_start(d, "host");
	draft_text(d, "name", name);
	draft_text(d, "key", key);
	draft_variable(d, "facts", facts);
	fields_apply(d, file_rules, field_attribute, more);
	return draft_emit(d, run, line, f);
}

static int
translate_file(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	struct jtext file = jtext_member(record, "file"), facts = jtext_member(record, "facts");
	char *path, *name;
	int result;

	if (jtext_type(file) != JTEXT_STRING || draft_is_empty(file))
		return fault_set(f, FAULT_BAD, "\"file\" is not the path of a fact file");
	if (jtext_type(facts) != JTEXT_OBJECT)
		return fault_set(f, FAULT_BAD, "\"facts\" is not a JSON object");
	path = jtext_plain_dup(file);
	name = name_of_file(path);
	result = emit_host(run, name, path, facts, record, line, f);
	free(path);
	free(name);
	return result;
}

static int
translate(struct format_run *run, struct jtext record, unsigned long line, struct fault *f)
{
	char *name;
	int result;

	if (is_file(record))
		return translate_file(run, record, line, f);
	name = name_in_facts(record);
	if (!name)
		return fault_set(f, FAULT_BAD,
		    "neither {\"file\",\"facts\"} nor facts with a networking.fqdn or hostname");
	result = emit_host(run, name, name, record, JTEXT("{}"), line, f);
	free(name);
	return result;
}

const struct format format_facter = {
    .name = "facter",
    .about = "Facter's facts: facter --json, or lines of {\"file\",\"facts\"}",
    .detect = is_facter,
    .start = draft_run_start,
    .end = draft_run_end,
    .record = translate,
};
