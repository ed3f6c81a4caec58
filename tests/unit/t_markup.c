/* SPDX-License-Identifier: Apache-2.0 */
#include "tap.h"

#include "io/markup.h"

static void
text_is(const char *plain, const char *want, const char *sentence)
{
	struct str got = STR_INIT;

	str_reset(&got);
	markup_text(&got, plain);
	is_text(got.text, want, "%s", sentence);
	str_done(&got);
}

int
main(void)
{
	struct str out = STR_INIT;

	text_is(NULL, "", "nothing is nothing");
	text_is("plain, with ümlauts", "plain, with ümlauts", "letters stay");
	text_is("<script>alert('x & \"y\"')</script>",
	    "&lt;script&gt;alert(&#39;x &amp; &quot;y&quot;&#39;)&lt;/script&gt;",
	    "markup becomes text");
	text_is("bell \a, tab \t, escape \x1b[31m",
	    "bell \xef\xbf\xbd, tab \t, escape \xef\xbf\xbd[31m",
	    "control characters are replaced, a tab is not");
	text_is("cut \xe2\x82 off", "cut \xef\xbf\xbd\xef\xbf\xbd off",
	    "bytes that are no UTF-8 are replaced");
	text_is("turned \xe2\x80\xae round", "turned \xef\xbf\xbd round",
	    "what reorders text is replaced");
	text_is("no character \xef\xbf\xbf", "no character \xef\xbf\xbd",
	    "what is no character is replaced");
	markup_attribute(&out, "title", "a \"b\"");
	markup_attribute(&out, "left-out", NULL);
	markup_number(&out, "n", -3);
	is_text(out.text, " title=\"a &quot;b&quot;\" n=\"-3\"", "attributes");
	str_done(&out);
	return tap_end();
}
