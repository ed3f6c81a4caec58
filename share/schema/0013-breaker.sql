-- The circuit breaker of each workflow: opened by a run that tripped, closed by a person.

CREATE TABLE breaker (
	project INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	workflow TEXT NOT NULL,                     -- its name: it stays the same when it is edited
	opened INTEGER NOT NULL,
	run INTEGER NOT NULL,                       -- that opened it
	why TEXT NOT NULL,                          -- "failures 4 > max_fail 3"
	closed INTEGER,                             -- NULL: it is open; plans made before are void
	actor TEXT,                                 -- who closed it, and why
	reason TEXT,
	PRIMARY KEY (project, workflow),
	CHECK ((closed IS NULL) = (actor IS NULL))
) STRICT, WITHOUT ROWID;
