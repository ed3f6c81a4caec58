-- Repair: runs of frozen plans, each step of each item, every attempt, and what was given up.
-- The words of the state columns are those of craton-workflow(5); a transition is one UPDATE
-- that names the state it leaves and the epoch it was decided in. Times are milliseconds
-- since 1970 UTC, truth values 0 and 1.

-- One plan, being carried out. A plan runs once: its hash is unique.
CREATE TABLE run (
	id INTEGER PRIMARY KEY AUTOINCREMENT,       -- never used again: keys of attempts are made of it
	project INTEGER NOT NULL,
	plan TEXT NOT NULL UNIQUE,                  -- SHA-256 of the plan file
	workflow TEXT NOT NULL,                     -- its name
	definition TEXT NOT NULL CHECK (json_valid(definition)),
	                                            -- the frozen workflow: a run never changes with the file
	limits TEXT NOT NULL CHECK (json_valid(limits)),
	                                            -- the frozen limits, in items, as in the plan's head
	selection TEXT CHECK (selection IS NULL OR json_valid(selection)),
	                                            -- what chose the items, for the check at admission
	state TEXT NOT NULL DEFAULT 'planned' CHECK (state IN (
		'planned', 'running', 'paused', 'held', 'stopping', 'tripped',
		'done', 'done-with-kicked', 'cancelled')),
	why TEXT,                                   -- of the state: what holds, what tripped
	wave INTEGER NOT NULL DEFAULT 0,            -- the last one opened
	approved INTEGER NOT NULL DEFAULT -1,       -- the last wave that a person let through
	epoch INTEGER NOT NULL DEFAULT 0,           -- raised by each engine; an older one's updates find no row
	engine_pid INTEGER,                         -- who holds the run lock; with its start time, since
	engine_start INTEGER,                       -- pids come back (/proc/PID/stat, field 22)
	engine_host TEXT,
	boot TEXT,                                  -- boot id of the machine at that time
	items INTEGER NOT NULL,                     -- in the plan; all percentages are of it
	ok INTEGER NOT NULL DEFAULT 0,
	kicked INTEGER NOT NULL DEFAULT 0,          -- undone items count here too: they are kicked as well
	skipped INTEGER NOT NULL DEFAULT 0,
	cancelled INTEGER NOT NULL DEFAULT 0,
	actor TEXT NOT NULL,
	reason TEXT,
	created INTEGER NOT NULL,
	started INTEGER,
	ended INTEGER
) STRICT;
CREATE INDEX run_open ON run (id) WHERE ended IS NULL;

-- An item of a run. Made for the whole plan when the run is made.
CREATE TABLE run_item (
	run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	pos INTEGER NOT NULL,                       -- in the plan, from 0
	item INTEGER NOT NULL,                      -- may be removed since: no foreign key
	ref TEXT NOT NULL,
	name TEXT NOT NULL,
	wave INTEGER NOT NULL,                      -- 0 is the canary, if there is one
	state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN (
		'queued', 'active', 'ok', 'kicked', 'undone', 'cancelled', 'skipped')),
	reason TEXT,                                -- "changed label cabinet: a12, was a11"
	finding INTEGER,                            -- what the plan was made for, if a finding
	check_name TEXT,                            -- of that finding: the default proof
	spread TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(spread)),   -- label to frozen value
	uses TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(uses)),       -- frozen values, see flow/plan/uses.h
	started INTEGER,
	ended INTEGER,
	PRIMARY KEY (run, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_item_item ON run_item (item);
CREATE INDEX run_item_open ON run_item (run, pos) WHERE state IN ('queued', 'active');

-- A step of an item, from its first start on: what has no row is pending.
CREATE TABLE step (
	run INTEGER NOT NULL,
	pos INTEGER NOT NULL,
	step INTEGER NOT NULL,                      -- place in the workflow; proofs and finally: see flow/plan/workflow.h
	state TEXT NOT NULL CHECK (state IN (
		'pending', 'running', 'done', 'failed', 'backoff', 'unknown', 'skipped', 'cancelled',
		'undoing', 'undone', 'undo_failed')),
	attempt INTEGER NOT NULL DEFAULT 0,         -- slot of the attempt that the state speaks of; 0: none
	tries INTEGER NOT NULL DEFAULT 0,           -- attempts so far, for retry.times
	due INTEGER,                                -- backoff: the drawn time of the next attempt
	boot TEXT,                                  -- of the running attempt
	epoch INTEGER NOT NULL,
	output TEXT CHECK (output IS NULL OR json_valid(output)), -- the last JSON object on stdout
	started INTEGER NOT NULL,                   -- the first attempt's start, for retry.for
	ended INTEGER,                              -- undo goes in reverse order of it
	PRIMARY KEY (run, pos, step),
	FOREIGN KEY (run, pos) REFERENCES run_item (run, pos) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX step_open ON step (run, pos, step)
	WHERE state IN ('running', 'backoff', 'unknown', 'undoing');

-- One try of a step. Never overwritten by another: slot is the place of its record in RUN.rec
-- and of its lock in RUN.lock.
CREATE TABLE attempt (
	run INTEGER NOT NULL,
	slot INTEGER NOT NULL CHECK (slot > 0),     -- from 1, in order of start
	pos INTEGER NOT NULL,
	step INTEGER NOT NULL,
	n INTEGER NOT NULL,                         -- which try of that purpose, from 1: CRATON_ATTEMPT
	purpose TEXT NOT NULL CHECK (purpose IN ('act', 'verify', 'undo', 'proof')),
	state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'unknown', 'void')),
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
	PRIMARY KEY (run, slot),
	FOREIGN KEY (run, pos) REFERENCES run_item (run, pos) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_step ON attempt (run, pos, step);

-- What happened, in order, in the transaction of what it tells; printed after the commit.
CREATE TABLE event (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	at INTEGER NOT NULL,
	event TEXT NOT NULL,                        -- "step.start", see craton-workflow(5)
	body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE INDEX event_run ON event (run, seq);

-- An item handed to people: which step gave it up, why, and the evidence. While open, it is
-- left out of new plans.
CREATE TABLE kicked (
	run INTEGER NOT NULL,
	pos INTEGER NOT NULL,
	item INTEGER NOT NULL,
	step TEXT,                                  -- the step's name; NULL: none of them
	reason TEXT NOT NULL,                       -- "retries used up", "unknown", "still fails"
	evidence TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(evidence)),
	                                            -- attempts, status, outcome, output file and its tail
	state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'retried', 'done', 'dropped')),
	at INTEGER NOT NULL,
	settled INTEGER,                            -- by a person: when, who, why
	actor TEXT,
	note TEXT,
	PRIMARY KEY (run, pos),
	FOREIGN KEY (run, pos) REFERENCES run_item (run, pos) ON DELETE CASCADE,
	CHECK ((state = 'open') = (settled IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX kicked_open ON kicked (item) WHERE state = 'open';

-- An item belongs to one run at a time, across all runs on the file.
CREATE TABLE item_lock (
	item INTEGER PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	at INTEGER NOT NULL
) STRICT;
CREATE INDEX item_lock_run ON item_lock (run);

-- A person's word to a run. It waits here until an engine takes it, so it works when none runs.
CREATE TABLE control (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	run INTEGER REFERENCES run (id) ON DELETE CASCADE,   -- NULL, for halt only: every run
	word TEXT NOT NULL CHECK (word IN (
		'pause', 'resume', 'cancel', 'cancel-undo', 'approve', 'halt')),
	wave INTEGER,                               -- approve: up to which
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	reason TEXT,
	seen INTEGER,                               -- taken; a halt stands until somebody clears it, which is this
	CHECK (run IS NOT NULL OR word = 'halt')
) STRICT;
CREATE INDEX control_unseen ON control (run) WHERE seen IS NULL;
