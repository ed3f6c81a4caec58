/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run of the user's own ansible(1) or ansible-playbook(1) over some hosts, with its
 * configuration, and what it says of each. What it prints for people is replaced by a callback
 * of ours, share/ansible/craton_lines.py, which prints a JSON line a host.
 */
#ifndef EXEC_REMOTE_ANSIBLE_H
#define EXEC_REMOTE_ANSIBLE_H

#include "base/fault.h"
#include "base/vec.h"
#include "io/jtext.h"

#include <stdint.h>

/* The parameters there are, ended by NULL: module args playbook inventory host check become vars.
 */
extern const char *const ansible_parameters[];

struct ansible {
	int is_play;
	struct words argv, env; /* both ended by NULL */
	char *folder;           /* of files that it is given; removed by ansible_done */
};

/* FAULT_BAD: the parameters do not go together. */
int ansible_check(struct jtext with, struct fault *f);

/*
 * with: a canonical object of the parameters; hosts as pairs of a name and an address or NULL.
 * Paths are relative to folder (NULL: to where we are). Without an inventory it gets one of
 * these hosts; with one it is limited to them. FAULT_BAD: parameters that do not fit.
 */
struct ansible_host {
	const char *name, *address;
};
int ansible_init(struct ansible *a, struct jtext with, const struct ansible_host *hosts, size_t n,
    int64_t forks, const char *folder, struct fault *f);
void ansible_done(struct ansible *a);

/* Whether a name is a host's for Ansible, and no pattern of several. */
int ansible_is_host(const char *name);

/*
 * Calls each for every host that the output speaks of: result is what the module said, or of a
 * play the counts, changes and failures. Returns whether it came to its end.
 */
enum ansible_status { ANSIBLE_OK, ANSIBLE_FAILED, ANSIBLE_UNREACHABLE, ANSIBLE_SKIPPED };
int ansible_read(const char *output, size_t len,
    void (*each)(const char *host, enum ansible_status status, struct jtext result, void *ctx),
    void *ctx);

#endif
