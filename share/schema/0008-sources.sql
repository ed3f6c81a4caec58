-- Sources of truth: what is configured of them, what they know items by, and what the log says
-- of both.

-- A canonical JSON object: see libcommon/fleet/sources/settings.h.
ALTER TABLE source ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
-- 1: it has not reported for longer than its settings allow, and loses to every one that has.
ALTER TABLE source ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;
-- 1: taken away. The row stays: the log and native keys point at it.
ALTER TABLE source ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
-- 1: the log has told of it, so that its name is in the chain; 2: it is older than that.
ALTER TABLE source ADD COLUMN logged INTEGER NOT NULL DEFAULT 0;
UPDATE source SET logged = 2;
-- When it was last synced, well or not, and what was wrong then; NULL: nothing. Not history.
ALTER TABLE source ADD COLUMN tried INTEGER;
ALTER TABLE source ADD COLUMN trouble TEXT;

-- Serials and hardware addresses by which one machine is recognised in the words of several
-- sources: "serial:SN1", "mac:001122aabbcc". Of devices only; written and deleted with their
-- layers, so that no key has to lead back to the item: an import of a fleet pays for each.
CREATE TABLE mark (
	value TEXT NOT NULL,
	item INTEGER NOT NULL,
	source INTEGER NOT NULL,
	PRIMARY KEY (value, item, source)
) STRICT, WITHOUT ROWID;

-- What a step leaves to the tools, which know what SQL does not: here the marks of the layers that
-- there are. The first session that writes fills them in.
CREATE TABLE due (
	what TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO due (what) SELECT 'marks' WHERE EXISTS (SELECT 1 FROM document);

-- Two items that a person has said are two, whatever they have in common. one < other.
CREATE TABLE apart (
	one INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	other INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX apart_other ON apart (other);

-- The log may tell of a source (item 0) and of two items that are kept apart.
CREATE TABLE chg_new (
	id INTEGER PRIMARY KEY,
	txn INTEGER NOT NULL REFERENCES txn (id),
	item INTEGER NOT NULL,                      -- may be removed since: no foreign key
	source INTEGER NOT NULL REFERENCES source (id),
	op TEXT NOT NULL CHECK (op IN (
		'create', 'layer', 'drop', 'key', 'remove', 'rank', 'source', 'apart')),
	undo TEXT
) STRICT;
INSERT INTO chg_new (id, txn, item, source, op, undo)
	SELECT id, txn, item, source, op, undo FROM chg;
DROP TABLE chg;
ALTER TABLE chg_new RENAME TO chg;
CREATE INDEX chg_txn ON chg (txn);
CREATE INDEX chg_item ON chg (item);
