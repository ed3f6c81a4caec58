/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds: a device's by its role, whose words are every site's own; those of other models. */
#include "fleet/formats/netbox/netbox_put.h"

#include "base/mem.h"
#include "fleet/item.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/*
 * Words in the slugs of roles. The first that occurs decides, so a console server comes
 * before a server.
 */
static const struct {
	const char *word, *kind;
} role_words[] = {
    {"console", "device"},
    {"terminal", "device"},
    {"kvm", "device"},
    {"router", "network-device"},
    {"switch", "network-device"},
    {"firewall", "network-device"},
    {"balancer", "network-device"},
    {"gateway", "network-device"},
    {"wireless", "network-device"},
    {"ap", "network-device"},
    {"leaf", "network-device"},
    {"spine", "network-device"},
    {"tor", "network-device"},
    {"server", "host"},
    {"host", "host"},
    {"hypervisor", "host"},
    {"compute", "host"},
    {"controller", "host"},
    {"storage", "host"},
    {"database", "host"},
    {"node", "host"},
};

/* Whether one of the words of a slug, with dashes between, is this one. */
static int
has_word(const char *slug, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = slug; (at = strstr(at, word)); at++)
		if ((at == slug || at[-1] == '-') && (!at[len] || at[len] == '-'))
			return 1;
	return 0;
}

const char *
netbox_kind_of_role(const char *slug)
{
	for (size_t i = 0; slug && i < sizeof(role_words) / sizeof(*role_words); i++)
		if (has_word(slug, role_words[i].word))
			return role_words[i].kind;
	return "device";
}

const char *
netbox_kind_of_device(const struct netbox *nb, const struct dump_row *row)
{
	struct jtext role = jtext_member(row->fields, "role");
	const struct dump_row *role_row = dump_find(&nb->dump, "dcim.devicerole",
	    role.text ? role : jtext_member(row->fields, "device_role"));
	char *slug = dump_text(role_row, "slug");
	const char *kind = netbox_kind_of_role(slug);

	free(slug);
	return kind;
}

char *
netbox_kind_of_model(const char *model)
{
	char *kind = mem_printf("%s%s", isalpha((unsigned char)*model) ? "" : "x-", model), *other;

	for (char *p = kind; *p; p++)
		*p = isascii(*p) && isalnum((unsigned char)*p) ? (char)tolower((unsigned char)*p)
							       : '-';
	if (item_kind_ok(kind))
		return kind;
	/* "plan.item" would be the kind of a record that is no item. */
	other = mem_printf("x-%s", kind);
	free(kind);
	return other;
}
