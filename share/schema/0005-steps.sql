-- Steps that are repeated: over the elements of an array, and from an earlier step on. A step
-- and its attempts may belong to the run itself, not to an item of it (before and after), so
-- that their rows refer to the run. Rules about words are written with OR: for IN with more
-- than two of them SQLite builds a table of the words at each write, a third of a step's cost.

CREATE TABLE step_again (
	run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	pos INTEGER NOT NULL,                       -- of the item; -1: of the run itself
	step INTEGER NOT NULL,                      -- place in the workflow; all else: see flow/plan/workflow.h
	element INTEGER NOT NULL DEFAULT 0,         -- of for_each, from 1; 0: the step itself
	state TEXT NOT NULL CHECK (
		state = 'pending' OR state = 'running' OR state = 'done' OR state = 'failed' OR
		state = 'backoff' OR state = 'unknown' OR state = 'skipped' OR
		state = 'cancelled' OR state = 'undoing' OR state = 'undone' OR
		state = 'undo_failed'),
	attempt INTEGER NOT NULL DEFAULT 0,         -- slot of the attempt that the state speaks of; 0: none
	tries INTEGER NOT NULL DEFAULT 0,           -- attempts so far
	base INTEGER NOT NULL DEFAULT 0,            -- how many of them retry.times does not count; those of
	                                            -- undo, once it is being undone
	pass INTEGER NOT NULL DEFAULT 0,            -- how often retry.from has taken it back to its beginning
	due INTEGER,                                -- backoff, undoing: the drawn time of the next attempt
	boot TEXT,                                  -- of the running attempt
	epoch INTEGER NOT NULL,
	output TEXT CHECK (output IS NULL OR json_valid(output)), -- the last JSON object on stdout
	started INTEGER NOT NULL,                   -- the first attempt's start in this pass, for retry.for
	ended INTEGER,                              -- undo goes in reverse order of it
	PRIMARY KEY (run, pos, step, element)
) STRICT, WITHOUT ROWID;
INSERT INTO step_again (run, pos, step, state, attempt, tries, due, boot, epoch, output, started, ended)
	SELECT run, pos, step, state, attempt, tries, due, boot, epoch, output, started, ended FROM step;
DROP TABLE step;
ALTER TABLE step_again RENAME TO step;
CREATE INDEX step_open ON step (run, pos, step, element)
	WHERE state = 'running' OR state = 'backoff' OR state = 'unknown' OR state = 'undoing';

CREATE TABLE attempt_again (
	run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	slot INTEGER NOT NULL CHECK (slot > 0),     -- from 1, in order of start
	pos INTEGER NOT NULL,
	step INTEGER NOT NULL,
	element INTEGER NOT NULL DEFAULT 0,
	n INTEGER NOT NULL,                         -- which try, from 1: CRATON_ATTEMPT
	purpose TEXT NOT NULL CHECK (
		purpose = 'act' OR purpose = 'verify' OR purpose = 'undo' OR purpose = 'proof'),
	state TEXT NOT NULL CHECK (
		state = 'running' OR state = 'done' OR state = 'failed' OR state = 'unknown' OR
		state = 'void'),
	outcome TEXT,                               -- of a failure: temporary permanent timeout stall killed other ...
	status INTEGER,                             -- exit status; 128 + signal
	boot TEXT NOT NULL,
	epoch INTEGER NOT NULL,
	deadline INTEGER,                           -- boot clock, ms
	started INTEGER NOT NULL,
	ended INTEGER,
	truncated INTEGER NOT NULL DEFAULT 0,       -- output past the cap was dropped
	left_behind INTEGER NOT NULL DEFAULT 0,     -- processes that outlived the action
	output TEXT,                                -- files of stdout and stderr, less their suffixes
	PRIMARY KEY (run, slot)
) STRICT, WITHOUT ROWID;
INSERT INTO attempt_again (run, slot, pos, step, n, purpose, state, outcome, status, boot, epoch,
		deadline, started, ended, truncated, left_behind, output)
	SELECT run, slot, pos, step, n, purpose, state, outcome, status, boot, epoch,
		deadline, started, ended, truncated, left_behind, output FROM attempt;
DROP TABLE attempt;
ALTER TABLE attempt_again RENAME TO attempt;
CREATE INDEX attempt_step ON attempt (run, pos, step, element);

-- The run's own time limit, in wall-clock time: set when it starts, and anew when a person lets
-- a tripped run go on.
ALTER TABLE run ADD COLUMN deadline INTEGER;

-- Items that other items of the plan come before: pos starts when after has ended well.
CREATE TABLE run_after (
	run INTEGER NOT NULL,
	pos INTEGER NOT NULL,
	after INTEGER NOT NULL,                     -- the pos of the earlier one
	PRIMARY KEY (run, pos, after),
	FOREIGN KEY (run, pos) REFERENCES run_item (run, pos) ON DELETE CASCADE,
	CHECK (after < pos)
) STRICT, WITHOUT ROWID;
