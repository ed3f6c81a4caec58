/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ansible's INI inventory, such as Kolla's multinode: [GROUP] with hosts, [GROUP:children],
 * [GROUP:vars]. A host may be several by ranges (web[01:20], web[a:f], web[0:20:2]), may have a
 * port (host:2222, the variable ansible_port) and variables behind it. `#` and `;` begin comments
 * at the start of a line, `#` also behind a host.
 */
#include "fleet/formats/ansible/ansible.h"
#include "fleet/formats/ansible/ansible_value.h"

#include "base/mem.h"
#include "base/num.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum section { SECTION_HOSTS, SECTION_CHILDREN, SECTION_VARS, SECTION_UNKNOWN };

struct ini {
	struct ansible *a;
	unsigned long line;
	size_t group;
	enum section section;
	struct str json;
};

static const char blanks[] = " \t\r";

/* Cuts what is blank at the end; returns the first that is not. */
static char *
trim(char *text)
{
	size_t len = strlen(text);

	while (len && strchr(blanks, text[len - 1]))
		text[--len] = '\0';
	return text + strspn(text, blanks);
}

/* ---- hosts ---- */

/* A host range may not make more than this: a slip of a digit, not a fleet. */
#define MOST_HOSTS 100000

struct pattern {
	struct ini *ini;
	struct ansible_places *out;
	size_t made;
};

/* "[01:20:2]" behind its bracket, as numbers or letters. */
struct range {
	int64_t low, high, step;
	int width; /* of padded numbers */
	int is_letters;
};

static int
read_bounds(char *low, char *high, struct range *r, struct fault *f)
{
	if (strlen(low) == 1 && strlen(high) == 1 && (*low | 32) >= 'a' && (*low | 32) <= 'z') {
		r->is_letters = 1;
		r->low = (unsigned char)*low;
		r->high = (unsigned char)*high;
		return 0;
	}
	if (num_int(low, 0, INT32_MAX, &r->low, f) < 0 ||
	    num_int(high, 0, INT32_MAX, &r->high, f) < 0)
		return -1;
	r->width = *low == '0' ? (int)strlen(low) : 0;
	if (r->width && strlen(low) != strlen(high))
		return fault_set(f, FAULT_BAD, "[%s:%s]: of one width, if padded", low, high);
	return 0;
}

static int
read_range(char *text, struct range *r, struct fault *f)
{
	char *low = strsep(&text, ":"), *high = strsep(&text, ":"), *step = text;

	*r = (struct range){.step = 1};
	if (!high || !*high)
		return fault_set(f, FAULT_BAD, "[%s]: a range is [FIRST:LAST]", low);
	if (step && num_int(step, 1, INT32_MAX, &r->step, f) < 0)
		return -1;
	if (read_bounds(*low ? low : strdupa("0"), high, r, f) < 0)
		return -1;
	if (r->low > r->high)
		return fault_set(
		    f, FAULT_BAD, "[%s:%s]: a range that ends before it begins", low, high);
	return 0;
}

/* Calls itself for each host of the first range in name, till there is none. */
static int
expand(struct pattern *p, const char *name, struct fault *f)
{
	const char *open = strchr(name, '['), *close = open ? strchr(open, ']') : NULL;
	struct range r;
	char *inner;
	int result;

	if (!open) {
		if (++p->made > MOST_HOSTS)
			return fault_set(f, FAULT_BAD, "more than %d hosts in a line", MOST_HOSTS);
		vec_push(p->out, ansible_host(p->ini->a, name, p->ini->line));
		return 0;
	}
	if (!close)
		return fault_set(f, FAULT_BAD, "\"%s\": a bracket that is not closed", name);
	inner = mem_dupn(open + 1, (size_t)(close - open - 1));
	result = read_range(inner, &r, f);
	for (int64_t n = r.low; result == 0 && n <= r.high; n += r.step) {
		char *one = r.is_letters ? mem_printf("%.*s%c%s", (int)(open - name), name, (int)n,
					       close + 1)
					 : mem_printf("%.*s%0*ld%s", (int)(open - name), name,
					       r.width, (long)n, close + 1);

		result = expand(p, one, f);
		free(one);
	}
	free(inner);
	return result;
}

/* The next word of a line as a shell would have it, its quotes taken away; NULL at the end. */
static char *
next_word(char **at)
{
	char *p = *at + strspn(*at, blanks), *to = p, *word = p, quote = 0;

	if (!*p || *p == '#')
		return NULL;
	for (; *p && (quote || !strchr(blanks, *p)); p++)
		if (!quote && (*p == '\'' || *p == '"'))
			quote = *p;
		else if (*p == quote)
			quote = 0;
		else if (*p == '\\' && quote != '\'' && p[1])
			*to++ = *++p;
		else
			*to++ = *p;
	*at = p + (*p != '\0');
	*to = '\0';
	return word;
}

/* "host:2222": the port's variable, and the name without it. */
static int64_t
take_port(char *name)
{
	char *close = strrchr(name, ']'), *colon = strchr(close ? close : name, ':');
	int64_t port = 0;
	struct fault why;

	/* Several colons are an IPv6 address. */
	if (!colon || strchr(colon + 1, ':') || num_int(colon + 1, 1, 65535, &port, &why) < 0)
		return 0;
	*colon = '\0';
	return port;
}

static void
set_all(struct ini *ini, const struct ansible_places *hosts, const char *key, const char *value)
{
	str_reset(&ini->json);
	ansible_value(value, &ini->json);
	for (size_t i = 0; i < hosts->n; i++)
		ansible_host_var(
		    ini->a, hosts->v[i], key, (struct jtext){ini->json.text, ini->json.len});
}

static int
read_vars(struct ini *ini, const struct ansible_places *hosts, char *rest, struct fault *f)
{
	char *word;

	while ((word = next_word(&rest))) {
		char *equals = strchr(word, '=');

		if (!equals || equals == word)
			return fault_set(f, FAULT_BAD, "\"%s\": KEY=VALUE is wanted", word);
		*equals = '\0';
		set_all(ini, hosts, word, equals + 1);
	}
	return 0;
}

static int
read_hosts(struct ini *ini, char *text, struct fault *f)
{
	struct ansible_places hosts = {0};
	struct pattern p = {ini, &hosts, 0};
	char *name = next_word(&text);
	int64_t port = name ? take_port(name) : 0;
	int result;

	if (!name || !*name)
		return fault_set(f, FAULT_BAD, "no name of a host");
	result = expand(&p, name, f);
	if (result == 0 && port) {
		char number[24];

		snprintf(number, sizeof(number), "%ld", (long)port);
		set_all(ini, &hosts, "ansible_port", number);
	}
	for (size_t i = 0; i < hosts.n; i++)
		ansible_put_in(ini->a, hosts.v[i], ini->group);
	if (result == 0)
		result = read_vars(ini, &hosts, text, f);
	vec_done(&hosts);
	return result;
}

/* ---- the other lines ---- */

static int
read_section(struct ini *ini, char *text, struct fault *f)
{
	static const char *const sections[] = {"hosts", "children", "vars"};
	char *close = strchr(text, ']'), *colon;

	ini->section = SECTION_UNKNOWN;
	if (!close)
		return fault_set(f, FAULT_BAD, "a section without its closing bracket");
	*close = '\0';
	colon = strchr(text, ':');
	if (colon)
		*colon++ = '\0';
	if (!*text)
		return fault_set(f, FAULT_BAD, "a section without a name");
	ini->section = SECTION_HOSTS;
	while (colon && strcmp(colon, sections[ini->section]) != 0)
		if (++ini->section == SECTION_UNKNOWN)
			return fault_set(f, FAULT_BAD, "[%s:%s]: hosts, children or vars is wanted",
			    text, colon);
	ini->group = ansible_group(ini->a, text);
	return 0;
}

static int
read_child(struct ini *ini, char *text, struct fault *f)
{
	char *name = next_word(&text);

	if (!name || !*name)
		return fault_set(f, FAULT_BAD, "no name of a group");
	ansible_put_below(ini->a, ansible_group(ini->a, name), ini->group);
	name = next_word(&text);
	return name ? fault_set(f, FAULT_BAD, "\"%s\": behind the name of a group", name) : 0;
}

static int
read_var(struct ini *ini, char *text, struct fault *f)
{
	char *equals = strchr(text, '='), *key;

	if (!equals || equals == text)
		return fault_set(f, FAULT_BAD, "KEY=VALUE is wanted");
	*equals = '\0';
	key = trim(text);
	str_reset(&ini->json);
	ansible_value(trim(equals + 1), &ini->json);
	ansible_group_var(ini->a, ini->group, key, (struct jtext){ini->json.text, ini->json.len});
	return 0;
}

static int
read_line(struct ini *ini, char *text, struct fault *f)
{
	if (!*text || *text == '#' || *text == ';')
		return 0;
	if (*text == '[')
		return read_section(ini, text + 1, f);
	switch (ini->section) {
	case SECTION_HOSTS: return read_hosts(ini, text, f);
	case SECTION_CHILDREN: return read_child(ini, text, f);
	case SECTION_VARS: return read_var(ini, text, f);
	case SECTION_UNKNOWN: break;
	}
	return fault_set(f, FAULT_BAD, "in a section that is not read");
}

static int
read_all(struct format_run *run, char *text, size_t len, struct fault *f)
{
	struct ini ini = {.a = run->state};
	char *line;

	(void)len;
	ini.group = ansible_group(ini.a, "ungrouped");
	while ((line = strsep(&text, "\n"))) {
		ini.line++;
		if (read_line(&ini, trim(line), f) == 0)
			continue;
		if (f->kind != FAULT_BAD)
			break;
		format_bad(run, ini.line, f);
	}
	str_done(&ini.json);
	return line ? -1 : ansible_emit(ini.a, f);
}

static void
start(struct format_run *run)
{
	run->state = ansible_new(run);
}

const struct format format_ansible_ini = {
    .name = "ansible-ini",
    .about = "an inventory in INI, such as Kolla's multinode",
    .start = start,
    .end = ansible_end,
    .text = read_all,
};
