/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a plan's file, and as the stream that a plan is made from. The input's first
 * byte chooses: behind a head that is right, or all of it.
 */
#include "flow/plan/plan.h"
#include "flow/plan/intake.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

static const char head[] =
    "{\"kind\":\"plan\",\"format\":1,\"workflow\":{\"steps\":[{\"name\":\"a\",\"run\":[\"x\"]}],"
    "\"workflow\":\"w\"},\"workflow_file\":\"/w\",\"workflow_hash\":"
    "\"b10a837bea07261119facaf5b1a4750a48fa89faca50afbbdd750376b169fead\",\"project\":\"p\","
    "\"made\":\"2026-01-02T03:04:05Z\",\"life\":\"1d\",\"actor\":\"a\",\"sources\":{},"
    "\"limits\":{},\"items\":1,\"body_hash\":\"\"}\n";

static void
ignore(const char *text, void *ctx)
{
	(void)ctx;
	assert(*text);
}

/* A file that has no name but /proc's. */
static int
file_of(int with_head, const unsigned char *data, size_t len, char path[32])
{
	int fd = memfd_create("fuzz", 0);
	ssize_t n = with_head ? write(fd, head, sizeof(head) - 1) : 0;

	assert(fd >= 0 && n >= 0);
	n = write(fd, data, len);
	assert(n == (ssize_t)len);
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct intake in = {0};
	struct plan p;
	struct jsonl from;
	struct fault f = {0};
	char path[32];
	int fd, rc;

	if (!len)
		return 0;
	fd = file_of(*data & 1, data + 1, len - 1, path);
	rc = plan_read(&p, path, &f);
	assert(rc == 0 || f.kind == FAULT_BAD || f.kind == FAULT_REFUSED);
	plan_done(&p);
	rc = jsonl_open(&from, path, &f);
	assert(rc == 0);
	rc = intake_read(&in, &from, "w", ignore, NULL, &f);
	assert(rc == 0 || f.kind == FAULT_REFUSED);
	intake_done(&in);
	jsonl_close(&from);
	close(fd);
	return 0;
}
