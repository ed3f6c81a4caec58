/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML documents as trees that know where each node stands, so that a message can say
 * "kernel.yaml:12: checks[0].severity: ...". Scalars follow the YAML 1.2 core schema: no and
 * yes are strings, 0o17 is a number, an unquoted 5.10 is a number with a warning where a
 * string is wanted. JSON is read by the same functions. The only user of libyaml.
 *
 * Refused: more than one document, a key twice in a mapping, a key that is no scalar, nesting
 * deeper than 64, more than 100,000 nodes (which also ends alias bombs), invalid UTF-8, NUL in
 * a text, raw U+0085, U+2028 and U+2029, an unquoted number that JSON cannot hold (.inf, or past
 * 64 bits), tags other than the core schema's. An alias is a copy of what its anchor names; "<<"
 * is a key like any other.
 */
#ifndef IO_YAML_H
#define IO_YAML_H

#include "base/fault.h"
#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"

enum yaml_type { YAML_NULL, YAML_BOOL, YAML_INT, YAML_FLOAT, YAML_STRING, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_type type;
	struct yaml_file *file;
	unsigned line;   /* from 1; in a copy made by an alias, that of the original */
	char *path;      /* "checks[0].severity", "" for the root; its end if it is long */
	char *text;      /* scalars: as written */
	int quoted;      /* a string that was quoted or a block */
	int64_t integer; /* YAML_INT; YAML_BOOL: 0 or 1 */
	double real;     /* YAML_INT and YAML_FLOAT */
	char *key;       /* in a map: this node's key */
	unsigned key_line;
	struct yaml_node **items; /* lists and maps, in the order written */
	size_t n;
};

struct yaml_file {
	char *name;
	struct yaml_node *root; /* NULL: an empty document */
	struct words warnings;  /* "file:line: path: what", for the caller to print */
};

/*
 * name is what messages call it; a base name, mostly. Close also after a failure. The nodes
 * point to the file, so it may not move.
 */
int yaml_parse(
    struct yaml_file *y, const char *name, const char *text, size_t len, struct fault *f);
int yaml_open(struct yaml_file *y, const char *path, struct fault *f);

/* The same for a document that a machine may have written: up to YAML_DATA_NODES values. */
#define YAML_DATA_NODES ((size_t)5000000)
int yaml_parse_data(
    struct yaml_file *y, const char *name, const char *text, size_t len, struct fault *f);
void yaml_close(struct yaml_file *y);

/* FAULT_BAD "file:line: path: words". Returns -1. */
int yaml_fault(const struct yaml_node *n, struct fault *f, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The member of a map, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/*
 * Reading a map into a struct by a table of fields: an unknown key is a fault with the near
 * miss, so is a wrong type, a required key that is missing, a word that is not allowed.
 */
enum yaml_want {
	YAML_WANT_TEXT,     /* char *; a number or boolean as it was written */
	YAML_WANT_WORD,     /* char *: a name, [a-z][a-z0-9_-]*; or int, an index into words */
	YAML_WANT_INT,      /* int64_t, from min to max; any if both are 0 */
	YAML_WANT_DOUBLE,   /* double */
	YAML_WANT_BOOL,     /* int */
	YAML_WANT_DURATION, /* int64_t, ms */
	YAML_WANT_SHARE,    /* struct num_share */
	YAML_WANT_TEXTS,    /* struct words; a single text is a list of one */
	YAML_WANT_NODE,     /* const struct yaml_node *, read by the caller */
};

struct yaml_field {
	const char *key;
	enum yaml_want want;
	size_t offset; /* in the struct; what is absent in the map stays as it is */
	int required;
	const char *const *words; /* YAML_WANT_WORD: NULL-ended; then an int is stored */
	int64_t min, max;         /* YAML_WANT_INT */
};

/*
 * fields ends with a NULL key. Texts are the caller's to free, also after a failure; one that
 * was there before is freed. An unquoted number is taken as a text as it is written, with a
 * warning: other readers of the file make 5.1 of 5.10. In a list of texts, where most numbers
 * are arguments of a command, only fractions are warned about.
 */
int yaml_read(
    const struct yaml_node *map, const struct yaml_field *fields, void *to, struct fault *f);

/* Appends the canonical JSON of a node; NULL is null. */
void yaml_to_json(const struct yaml_node *n, struct str *out);

#endif
