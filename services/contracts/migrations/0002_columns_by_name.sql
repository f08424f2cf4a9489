-- Statements name the columns that they read: a new one needs no second place, and no view that changes under programs
-- that run.
DROP VIEW contract_rows;
