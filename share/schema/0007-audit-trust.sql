-- Auditing the audit: how much of its scope a run could judge, and checks that are not trusted.

ALTER TABLE audit_run ADD COLUMN covered INTEGER NOT NULL DEFAULT 0; -- items of which nothing stayed unknown

-- A check that failed on too much of its scope: more likely wrong than right. It drives no
-- repair until a quiet time has passed since it last did.
CREATE TABLE distrust (
	project INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	name TEXT NOT NULL,                         -- the check's full name
	since INTEGER NOT NULL,
	until INTEGER NOT NULL,
	failed INTEGER NOT NULL,                    -- in the last run that did
	scope INTEGER NOT NULL,
	PRIMARY KEY (project, name)
) STRICT;
