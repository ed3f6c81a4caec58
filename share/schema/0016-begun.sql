-- When each item was begun, by whatever run: what budgets over time are counted by. An item that
-- is retried is begun again.

CREATE TABLE begun (
	run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	pos INTEGER NOT NULL,
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX begun_at ON begun (at);
CREATE INDEX begun_run ON begun (run, pos);
