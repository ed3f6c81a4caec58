/* SPDX-License-Identifier: Apache-2.0 */
#include "io/file.h"
#include "tap.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fault fault;

static const char *
text_of(const char *path)
{
	static struct str text;

	str_reset(&text);
	return file_read(path, 0, &text, &fault) == 0 ? text.text : fault.text;
}

static int
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? -1 : (int)(st.st_mode & 07777);
}

static int
entries_in(const char *folder)
{
	DIR *dir = opendir(folder);
	int n = 0;

	if (!dir)
		return -1;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n - 2; /* . and .. */
}

static int
replace(const char *path, const char *text)
{
	return file_replace(path, text, strlen(text), &fault);
}

static void
reading(void)
{
	struct str out = STR_INIT;

	replace("five", "12345");
	str_add(&out, "before ");
	is_int(file_read("five", 5, &out, &fault), 0, "a file of just the limit is read");
	is_text(out.text, "before 12345", "and appended");
	is_int(file_read("five", 4, &out, &fault), -1, "one byte more is refused");
	is_text(fault.text, "five: larger than 4 bytes", "by name");
	is_int(fault.kind, FAULT_BAD, "as a bad input");
	is_text(out.text, "before 12345", "with what was there kept");
	is_int(file_read("missing", 0, &out, &fault), -1, "a missing file is a fault");
	is_text(fault.text, "missing: No such file or directory", "that names it");
	is_int(file_read(".", 0, &out, &fault), -1, "a folder is not read");
	is_text(fault.text, ".: Is a directory", "but named");
	str_done(&out);
}

static void
replacing(void)
{
	umask(027);
	is_int(replace("new", "one"), 0, "a file is made");
	is_int(mode_of("new"), 0640, "with 0644 less the umask");
	chmod("new", 0604);
	is_int(replace("new", "two"), 0, "and replaced");
	is_text(text_of("new"), "two", "with the new text");
	is_int(mode_of("new"), 0604, "and the old mode");
	ok(symlink("new", "link") == 0 && replace("link", "three") == 0,
	    "a link can be written to");
	is_text(text_of("new"), "three", "its target is replaced");
	ok(readlink("link", (char[8]){0}, 8) == 3, "and the link stays");
	is_int(replace("/dev/null", "x"), -1, "a device is not replaced");
	is_text(fault.text, "/dev/null: not a regular file", "but refused by name");
	is_int(replace("missing/x", "x"), -1, "the folder must be there");
	is_text(fault.text, "missing/x: No such file or directory", "and the message says whose");
	umask(022);
}

/* A file may have no more than so many bytes, and writing more is an error, not a signal. */
static void
limit_files_to(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void
a_fault_leaves_all_as_it_was(void)
{
	int before, result;

	replace("kept", "old");
	mkdir("taken", 0755);
	before = entries_in(".");
	is_int(replace("taken", "x"), -1, "a folder is not replaced");
	signal(SIGXFSZ, SIG_IGN);
	limit_files_to(4);
	result = replace("kept", "longer than that");
	limit_files_to(RLIM_INFINITY);
	is_int(result, -1, "a disk that fills up is a fault");
	is_text(fault.text, "kept: File too large", "that names the file and the reason");
	is_text(text_of("kept"), "old", "the old text is kept");
	is_int(entries_in("."), before, "and no temporary file is left");
}

static void
folders(void)
{
	is_int(file_make_dir("a/b//c/", &fault), 0, "a folder is made with its parents");
	is_int(mode_of("a/b/c"), 0755, "for all to read");
	is_int(file_make_dir("a/b/c", &fault), 0, "one that exists is fine");
	replace("a/file", "");
	is_int(file_make_dir("a/file/x", &fault), -1, "a file in the way is a fault");
	is_text(fault.text, "a/file: File exists", "that names it");
}

static void
found(const char *folders_searched, const char *name, const char *wanted, const char *sentence)
{
	char *path = file_find(folders_searched, name);

	is_text(path, wanted, "%s", sentence);
	free(path);
}

static void
finding(void)
{
	char *prefix = file_prefix();
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	file_make_dir("one/x", &fault);
	file_make_dir("two", &fault);
	replace("two/x", "");
	replace("two/y", "");
	found(
	    "one:two", "x", "two/x", "a file is found in the second folder, a folder passed over");
	found("::nowhere:two:", "y", "two/y", "empty and missing folders do no harm");
	found("one:two", "z", NULL, "what is nowhere is not found");
	found("", "x", NULL, "nor is anything in no folders");
	found("one", "./two/x", "./two/x", "a name with a slash is a path already");
	exe[n > 0 ? n : 0] = '\0';
	ok(!strncmp(exe, prefix, strlen(prefix)) && !strcmp(exe + strlen(prefix), "/unit/t_file"),
	    "the prefix is the folder above the program's");
	free(prefix);
}

/* stdout is put aside for the while, and its error state with it. */
static void
lost_output(void)
{
	FILE *real = stdout, *full = fopen("/dev/full", "w");
	int result;

	if (!full)
		abort();
	is_int(file_end_output(&fault), 0, "output that was written is fine");
	stdout = full;
	fputs("lost", stdout);
	result = file_end_output(&fault);
	stdout = real;
	is_int(result, -1, "output that was not is a fault");
	is_text(fault.text, "stdout: No space left on device", "with the reason");
	stdout = full;
	result = file_end_output(&fault);
	stdout = real;
	ok(result < 0 && strstr(fault.text, "No space left"), "which is not forgotten");
	fclose(full);
}

int
main(void)
{
	char folder[] = "/tmp/t_file.XXXXXX", command[64];

	if (!mkdtemp(folder) || chdir(folder) < 0)
		return 1;
	umask(022);
	reading();
	replacing();
	a_fault_leaves_all_as_it_was();
	folders();
	finding();
	lost_output();
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	ok(system(command) == 0, "all that was made can be removed");
	return tap_end();
}
