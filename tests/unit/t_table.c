/* SPDX-License-Identifier: Apache-2.0 */
#include "io/table.h"

#include "tap.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLOURED "NAME  RAM  NOTE\r\ndb    \033[31m8\033[0m    x\r\n"
#define KANJI "\xe6\xbc\xa2\xe5\xad\x97" /* two characters, four columns */

static const char *const heads[] = {"NAME", "RAM", "NOTE"};

static void
printed_is(
    struct table *t, void (*print)(struct table *, FILE *), const char *wanted, const char *what)
{
	char *text = NULL;
	size_t len;
	FILE *out = tmpfile();

	print(t, out);
	len = (size_t)ftell(out);
	rewind(out);
	text = mem_zero(len + 1, 1);
	is_int(fread(text, 1, len, out), len, "%s: all of it was written", what);
	is_text(text, wanted, "%s", what);
	free(text);
	fclose(out);
}

static void
row(struct table *t, const char *name, const char *ram, const char *note)
{
	table_cell(t, name);
	table_toned(t, TABLE_BAD, ram);
	table_cellf(t, "%s", note);
	table_end_row(t);
}

static void
prints(void)
{
	struct table t = TABLE_INIT(heads);

	printed_is(&t, table_print, "", "an empty table prints nothing");
	row(&t, "compute-1", "512", "a long note");
	row(&t, "db", "8192", "");
	printed_is(&t, table_print,
	    "NAME       RAM   NOTE\n"
	    "compute-1  512   a long note\n"
	    "db         8192\n",
	    "columns are as wide as their widest cell, no blanks at the end");
	t.rights = "-r";
	row(&t, "db", "8", "x");
	row(&t, "web", "16384", "y");
	printed_is(&t, table_print,
	    "NAME    RAM  NOTE\n"
	    "db        8  x\n"
	    "web   16384  y\n",
	    "numbers can stand at the right");
	table_cell(&t, "alone");
	table_end_row(&t);
	printed_is(&t, table_print, "NAME   RAM  NOTE\nalone\n", "missing cells are empty");
}

static void
cuts(void)
{
	struct table t = TABLE_INIT(heads);

	setenv("COLUMNS", "21", 1);
	row(&t, "db", "8", "exactly so");
	row(&t, "db", "8", "exactly so!");
	row(&t, "db", "8", KANJI KANJI KANJI);
	printed_is(&t, table_print,
	    "NAME  RAM  NOTE\n"
	    "db    8    exactly so\n"
	    "db    8    exactly...\n"
	    "db    8    " KANJI "\xe6\xbc\xa2...\n",
	    "the last column is cut at the width of the terminal");
	setenv("COLUMNS", "5", 1);
	row(&t, "db", "8", "exactly so");
	printed_is(&t, table_print, "NAME  RAM  NOTE\ndb    8    e...\n",
	    "the last column keeps the width of its head");
	setenv("COLUMNS", "8", 1);
	row(&t, "db", "", "far off");
	row(&t, "web", NULL, "near");
	printed_is(&t, table_print, "NAME  NOTE\ndb    f...\nweb   near\n",
	    "a column that is empty is left out where the line is too wide");
	row(&t, "db", "", "");
	printed_is(&t, table_print, "NAME\ndb\n", "but never the first");
	setenv("COLUMNS", "80", 1);
	row(&t, "db", "", "x");
	printed_is(&t, table_print, "NAME  RAM  NOTE\ndb         x\n", "and only there");
	setenv("COLUMNS", "narrow", 1);
	row(&t, "db", "8", "exactly so");
	printed_is(&t, table_print, "NAME  RAM  NOTE\ndb    8    exactly so\n",
	    "a width that is no number is passed over");
	unsetenv("COLUMNS");
}

static void
is_harmless(void)
{
	struct table t = TABLE_INIT(heads);

	row(&t, "a\033[31m", "tab\there", "x");
	row(&t, "\xff\xc3\xa9", "\xe2\x80\xae", "\xc2\x9b");
	row(&t, KANJI, "e\xcc\x81", "x");
	printed_is(&t, table_print,
	    "NAME       RAM          NOTE\n"
	    "a\\x1b[31m  tab\\x09here  x\n"
	    "\\xff\xc3\xa9      \\u{202e}     \\u{009b}\n" KANJI "       e\xcc\x81            x\n",
	    "controls are shown, and columns counted as a terminal does");
}

/* So many bytes, or what came within a second. */
static void
read_terminal(int master, char *to, size_t len)
{
	struct pollfd p = {.fd = master, .events = POLLIN};
	ssize_t n;

	while (len && poll(&p, 1, 1000) == 1 && (n = read(master, to, len)) > 0) {
		to += n;
		len -= (size_t)n;
	}
}

static void
colours(void)
{
	struct table t = TABLE_INIT(heads);
	struct winsize size = {.ws_row = 24, .ws_col = 33};
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	FILE *terminal;
	char seen[256] = "";

	grantpt(master);
	unlockpt(master);
	terminal = fopen(ptsname(master), "r+");
	ioctl(master, TIOCSWINSZ, &size);
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	is_int(table_width(terminal), 33, "a terminal knows its width");
	ok(table_colour(terminal), "a terminal has colour");
	row(&t, "db", "8", "x");
	table_print(&t, terminal);
	fflush(terminal);
	read_terminal(master, seen, strlen(COLOURED));
	is_text(seen, COLOURED, "its tones as colours");
	setenv("NO_COLOR", "1", 1);
	ok(!table_colour(terminal), "NO_COLOR is heeded");
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	ok(!table_colour(terminal), "so is TERM=dumb");
	fclose(terminal);
	close(master);
}

static void
prints_tsv(void)
{
	struct table t = TABLE_INIT(heads);

	row(&t, "a\tb", "1\n2", "\xc3\xa9");
	table_cell(&t, "alone");
	table_end_row(&t);
	printed_is(&t, table_print_tsv, "NAME\tRAM\tNOTE\na b\t1 2\t\xc3\xa9\nalone\t\t\n",
	    "tab-separated, a tab or newline in a cell is a blank");
	printed_is(&t, table_print_tsv, "NAME\tRAM\tNOTE\n",
	    "an empty table still names its columns to programs");
}

int
main(void)
{
	unsetenv("COLUMNS");
	prints();
	cuts();
	is_harmless();
	colours();
	prints_tsv();
	return tap_end();
}
