/* SPDX-License-Identifier: Apache-2.0 */
#include "io/wrap.h"

#include <string.h>

#define WIDTH 80

void
wrap_words(const char *head, const char *words, char between, struct str *out)
{
	size_t indent = strlen(head), column = indent;
	char breaks[2] = {between};

	str_add(out, head);
	while (*words) {
		size_t len = strcspn(words, breaks), space = between == ' ' && column > indent;

		len += words[len] && between != ' '; /* a comma stays with its word */
		if (column > indent && column + space + len > WIDTH) {
			str_addf(out, "\n%*s", (int)indent, "");
			column = indent;
			space = 0;
		}
		str_addf(out, "%*s%.*s", (int)space, "", (int)len, words);
		column += space + len;
		words += len;
		words += *words && between == ' ';
	}
	str_addc(out, '\n');
}
