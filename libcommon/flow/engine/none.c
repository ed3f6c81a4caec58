/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/none.h"

#include "base/num.h"
#include "flow/plan/step.h"

/* Of a list that of the attempt, or the last. */
static struct jtext
pick(struct jtext status, int64_t attempt)
{
	struct jtext none, value, picked = {0};
	size_t at = 0;

	if (!status.text || jtext_type(status) != JTEXT_ARRAY)
		return status;
	while (attempt-- > 0 && jtext_each(status, &at, &none, &value))
		picked = value;
	return picked;
}

int
none_words(const struct step *s, int64_t attempt, const struct template_values *values,
    struct words *argv, struct fault *f)
{
	struct str with = STR_INIT;
	struct fault why;
	int64_t number;
	char *status = NULL;
	int rc = s->with ? template_expand_json(JTEXT(s->with), values, &with, f) : 0;

	if (rc == 0 && with.len)
		status = jtext_plain_dup(pick(jtext_member(JTEXT(with.text), "status"), attempt));
	if (status && num_int(status, 0, 255, &number, &why) < 0)
		rc = fault_set(f, FAULT_BAD, "status: %s", why.text);
	if (rc == 0) {
		words_add(argv, STEP_NONE);
		words_add(argv, status ? status : "0");
	}
	free(status);
	str_done(&with);
	return rc;
}
