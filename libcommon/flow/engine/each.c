/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/engine/each.h"

#include "flow/engine/task_inside.h"

#include <string.h>

struct each {
	VEC(struct task *) all; /* also of earlier passes, with longer arrays */
	size_t n;               /* elements of the array */
	char *array;            /* its text, which values point into; NULL: not begun */
	VEC(struct jtext) values;
	int is_going;
};

struct each *
each_new(struct task *t)
{
	return task_step(t)->each.n ? mem_zero(1, sizeof(struct each)) : NULL;
}

static void
forget_array(struct each *each)
{
	free(each->array);
	each->array = NULL;
	vec_done(&each->values);
	each->n = 0;
}

void
each_free(struct each *each)
{
	if (!each)
		return;
	for (size_t i = 0; i < each->all.n; i++) {
		task_done(each->all.v[i]);
		free(each->all.v[i]);
	}
	vec_done(&each->all);
	forget_array(each);
	free(each);
}

struct task *
each_task(const struct each *each, size_t i)
{
	return each && i < each->all.n ? each->all.v[i] : NULL;
}

struct task *
each_want(struct task *t, int element)
{
	struct each *each = t->each;

	while (each->all.n < (size_t)element) {
		struct task *one = mem_zero(1, sizeof(*one));

		task_init(one, t->work, t->step);
		vec_push(&each->all, one);
		one->element = (int)each->all.n;
		one->name = mem_printf("%s[%d]", task_step(t)->name, one->element);
	}
	return each->all.v[element - 1];
}

struct jtext
each_value(const struct task *element)
{
	const struct each *each = element->work->tasks[element->step].each;

	return each && element->element && (size_t)element->element <= each->n
		   ? each->values.v[element->element - 1]
		   : (struct jtext){0};
}

/* ---- the array ---- */

static int
find_array(struct task *t, struct fault *f)
{
	struct each *each = t->each;
	struct template_values values;
	struct jtext array, none, value;
	size_t at = 0;

	work_values(t, &values);
	if (template_array(&task_step(t)->each, &values, STEP_ELEMENTS_MOST, &array, f) < 0)
		return -1;
	forget_array(each);
	each->array = mem_dupn(array.text, array.len);
	array.text = each->array;
	while (jtext_each(array, &at, &none, &value))
		vec_push(&each->values, value);
	each->n = each->values.n;
	if (each->n)
		each_want(t, (int)each->n);
	return 0;
}

/* ---- the end ---- */

/* {"count":2,"each":[...]}: what each printed, in the order of the array; null for nothing. */
static char *
collect(const struct each *each)
{
	struct str out = STR_INIT;

	str_addf(&out, "{\"count\":%zu,\"each\":[", each->n);
	for (size_t i = 0; i < each->n; i++) {
		str_add(&out, i ? "," : "");
		str_add(&out, each->all.v[i]->output ? each->all.v[i]->output : "null");
	}
	str_add(&out, "]}");
	return str_take(&out);
}

static void
end(struct task *t, enum task_state state)
{
	t->state = TASK_PENDING; /* as its row has it, if there is one */
	free(t->output);
	t->output = state == TASK_DONE ? collect(t->each) : NULL;
	t->result = RESULT_DONE;
	if (state == TASK_DONE)
		task_say_end(t, "step.done");
	task_over(t, state);
}

/* ---- going on ---- */

static size_t
count(const struct each *each, int (*is)(const struct task *t))
{
	size_t n = 0;

	for (size_t i = 0; i < each->n; i++)
		n += is(each->all.v[i]) != 0;
	return n;
}

/* Waiting for a next try takes a place, too. */
static int
has_begun(const struct task *t)
{
	return t->state != TASK_PENDING && !task_is_over(t);
}

static int
is_pending(const struct task *t)
{
	return t->state == TASK_PENDING;
}

static void
begin_some(struct task *t)
{
	struct each *each = t->each;
	struct work *w = t->work;
	size_t at_work = count(each, has_begun), most = (size_t)task_step(t)->at_once;

	for (size_t i = 0; i < each->n && at_work < most && work_may_begin(w); i++) {
		if (each->all.v[i]->state != TASK_PENDING)
			continue;
		w->busy++;
		task_try(each->all.v[i], PURPOSE_ACT);
		at_work = count(each, has_begun);
	}
}

void
each_go(struct task *t)
{
	struct each *each = t->each;

	/* What cannot even be started is over at once, and comes by here again. */
	if (each->is_going || t->state != TASK_RUNNING)
		return;
	each->is_going = 1;
	begin_some(t);
	each->is_going = 0;
	if (count(each, has_begun))
		return;
	if (t->work->failing || t->work->is_cancelled)
		end(t, TASK_CANCELLED);
	else if (!count(each, is_pending))
		end(t, TASK_DONE);
}

void
each_task_over(struct task *element)
{
	each_go(&element->work->tasks[element->step]);
}

void
each_begin(struct task *t)
{
	struct fault f;

	if (find_array(t, &f) < 0) {
		task_unready(t, &f);
		return;
	}
	t->state = TASK_RUNNING; /* without a row: its elements have theirs */
	each_go(t);
}

int
each_resume(struct task *t, struct fault *f)
{
	size_t i = 0;

	while (i < t->each->all.n && t->each->all.v[i]->state == TASK_PENDING)
		i++;
	if (i == t->each->all.n)
		return 0;
	if (find_array(t, f) < 0)
		return -1;
	t->state = TASK_RUNNING;
	t->work->busy++;
	return 0;
}

void
each_again(struct task *t)
{
	for (size_t i = 0; i < t->each->all.n; i++)
		task_again(t->each->all.v[i]);
	forget_array(t->each);
	task_again(t);
}
