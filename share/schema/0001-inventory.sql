-- Inventory: items, what each source of truth says of them, and who changed what.
-- Times are milliseconds since 1970 UTC. Truth values are 0 and 1.

-- A configuration item: project, cloud, region, cell, host, network-device, label, and any
-- other kind. The columns are the winners over all sources; what each source says is in
-- document. A label is an item too, so that it can carry variables.
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
CREATE UNIQUE INDEX item_place ON item (project, class, scope, slot);
-- A project is asked for by its name alone, at every start of every tool.
CREATE UNIQUE INDEX item_project ON item (slot) WHERE class = 'project';
CREATE INDEX item_name ON item (name);
CREATE INDEX item_cloud ON item (cloud) WHERE cloud IS NOT NULL;
CREATE INDEX item_region ON item (region) WHERE region IS NOT NULL;
CREATE INDEX item_cell ON item (cell) WHERE cell IS NOT NULL;
CREATE INDEX item_parent ON item (parent) WHERE parent IS NOT NULL;

-- A source of truth of a project: what another project's netbox says is another matter. The
-- lowest rank wins; among equals the source known for longer.
CREATE TABLE source (
	id INTEGER PRIMARY KEY,                     -- 1 to 4095: see document.id
	project INTEGER NOT NULL REFERENCES item (id),
	name TEXT NOT NULL,
	rank INTEGER NOT NULL,
	seen INTEGER,                               -- when it last reported
	UNIQUE (project, name)
) STRICT;

-- One layer: what one source says of one item. Both texts are canonical JSON objects (sorted
-- keys), so that the same content is the same text. References to items (cloud, region,
-- cell, parent) are ids, so that a rename does not touch them.
CREATE TABLE document (
	id INTEGER PRIMARY KEY,                     -- item * 4096 + source: an item's layers are one range
	attributes TEXT NOT NULL,
	variables TEXT NOT NULL
) STRICT;

-- The name that a source has for an item, for ever: a rename at the source is no new item.
CREATE TABLE ident (
	source INTEGER NOT NULL REFERENCES source (id),
	key TEXT NOT NULL,
	item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX ident_item ON ident (item);

-- Which item carries which label (itself an item), by source.
CREATE TABLE label (
	label INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	source INTEGER NOT NULL REFERENCES source (id),
	PRIMARY KEY (label, item, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX label_item ON label (item, label);

-- Typed edges between items: src runs-on dst. Acyclic per type.
CREATE TABLE relation (
	src INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	type TEXT NOT NULL,
	dst INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	source INTEGER NOT NULL REFERENCES source (id),
	PRIMARY KEY (src, type, dst, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_dst ON relation (dst, type);

-- Every variable key ever used: an expression's unknown name gets the near miss from here.
CREATE TABLE keydef (
	project INTEGER NOT NULL REFERENCES item (id),
	name TEXT NOT NULL,
	PRIMARY KEY (project, name)
) STRICT, WITHOUT ROWID;

-- The change log: one entry a transaction, chained by hash over its new values. One chain for
-- all projects of the file.
CREATE TABLE txn (
	id INTEGER PRIMARY KEY,
	project INTEGER NOT NULL REFERENCES item (id),
	at INTEGER NOT NULL,                        -- the clock, or a millisecond after the entry before
	actor TEXT NOT NULL,
	source INTEGER REFERENCES source (id),
	reason TEXT,
	hash TEXT NOT NULL                          -- SHA-256 of the hash before and this entry
) STRICT;

-- What an entry changed, one row a layer. undo holds old values only; NULL: there was nothing.
CREATE TABLE chg (
	id INTEGER PRIMARY KEY,
	txn INTEGER NOT NULL REFERENCES txn (id),
	item INTEGER NOT NULL,                      -- may be removed since: no foreign key
	source INTEGER NOT NULL REFERENCES source (id),
	op TEXT NOT NULL CHECK (op IN ('create', 'layer', 'drop', 'key', 'remove', 'rank')),
	undo TEXT
) STRICT;
CREATE INDEX chg_txn ON chg (txn);
CREATE INDEX chg_item ON chg (item);

-- When an audit last looked, by key: not history, so not logged.
CREATE TABLE gathered (
	item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	source INTEGER NOT NULL REFERENCES source (id),
	key TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (item, source, key)
) STRICT, WITHOUT ROWID;
