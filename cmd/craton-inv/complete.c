/* SPDX-License-Identifier: Apache-2.0 */
#include "inv.h"

#include "base/report.h"
#include "fleet/select/complete.h"
#include "io/file.h"

#include <stdio.h>

int
inv_complete(int argc, char **argv)
{
	struct session_options base = {0};
	const struct args_opt common[] = {SESSION_OPTIONS(&base), {0}};
	const struct args args = {"complete [options] WHAT [PREFIX]",
	    "Print the names, labels, variables, kinds or sources that begin with PREFIX, for "
	    "shells "
	    "that complete them.",
	    "craton-inv complete names compute-00", NULL, NULL, common};
	struct session s = {0};
	struct words words = {0};
	struct fault f;
	int n, status = args_parse(&args, argc, argv, &n, &f);

	if (status > 0)
		return 0;
	if (status == 0 && (n < 1 || n > 2))
		status = fault_set(&f, FAULT_USAGE, "complete: WHAT [PREFIX] is wanted");
	if (status == 0)
		status = session_open(&s, &base, DB_READ, &f);
	if (status == 0)
		status = complete_words(&s, argv[1], n > 1 ? argv[2] : "", &words, &f);
	session_close(&s);
	for (size_t i = 0; status == 0 && i < words.n; i++)
		puts(words.v[i]);
	words_done(&words);
	if (status == 0)
		status = file_end_output(&f);
	return status < 0 ? report_fault(&f) : 0;
}
