-- What was tried to put a finding right is read from the items of runs: run_item.finding. The
-- count beside it was never raised.

ALTER TABLE finding DROP COLUMN attempts;
