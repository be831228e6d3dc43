-- The change feed notes most messages by not noting them: one that was written no later than ten seconds after its created_at, by
-- a transaction itself (not under a savepoint), costs the CRM next to nothing. The rollup finds it by that transaction.

ALTER TABLE rollup_state
  ADD COLUMN seen      pg_snapshot,  -- what the last step saw; NULL: nothing yet
  ADD COLUMN seen_from timestamptz;  -- messages that it did not see and that are not noted are created then or later

-- Which transactions may still write is known by number, which messages they may write by the clock: transactions with
-- numbers from next_xid on began to write after at. A step leaves one, and takes away those that no step needs again.
CREATE TABLE xid_clock (
  at       timestamptz NOT NULL,
  next_xid xid8 NOT NULL
);
INSERT INTO xid_clock VALUES (now(), '0');

-- Messages with the transaction that wrote them as they are. A deployment's changes.sql puts its own in this one's place,
-- over the CRM's table, if its trigger leaves messages out; created_at as it is there, so that its index serves.
DO $$
BEGIN
  IF to_regclass('crm_metrics.written_messages') IS NULL THEN
    CREATE VIEW written_messages AS
    SELECT NULL::text AS conversation_id, NULL::timestamptz AS created_at, NULL::xid AS written_by
    WHERE false;
  END IF;
END
$$;
