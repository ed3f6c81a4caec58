-- Who has approved a plan, before it is run: another person than the one who made it.

CREATE TABLE approval (
	plan TEXT NOT NULL,                         -- the hash of its file
	actor TEXT NOT NULL,
	at INTEGER NOT NULL,
	reason TEXT,
	PRIMARY KEY (plan, actor)
) STRICT, WITHOUT ROWID;
