-- Since when a finding is open this time: a report says what has come back since the last one.
ALTER TABLE finding ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
UPDATE finding SET opened = first_seen;
