/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4), by nettle: it uses the processor's own instructions where it can. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <nettle/sha2.h>
#include <stddef.h>

#define HASH_TEXT 65 /* 64 hexadecimal digits and the NUL */

struct hash {
	struct sha256_ctx ctx;
};

void hash_init(struct hash *h);
void hash_add(struct hash *h, const void *bytes, size_t len);

/* A string with its length before it, so that "ab","c" and "a","bc" differ. NULL is not "". */
void hash_add_text(struct hash *h, const char *text);

/* Ends the hash and prints it in lower case; returns text. */
const char *hash_end(struct hash *h, char text[HASH_TEXT]);

#define HASH_BASE64 45 /* RFC 4648, with its padding, and the NUL */

/* As hash_end, in base64: what browsers compare a script with. */
const char *hash_end_base64(struct hash *h, char text[HASH_BASE64]);

#endif
