/* SPDX-License-Identifier: Apache-2.0 */
#include "exec/plugin.h"

#include "io/file.h"
#include "io/jtext.h"

#define REQUEST_MOST ((size_t)1 << 20)

int
plugin_request(struct str *json, struct fault *f)
{
	struct str text = STR_INIT;
	int status = file_read("-", REQUEST_MOST, &text, f);

	if (status == 0 && jtext_canonical(text.text ? text.text : "", text.len, json, f) < 0)
		status = fault_within(f, "stdin");
	str_done(&text);
	return status;
}
