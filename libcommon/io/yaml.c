/* SPDX-License-Identifier: Apache-2.0 */
#include "io/yaml.h"

#include "base/map.h"
#include "base/report.h"
#include "io/file.h"
#include "io/scalar.h"
#include "io/yaml_node.h"

#include <string.h>
#include <yaml.h>

#define MOST_NODES 100000
#define DEEPEST 64

/* Bytes of a text that count as one more node, so that copies of a long text run out too. */
#define TEXT_OF_A_NODE 1024

/* Definitions are written by hand. libyaml reads some 20 MB a second. */
#define FILE_LONGEST ((size_t)16 << 20)

struct builder {
	struct yaml_file *file;
	const char *text;
	size_t len;
	yaml_parser_t parser;
	yaml_event_t event;
	struct map anchors; /* to nodes; NULL while the node is being read */
	size_t nodes;       /* so far */
	size_t most;        /* nodes */
	struct fault *f;
};

static unsigned
line_of(const yaml_event_t *e)
{
	return (unsigned)e->start_mark.line + 1;
}

/* The reader of bytes knows only an offset. */
static unsigned
line_at(const struct builder *b, size_t offset)
{
	unsigned line = 1;

	for (size_t i = 0; i < offset && i < b->len; i++)
		line += b->text[i] == '\n';
	return line;
}

static int
syntax_fault(struct builder *b)
{
	const yaml_parser_t *p = &b->parser;
	const char *name = b->file->name;

	if (p->error == YAML_MEMORY_ERROR)
		report_no_memory();
	if (p->error == YAML_READER_ERROR)
		return fault_set(b->f, FAULT_BAD, "%s:%u: not text in UTF-8: %s", name,
		    line_at(b, p->problem_offset), p->problem);
	if (strstr(p->problem, "Unicode character escape"))
		return fault_set(b->f, FAULT_BAD,
		    "%s:%zu: half of a surrogate pair (\\ud800 to \\udfff) is no character; write "
		    "it as "
		    "it is or as \\U0001f600",
		    name, p->problem_mark.line + 1);
	if (p->context && p->context_mark.line < p->problem_mark.line)
		return fault_set(b->f, FAULT_BAD, "%s:%zu: %s %s from line %zu on", name,
		    p->problem_mark.line + 1, p->problem, p->context, p->context_mark.line + 1);
	return fault_set(b->f, FAULT_BAD, "%s:%zu: %s%s%s", name, p->problem_mark.line + 1,
	    p->problem, p->context ? " " : "", p->context ? p->context : "");
}

static int
next_event(struct builder *b)
{
	yaml_event_delete(&b->event);
	return yaml_parser_parse(&b->parser, &b->event) ? 0 : syntax_fault(b);
}

static size_t
weight(const char *text)
{
	return text ? strlen(text) / TEXT_OF_A_NODE : 0;
}

static int
count(struct builder *b, unsigned line, size_t nodes)
{
	b->nodes += nodes;
	if (b->nodes <= b->most)
		return 0;
	return fault_set(b->f, FAULT_BAD, "%s:%u: more than %zu values, those of aliases included",
	    b->file->name, line, b->most);
}

/* The core schema's tags: "!!int" may stand where the value is one anyway; "!!str" quotes. */
static int
check_tag(struct builder *b, const struct yaml_node *n, const char *tag)
{
	static const char *const tags[] = {[YAML_NULL] = YAML_NULL_TAG,
	    [YAML_BOOL] = YAML_BOOL_TAG,
	    [YAML_INT] = YAML_INT_TAG,
	    [YAML_FLOAT] = YAML_FLOAT_TAG,
	    [YAML_STRING] = YAML_STR_TAG,
	    [YAML_LIST] = YAML_SEQ_TAG,
	    [YAML_MAP] = YAML_MAP_TAG};

	if (!tag || !strcmp(tag, tags[n->type]) || !strcmp(tag, "!"))
		return 0;
	return yaml_fault(n, b->f, "the tag %.80s does not belong here", tag);
}

static int
read_scalar(struct builder *b, struct yaml_node *n)
{
	const char *text = (const char *)b->event.data.scalar.value;
	const char *tag = (const char *)b->event.data.scalar.tag;
	struct scalar s = {.type = YAML_STRING};

	if (strlen(text) != b->event.data.scalar.length)
		return yaml_fault(n, b->f, "a NUL character in a text");
	n->quoted = b->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE ||
		    (tag && (!strcmp(tag, YAML_STR_TAG) || !strcmp(tag, "!")));
	n->text = mem_dup(text);
	if (!n->quoted && scalar_read(text, &s, b->f) < 0)
		return yaml_fault(n, b->f, "%s", strdupa(b->f->text));
	n->type = s.type;
	n->integer = s.integer;
	n->real = s.real;
	return check_tag(b, n, tag);
}

static int read_value(struct builder *b, struct yaml_node *n, unsigned depth);

static int
read_list(struct builder *b, struct yaml_node *n, unsigned depth)
{
	n->type = YAML_LIST;
	if (check_tag(b, n, (const char *)b->event.data.sequence_start.tag) < 0)
		return -1;
	for (;;) {
		if (next_event(b) < 0)
			return -1;
		if (b->event.type == YAML_SEQUENCE_END_EVENT)
			return 0;
		if (read_value(b, yaml_node_new(b->file, n, NULL, line_of(&b->event)), depth + 1) <
		    0)
			return -1;
	}
}

/* The text of the key that the event is; an alias of a scalar will do. */
static const char *
key_text(struct builder *b, const struct yaml_node *map)
{
	const union map_value *v;
	const struct yaml_node *n;

	if (b->event.type == YAML_SCALAR_EVENT &&
	    strlen((char *)b->event.data.scalar.value) == b->event.data.scalar.length)
		return (const char *)b->event.data.scalar.value;
	if (b->event.type == YAML_ALIAS_EVENT) {
		v = map_get(&b->anchors, (const char *)b->event.data.alias.anchor);
		n = v ? v->p : NULL;
		if (n && n->text)
			return n->text;
	}
	fault_set(b->f, FAULT_BAD, "%s:%u: %s%sa key must be a plain text", map->file->name,
	    line_of(&b->event), map->path, *map->path ? ": " : "");
	return NULL;
}

/* Reads one key and its value; the event is the key's. */
static int
read_member(struct builder *b, struct yaml_node *map, struct map *lines, unsigned depth)
{
	const char *key = key_text(b, map);
	unsigned line = line_of(&b->event);
	struct yaml_node *n;
	union map_value *first;
	int added;

	if (!key)
		return -1;
	n = yaml_node_new(b->file, map, key, line);
	first = map_put(lines, key, &added);
	if (!added)
		return yaml_fault(n, b->f, "this key is in line %d already", (int)first->i);
	first->i = line;
	if (next_event(b) < 0)
		return -1;
	n->line = line_of(&b->event);
	return read_value(b, n, depth + 1);
}

static int
read_map(struct builder *b, struct yaml_node *n, unsigned depth)
{
	struct map lines = {0};
	int r;

	n->type = YAML_MAP;
	r = check_tag(b, n, (const char *)b->event.data.mapping_start.tag);
	while (r == 0 && (r = next_event(b)) == 0 && b->event.type != YAML_MAPPING_END_EVENT)
		r = read_member(b, n, &lines, depth);
	map_done(&lines);
	return r;
}

static int
too_deep(struct builder *b, const struct yaml_node *n)
{
	return yaml_fault(n, b->f, "nested deeper than %d", DEEPEST);
}

/* Fills a node as the copy of another; the event is the alias. */
static int
copy(struct builder *b, struct yaml_node *to, const struct yaml_node *from, unsigned depth)
{
	if (depth == DEEPEST && !from->text)
		return too_deep(b, to);
	if (count(b, line_of(&b->event), 1 + weight(from->text) + weight(from->key)) < 0)
		return -1;
	to->type = from->type;
	to->line = from->line;
	to->text = mem_dup(from->text);
	to->quoted = from->quoted;
	to->integer = from->integer;
	to->real = from->real;
	for (size_t i = 0; i < from->n; i++) {
		const struct yaml_node *item = from->items[i];

		if (copy(b, yaml_node_new(b->file, to, item->key, item->key_line), item,
			depth + 1) < 0)
			return -1;
	}
	return 0;
}

static int
read_alias(struct builder *b, struct yaml_node *n, unsigned depth)
{
	const char *anchor = (const char *)b->event.data.alias.anchor;
	const union map_value *v = map_get(&b->anchors, anchor);

	if (!v)
		return yaml_fault(n, b->f, "there is no anchor &%.80s before this alias", anchor);
	if (!v->p)
		return yaml_fault(n, b->f, "*%.80s would hold itself", anchor);
	return copy(b, n, v->p, depth);
}

/* The anchor of the event, NULL if it has none. */
static const char *
anchor_of(const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT: return (const char *)e->data.scalar.anchor;
	case YAML_SEQUENCE_START_EVENT: return (const char *)e->data.sequence_start.anchor;
	case YAML_MAPPING_START_EVENT: return (const char *)e->data.mapping_start.anchor;
	default: return NULL;
	}
}

static int
read_anchored(struct builder *b, struct yaml_node *n, unsigned depth)
{
	switch (b->event.type) {
	case YAML_SCALAR_EVENT: return read_scalar(b, n);
	case YAML_SEQUENCE_START_EVENT: return read_list(b, n, depth);
	default: return read_map(b, n, depth);
	}
}

/* Reads the value that begins with this event into n. */
static int
read_value(struct builder *b, struct yaml_node *n, unsigned depth)
{
	char *anchor;
	int r;

	if (b->event.type == YAML_ALIAS_EVENT)
		return read_alias(b, n, depth);
	if (depth == DEEPEST && b->event.type != YAML_SCALAR_EVENT)
		return too_deep(b, n);
	if (count(b, n->line, 1) < 0)
		return -1;
	anchor = mem_dup(anchor_of(&b->event));
	if (anchor)
		map_put(&b->anchors, anchor, NULL)->p = NULL;
	r = read_anchored(b, n, depth);
	if (anchor && r == 0)
		map_put(&b->anchors, anchor, NULL)->p = n;
	free(anchor);
	return r;
}

/* Over the event at hand and one more. */
static int
skip_event(struct builder *b)
{
	return next_event(b) < 0 ? -1 : next_event(b);
}

static int
read_stream(struct builder *b)
{
	if (skip_event(b) < 0) /* the stream's start: now a document's or the end */
		return -1;
	if (b->event.type == YAML_STREAM_END_EVENT)
		return 0;
	if (next_event(b) < 0 ||
	    read_value(b, yaml_node_new(b->file, NULL, NULL, line_of(&b->event)), 0) < 0 ||
	    skip_event(b) < 0)
		return -1;
	if (b->event.type != YAML_STREAM_END_EVENT)
		return fault_set(b->f, FAULT_BAD, "%s:%u: a second document; one is allowed",
		    b->file->name, line_of(&b->event));
	return 0;
}

/*
 * libyaml ends lines at U+0085, U+2028 and U+2029, as YAML 1.1 did, and so changes the texts
 * that hold them; to YAML 1.2 and JSON they are characters.
 */
static int
check_line_ends(const struct builder *b)
{
	static const char *const ends[] = {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
	static const char *const escapes[] = {"\\u0085", "\\u2028", "\\u2029"};

	for (size_t i = 0; i < 3; i++) {
		const char *at = memmem(b->text, b->len, ends[i], strlen(ends[i]));

		if (at)
			return fault_set(b->f, FAULT_BAD,
			    "%s:%u: an old kind of line end; if a character is meant, write %s in "
			    "double quotes",
			    b->file->name, line_at(b, (size_t)(at - b->text)), escapes[i]);
	}
	return 0;
}

static int
parse(struct yaml_file *y, const char *name, const char *text, size_t len, size_t most,
    struct fault *f)
{
	struct builder b = {.file = y, .text = text, .len = len, .most = most, .f = f};
	int r;

	*y = (struct yaml_file){.name = mem_dup(name)};
	if (check_line_ends(&b) < 0)
		return -1;
	if (!yaml_parser_initialize(&b.parser))
		report_no_memory();
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)text, len);
	r = read_stream(&b);
	yaml_event_delete(&b.event);
	yaml_parser_delete(&b.parser);
	map_done(&b.anchors);
	return r;
}

int
yaml_parse(struct yaml_file *y, const char *name, const char *text, size_t len, struct fault *f)
{
	return parse(y, name, text, len, MOST_NODES, f);
}

int
yaml_parse_data(
    struct yaml_file *y, const char *name, const char *text, size_t len, struct fault *f)
{
	return parse(y, name, text, len, YAML_DATA_NODES, f);
}

int
yaml_open(struct yaml_file *y, const char *path, struct fault *f)
{
	struct str text = STR_INIT;
	int r;

	*y = (struct yaml_file){0};
	r = file_read(path, FILE_LONGEST, &text, f);
	if (r == 0)
		r = yaml_parse(y, strcmp(path, "-") ? basename(path) : "stdin",
		    text.text ? text.text : "", text.len, f);
	str_done(&text);
	return r;
}
