-- What conversations contribute to the minutes of a crowded time.
--
-- Messages are delivered and read minutes and hours after they were sent, and each such change concerns a minute that may have a
-- hundred thousand rows. So where very much is written, a minute's numbers are kept apart by conversation, too: what has changed
-- is told by a conversation's share, counted again, less what it was. Kept for some hours.
ALTER TABLE fact_periods
  ADD COLUMN shared boolean NOT NULL DEFAULT false;  -- of minutes: fact_shares has all shares of it, as they are counted here
CREATE INDEX fact_periods_shared ON fact_periods (fact, start) WHERE shared;

CREATE TABLE fact_shares (
  fact     text NOT NULL,
  start    timestamptz NOT NULL,       -- of the minute
  part     text COLLATE "C" NOT NULL,  -- whose share: a conversation's id; or 'message ' and the id of one without a conversation
  agent    text NOT NULL,              -- '*': nobody's, counted in the sum of all only
  key      text NOT NULL,
  n        bigint[] NOT NULL,          -- the fact's columns, then the counts of its histograms
  next_due timestamptz,                -- time alone changes it then
  PRIMARY KEY (fact, start, part, agent, key)
) WITH (fillfactor = 80, autovacuum_vacuum_insert_scale_factor = 0.05);
CREATE INDEX fact_shares_due ON fact_shares (fact, start, next_due) WHERE next_due IS NOT NULL;
