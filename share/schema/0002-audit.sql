-- Audits: when they ran, what they found, what is tolerated for now.

-- A run of an audit: the heartbeat that says whether it still runs and how much it covered.
CREATE TABLE audit_run (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	project INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	audit TEXT NOT NULL,
	definition TEXT NOT NULL,                   -- SHA-256 of the definition's text
	file TEXT,                                  -- where it was read, absolute: to prove a finding again
	narrowed INTEGER NOT NULL,                  -- 1: the command line left out a part of the scope
	started INTEGER NOT NULL,
	ended INTEGER,                              -- NULL: it is still running, or it was killed
	complete INTEGER NOT NULL DEFAULT 0,        -- 1: every item of the scope was judged
	scope INTEGER NOT NULL DEFAULT 0,           -- items selected
	counts TEXT,                                -- judgements by state: a JSON object
	doubted TEXT NOT NULL DEFAULT '[]',         -- checks that drive no repair: a JSON array of full names
	actor TEXT NOT NULL
) STRICT;
CREATE INDEX audit_run_audit ON audit_run (project, audit, id);

-- What is tolerated: for an item or those that a selector chooses, by whom, why, until when.
CREATE TABLE waiver (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	project INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	item INTEGER REFERENCES item (id) ON DELETE CASCADE, -- one item; NULL: by selector
	selector TEXT,                              -- as -l takes it; NULL: every item
	pattern TEXT NOT NULL,                      -- of full check names, as the shell's: os-support/*
	reason TEXT NOT NULL,
	owner TEXT NOT NULL,
	created INTEGER NOT NULL,
	expires INTEGER,                            -- NULL: never
	ended INTEGER                               -- when somebody ended it
) STRICT;

-- What was not pass, one row for an item and a check, kept across runs. A finding that is
-- about no item (about the check itself, or a row of a query over the fleet) has a subject.
CREATE TABLE finding (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	project INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	item INTEGER REFERENCES item (id) ON DELETE CASCADE,
	subject TEXT NOT NULL DEFAULT '',           -- of a finding without an item
	audit TEXT NOT NULL,
	name TEXT NOT NULL,                         -- the check's full name: kernel-currency/supported
	status TEXT NOT NULL CHECK (status IN ('fail', 'error', 'unreachable', 'timeout', 'stale')),
	severity TEXT NOT NULL CHECK (severity IN ('info', 'low', 'medium', 'high', 'critical')),
	expected TEXT,                              -- the check's expression
	observed TEXT,                              -- the evidence: a JSON object
	message TEXT,
	remedy TEXT,                                -- the workflow that fixes it
	domain TEXT,                                -- failure domains its budget is counted in: a JSON array
	waiver INTEGER REFERENCES waiver (id) ON DELETE SET NULL, -- while that is in force the finding is waived
	first_seen INTEGER NOT NULL,
	last_seen INTEGER NOT NULL,
	times INTEGER NOT NULL DEFAULT 1,           -- runs that saw it
	resolved INTEGER,                           -- since when it is gone; NULL: it is open
	resolution TEXT CHECK (resolution IN ('pass', 'not-applicable', 'out-of-scope')),
	reopened INTEGER NOT NULL DEFAULT 0,        -- how often it came back
	run INTEGER NOT NULL REFERENCES audit_run (id), -- the last run that saw it
	attempts INTEGER NOT NULL DEFAULT 0         -- repairs tried
) STRICT;
CREATE UNIQUE INDEX finding_item ON finding (item, name) WHERE item IS NOT NULL;
CREATE UNIQUE INDEX finding_fleet ON finding (project, name, subject) WHERE item IS NULL;
CREATE INDEX finding_open ON finding (project, audit, item) WHERE resolved IS NULL;
CREATE INDEX finding_run ON finding (run);
CREATE INDEX finding_waiver ON finding (waiver) WHERE waiver IS NOT NULL;
