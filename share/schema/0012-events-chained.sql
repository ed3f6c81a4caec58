-- The journal: events chained by hashes, and also such as belong to no run: a halt, an approval.
-- They outlive what they tell of, so that run refers to nothing.

CREATE TABLE event_chained (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	run INTEGER,                                -- NULL: of no run
	at INTEGER NOT NULL,
	event TEXT NOT NULL,                        -- "step.start", see craton-events(5)
	body TEXT NOT NULL CHECK (json_valid(body)),
	hash TEXT                                   -- of the last one of a commit: SHA-256 over the hash
	                                            -- before it and the lines since; '': older than the chain
) STRICT;
INSERT INTO event_chained (seq, run, at, event, body, hash)
	SELECT seq, run, at, event, body, '' FROM event;
DROP TABLE event;
ALTER TABLE event_chained RENAME TO event;
CREATE INDEX event_run ON event (run, seq);
