-- Words to a run: going on is no word but what an engine does, so 'resume' is none.

CREATE TABLE control_words (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	run INTEGER REFERENCES run (id) ON DELETE CASCADE,   -- NULL, for halt only: every run
	word TEXT NOT NULL CHECK (word IN ('pause', 'cancel', 'cancel-undo', 'approve', 'halt')),
	wave INTEGER,                               -- approve: up to which
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	reason TEXT,
	seen INTEGER,                               -- taken; a halt stands until somebody clears it, which is this
	CHECK (run IS NOT NULL OR word = 'halt')
) STRICT;
INSERT INTO control_words (id, run, word, wave, at, actor, reason, seen)
	SELECT id, run, word, wave, at, actor, reason, seen FROM control WHERE word <> 'resume';
DROP TABLE control;
ALTER TABLE control_words RENAME TO control;
CREATE INDEX control_unseen ON control (run) WHERE seen IS NULL;
