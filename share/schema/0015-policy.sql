-- The policy that a run was planned under, so that one that is resumed is held to it.

ALTER TABLE run ADD COLUMN policy TEXT;             -- as in the plan's head; NULL: from before there was one
