/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ssh_config(5), meant for Include: a Host for each item, with the address it has and what
 * variables say, its own or inherited: ssh_user, ssh_port, ssh_proxy_jump, ssh_identity_file,
 * or Ansible's names for them. No "Host *": this file changes nothing for other hosts.
 */
#include "fleet/resolve.h"
#include "fleet/writers/writer.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *option, *ours, *ansibles;
} options[] = {
    {"User", "ssh_user", "ansible_user"},
    {"Port", "ssh_port", "ansible_port"},
    {"ProxyJump", "ssh_proxy_jump", ""},
    {"IdentityFile", "ssh_identity_file", "ansible_ssh_private_key_file"},
};

struct ssh {
	struct writer_run *run;
	unsigned long left_out;
};

/*
 * Whether a word can stand in the file as it is: ssh reads patterns (* ? !), quotes, comments
 * and blanks, and expands % and ~ in some options.
 */
static int
is_plain(const char *text)
{
	return *text && *text != '-' && !text[strcspn(text, " \t\r\n\"'\\*?!#%,=")];
}

static struct jtext
winner(const struct resolution *r, const char *key)
{
	for (size_t i = 0; i < r->keys.n; i++)
		if (strcmp(r->keys.v[i].key, key) == 0)
			return r->keys.v[i].candidates.v[0].value;
	return (struct jtext){0};
}

static void
put_option(struct ssh *ssh, const char *option, const char *value)
{
	if (is_plain(value))
		str_addf(&ssh->run->out, "    %s %s\n", option, value);
	else
		ssh->left_out++;
}

static void
put_options(struct ssh *ssh, const struct resolution *r)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		struct jtext value = winner(r, options[i].ours);
		char *plain;

		if (!value.text)
			value = winner(r, options[i].ansibles);
		plain = value.text ? jtext_plain_dup(value) : NULL;
		if (plain)
			put_option(ssh, options[i].option, plain);
		free(plain);
	}
}

static int
put_item(void *ctx, struct roster_item *it, struct fault *f)
{
	struct ssh *ssh = ctx;
	struct resolution r;

	if (!is_plain(it->name)) {
		ssh->left_out++;
		return 0;
	}
	if (resolve_item(ssh->run->s, &it->item, NULL, 0, &r, f) < 0) {
		resolution_done(&r);
		return -1;
	}
	str_addf(&ssh->run->out, "Host %s\n", it->name);
	if (it->item.ip_address)
		put_option(ssh, "HostName", it->item.ip_address);
	put_options(ssh, &r);
	resolution_done(&r);
	return writer_flush(ssh->run, 0, f);
}

static int
write_all(struct writer_run *run, const struct ids *ids, struct fault *f)
{
	struct ssh ssh = {.run = run};
	int status = roster_each(&run->roster, ids, put_item, &ssh, f);

	if (ssh.left_out)
		writer_note(run, "%lu names or values left out: no plain words for ssh_config",
		    ssh.left_out);
	return status;
}

const struct writer writer_ssh = {
    .name = "ssh_config",
    .about = "hosts for ssh, to be included",
    .reads = ROSTER_NAME,
    .write = write_all,
};
