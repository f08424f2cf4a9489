-- How often the firing of a subject has failed since it last succeeded: such a subject is fired alone.
ALTER TABLE runtime.timers ADD COLUMN attempts integer NOT NULL DEFAULT 0;
CREATE INDEX timers_failing ON runtime.timers (kind) WHERE attempts > 0;

-- Every firing leaves a dead entry at the low end of timers_due, where the next look begins: vacuum must not wait until
-- a fifth of ten million rows is dead.
ALTER TABLE runtime.timers SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000);
