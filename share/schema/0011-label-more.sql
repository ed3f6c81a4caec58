-- The index of step 4 was passed over: SQLite took item_place, which leads by one column more, to
-- every label there is. Now both lead by as many, and this one has the order that is asked for.
DROP INDEX item_label_more;
CREATE INDEX item_label_more ON item (project, class, name)
	WHERE class = 'label' AND more IS NOT NULL;
