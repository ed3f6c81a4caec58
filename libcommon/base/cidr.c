/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cidr.h"

#include "base/num.h"

#include <arpa/inet.h>
#include <string.h>

struct prefix {
	int family;
	int64_t bits;
	unsigned char bytes[16];
};

static int
parse(const char *text, struct prefix *out, struct fault *f)
{
	char host[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	int64_t most;

	if (len >= sizeof(host))
		return fault_set(f, FAULT_BAD, "\"%.60s\": not an IP address", text);
	memcpy(host, text, len);
	host[len] = '\0';
	out->family = strchr(host, ':') ? AF_INET6 : AF_INET;
	most = out->family == AF_INET6 ? 128 : 32;
	out->bits = most;
	if (inet_pton(out->family, host, out->bytes) != 1)
		return fault_set(f, FAULT_BAD, "\"%.60s\": not an IP address", text);
	if (slash && num_int(slash + 1, 0, most, &out->bits, f) < 0)
		return fault_within(f, "\"%.60s\"", text);
	return 0;
}

int
cidr_contains(const char *network, const char *address, struct fault *f)
{
	struct prefix net, host;
	size_t whole;
	unsigned char mask;

	if (parse(network, &net, f) < 0 || parse(address, &host, f) < 0)
		return -1;
	if (net.family != host.family)
		return 0;
	whole = (size_t)net.bits / 8;
	if (memcmp(net.bytes, host.bytes, whole) != 0)
		return 0;
	if (net.bits % 8 == 0)
		return 1;
	mask = (unsigned char)(0xff << (8 - net.bits % 8));
	return ((net.bytes[whole] ^ host.bytes[whole]) & mask) == 0;
}
