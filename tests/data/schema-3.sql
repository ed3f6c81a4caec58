PRAGMA application_id = 1131574382;
PRAGMA user_version = 3;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE item (
	id INTEGER PRIMARY KEY AUTOINCREMENT,       -- never used again
	project INTEGER NOT NULL,                   -- the item of kind project; its own id there
	kind TEXT NOT NULL,
	class TEXT NOT NULL,                        -- kinds that share names: host and network-device are "device"
	scope INTEGER NOT NULL,                     -- the item in which slot is unique: a device's region; 0: the project
	slot TEXT NOT NULL,                         -- the name, or source/key for kinds whose names are just names
	name TEXT NOT NULL,
	named INTEGER NOT NULL DEFAULT 1,           -- 0: no source gives a name, it was made from kind and key
	cloud INTEGER REFERENCES item (id),
	region INTEGER REFERENCES item (id),
	cell INTEGER REFERENCES item (id),
	parent INTEGER REFERENCES item (id),        -- host in chassis, container on host, interface on device
	ip_address TEXT,
	device_type TEXT,
	active INTEGER NOT NULL DEFAULT 1,
	note TEXT,
	more TEXT,                                  -- all other attributes: a JSON object
	retired INTEGER NOT NULL DEFAULT 0,         -- when no source reported it any more; 0: alive
	created INTEGER NOT NULL,
	updated INTEGER NOT NULL
) STRICT;
INSERT INTO item VALUES(1,1,'project','project',0,'default','default',1,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,0,1767323045000,1767323045000);
INSERT INTO item VALUES(2,1,'label','label',0,'web','web',1,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,0,1767323045000,1767323045000);
INSERT INTO item VALUES(3,1,'host','device',0,'db1','db1',1,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,0,1767323045000,1767323045001);
INSERT INTO item VALUES(4,1,'host','device',0,'db2','db2',1,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,0,1767323045000,1767323045000);
CREATE TABLE source (
	id INTEGER PRIMARY KEY,                     -- 1 to 4095: see document.id
	project INTEGER NOT NULL REFERENCES item (id),
	name TEXT NOT NULL,
	rank INTEGER NOT NULL,
	seen INTEGER,                               -- when it last reported
	UNIQUE (project, name)
) STRICT;
INSERT INTO source VALUES(1,1,'operator',10,NULL);
INSERT INTO source VALUES(2,1,'netbox',100,1767323045000);
CREATE TABLE document (
	id INTEGER PRIMARY KEY,                     -- item * 4096 + source: an item's layers are one range
	attributes TEXT NOT NULL,
	variables TEXT NOT NULL
) STRICT;
INSERT INTO document VALUES(8194,'{"name":"web"}','{}');
INSERT INTO document VALUES(12289,'{}','{"owner":"web"}');
INSERT INTO document VALUES(12290,'{"name":"db1"}','{"ram_gb":4,"serial":"SN-1"}');
INSERT INTO document VALUES(16386,'{"name":"db2"}','{"mac":"00:11:22:33:44:55","serial":"SN-2"}');
CREATE TABLE ident (
	source INTEGER NOT NULL REFERENCES source (id),
	key TEXT NOT NULL,
	item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
INSERT INTO ident VALUES(2,'1',3);
INSERT INTO ident VALUES(2,'2',4);
CREATE TABLE label (
	label INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	source INTEGER NOT NULL REFERENCES source (id),
	PRIMARY KEY (label, item, source)
) STRICT, WITHOUT ROWID;
INSERT INTO label VALUES(2,3,2);
CREATE TABLE relation (
	src INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	type TEXT NOT NULL,
	dst INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	source INTEGER NOT NULL REFERENCES source (id),
	PRIMARY KEY (src, type, dst, source)
) STRICT, WITHOUT ROWID;
INSERT INTO relation VALUES(4,'runs-on',3,2);
CREATE TABLE keydef (
	project INTEGER NOT NULL REFERENCES item (id),
	name TEXT NOT NULL,
	PRIMARY KEY (project, name)
) STRICT, WITHOUT ROWID;
INSERT INTO keydef VALUES(1,'mac');
INSERT INTO keydef VALUES(1,'owner');
INSERT INTO keydef VALUES(1,'ram_gb');
INSERT INTO keydef VALUES(1,'serial');
CREATE TABLE txn (
	id INTEGER PRIMARY KEY,
	project INTEGER NOT NULL REFERENCES item (id),
	at INTEGER NOT NULL,                        -- the clock, or a millisecond after the entry before
	actor TEXT NOT NULL,
	source INTEGER REFERENCES source (id),
	reason TEXT,
	hash TEXT NOT NULL                          -- SHA-256 of the hash before and this entry
) STRICT;
INSERT INTO txn VALUES(1,1,1767323045000,'root',2,NULL,'11548468985ebc7cd55411ded3d30c2b3521f3c40b39d83c06b62500c4a8e40a');
INSERT INTO txn VALUES(2,1,1767323045001,'root',1,'first words','bb3e8372d4b86c2f5b579b200e858e19ef38cefff04aaa7ddb2a8d516828ed74');
CREATE TABLE chg (
	id INTEGER PRIMARY KEY,
	txn INTEGER NOT NULL REFERENCES txn (id),
	item INTEGER NOT NULL,                      -- may be removed since: no foreign key
	source INTEGER NOT NULL REFERENCES source (id),
	op TEXT NOT NULL CHECK (op IN ('create', 'layer', 'drop', 'key', 'remove', 'rank')),
	undo TEXT
) STRICT;
INSERT INTO chg VALUES(1,1,2,2,'create',NULL);
INSERT INTO chg VALUES(2,1,3,2,'create',NULL);
INSERT INTO chg VALUES(3,1,4,2,'create',NULL);
INSERT INTO chg VALUES(4,1,4,2,'layer','{"edges":[]}');
INSERT INTO chg VALUES(5,2,3,1,'layer',NULL);
CREATE TABLE gathered (
	item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	source INTEGER NOT NULL REFERENCES source (id),
	key TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (item, source, key)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE event (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	at INTEGER NOT NULL,
	event TEXT NOT NULL,                        -- "step.start", see craton-workflow(5)
	body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
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
CREATE TABLE item_lock (
	item INTEGER PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	at INTEGER NOT NULL
) STRICT;
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
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('item',4);
CREATE UNIQUE INDEX item_place ON item (project, class, scope, slot);
CREATE UNIQUE INDEX item_project ON item (slot) WHERE class = 'project';
CREATE INDEX item_name ON item (name);
CREATE INDEX item_cloud ON item (cloud) WHERE cloud IS NOT NULL;
CREATE INDEX item_region ON item (region) WHERE region IS NOT NULL;
CREATE INDEX item_cell ON item (cell) WHERE cell IS NOT NULL;
CREATE INDEX item_parent ON item (parent) WHERE parent IS NOT NULL;
CREATE INDEX ident_item ON ident (item);
CREATE INDEX label_item ON label (item, label);
CREATE INDEX relation_dst ON relation (dst, type);
CREATE INDEX chg_txn ON chg (txn);
CREATE INDEX chg_item ON chg (item);
CREATE INDEX audit_run_audit ON audit_run (project, audit, id);
CREATE UNIQUE INDEX finding_item ON finding (item, name) WHERE item IS NOT NULL;
CREATE UNIQUE INDEX finding_fleet ON finding (project, name, subject) WHERE item IS NULL;
CREATE INDEX finding_open ON finding (project, audit, item) WHERE resolved IS NULL;
CREATE INDEX finding_run ON finding (run);
CREATE INDEX finding_waiver ON finding (waiver) WHERE waiver IS NOT NULL;
CREATE INDEX run_open ON run (id) WHERE ended IS NULL;
CREATE INDEX run_item_item ON run_item (item);
CREATE INDEX run_item_open ON run_item (run, pos) WHERE state IN ('queued', 'active');
CREATE INDEX step_open ON step (run, pos, step)
	WHERE state IN ('running', 'backoff', 'unknown', 'undoing');
CREATE INDEX attempt_step ON attempt (run, pos, step);
CREATE INDEX event_run ON event (run, seq);
CREATE INDEX kicked_open ON kicked (item) WHERE state = 'open';
CREATE INDEX item_lock_run ON item_lock (run);
CREATE INDEX control_unseen ON control (run) WHERE seen IS NULL;
COMMIT;
