-- Two instances may begin at the same time: the second waits here and finds the table.
SELECT pg_advisory_xact_lock(7810762985513612129);

CREATE TABLE IF NOT EXISTS latchkey_record (
    key bytea PRIMARY KEY,
    version bigint NOT NULL,
    sealed bytea,
    ended text CHECK (ended IN ('moved', 'deleted')),
    until timestamptz NOT NULL,
    CHECK ((sealed IS NULL) <> (ended IS NULL))
);

-- What is sealed cannot be made smaller; the database need not try.
ALTER TABLE latchkey_record ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE INDEX IF NOT EXISTS latchkey_record_until ON latchkey_record (until);
