-- A job that is too long for one round is left at a place, from which the next one goes on.

ALTER TABLE job_runs ADD COLUMN place bigint;
