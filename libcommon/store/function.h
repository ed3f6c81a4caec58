/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL functions of Craton's own, on every connection; each is NULL where an argument is:
 *
 *	jmember(object, 'key')          the canonical text of a top-level member, without
 *	                                building a tree (four times as fast as json_extract)
 *	text REGEXP pattern             PCRE2, with limits
 *	vercmp(a, b)                    -1, 0, 1: versions in the order people mean
 *	cidr_contains(network, address)
 *	age(time)                       seconds since an RFC 3339 time
 *	moment(ms)                      milliseconds since 1970 as an RFC 3339 time
 */
#ifndef STORE_FUNCTION_H
#define STORE_FUNCTION_H

/* Takes an sqlite3 *; returns SQLite's code. */
int function_register(void *native);

#endif
