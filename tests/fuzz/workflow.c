/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a workflow: a workflow or a message with the file's name. A workflow is read
 * again from its canonical JSON, and is the same.
 */
#include "flow/plan/workflow.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct workflow w, again;
	struct fault f = {0};
	int rc = workflow_read(&w, "fuzz", (const char *)data, len, NULL, NULL, &f);

	if (rc == 0) {
		rc = workflow_read(&again, "again", w.json, strlen(w.json), NULL, NULL, &f);
		assert(rc == 0 && !strcmp(w.hash, again.hash) && !strcmp(w.json, again.json));
		assert(w.steps.n == again.steps.n && w.graph.n == w.steps.n);
		workflow_done(&again);
	} else {
		assert(f.kind == FAULT_BAD && !strncmp(f.text, "fuzz:", 5));
	}
	workflow_done(&w);
	return 0;
}
