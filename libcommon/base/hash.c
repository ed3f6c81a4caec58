/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <nettle/base64.h>
#include <stdint.h>
#include <string.h>

void
hash_init(struct hash *h)
{
	sha256_init(&h->ctx);
}

void
hash_add(struct hash *h, const void *bytes, size_t len)
{
	sha256_update(&h->ctx, len, bytes);
}

void
hash_add_text(struct hash *h, const char *text)
{
	uint64_t len = text ? strlen(text) : UINT64_MAX;
	unsigned char prefix[8];

	for (int i = 0; i < 8; i++)
		prefix[i] = (unsigned char)(len >> (8 * i));
	hash_add(h, prefix, sizeof(prefix));
	if (text)
		hash_add(h, text, (size_t)len);
}

const char *
hash_end(struct hash *h, char text[HASH_TEXT])
{
	static const char hex[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(&h->ctx, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		text[2 * i] = hex[digest[i] >> 4];
		text[2 * i + 1] = hex[digest[i] & 15];
	}
	text[HASH_TEXT - 1] = '\0';
	return text;
}

const char *
hash_end_base64(struct hash *h, char text[HASH_BASE64])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(&h->ctx, sizeof(digest), digest);
	base64_encode_raw(text, sizeof(digest), digest);
	text[HASH_BASE64 - 1] = '\0';
	return text;
}
