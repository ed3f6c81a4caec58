-- Where the change log begins, once its older entries were pruned: who did it, when and why,
-- and what the inventory was then, so that fsck can go on from there. The newest row is the
-- one that counts; the others tell of earlier ones.
CREATE TABLE anchor (
	entry INTEGER PRIMARY KEY,                  -- the last entry that is gone
	at INTEGER NOT NULL,                        -- its time
	hash TEXT NOT NULL,                         -- its hash: the next entry is chained to it
	state TEXT NOT NULL,                        -- SHA-256 over layers, native keys and ranks right after it
	pruned INTEGER NOT NULL,                    -- when it was pruned
	actor TEXT NOT NULL,
	reason TEXT NOT NULL,
	seal TEXT NOT NULL                          -- SHA-256 over this row and the seal before it
) STRICT;
