-- Rows of these tables live for seconds (outbox) or go by the million at once (inbox, requests): vacuum must not wait
-- until a fifth of the table is dead. The dead rows of the outbox lie at the low end of its key, where each look begins.
ALTER TABLE runtime.outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
                                autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000,
                                autovacuum_vacuum_cost_delay = 0);
ALTER TABLE runtime.inbox SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000);
ALTER TABLE runtime.requests SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000);

-- What an event's call was, as the outbox has it: a redriven event keeps its request id and trace.
ALTER TABLE runtime.dead_letters ADD COLUMN headers text NOT NULL DEFAULT '';
