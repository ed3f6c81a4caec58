-- What became of an item that was proved wrong before: how well a workflow works.

ALTER TABLE run_item ADD COLUMN outcome TEXT CHECK (
	outcome = 'fixed' OR outcome = 'not-fixed' OR outcome = 'worse' OR outcome = 'failed');
	                                            -- NULL: no proof, or not begun; see flow/people/remedy.h
