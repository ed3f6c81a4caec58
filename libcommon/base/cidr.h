/* SPDX-License-Identifier: Apache-2.0 */
/* Networks and addresses, IPv4 and IPv6, as text. */
#ifndef BASE_CIDR_H
#define BASE_CIDR_H

#include "base/fault.h"

/*
 * Whether a network (10.2.0.0/16, 2001:db8::/32; without a length one address) holds an
 * address. An address may carry a length, as NetBox writes them (10.2.7.1/24): it is passed
 * over. 1, 0 (also for an address of the other family), -1: FAULT_BAD quotes what is wrong.
 */
int cidr_contains(const char *network, const char *address, struct fault *f);

#endif
