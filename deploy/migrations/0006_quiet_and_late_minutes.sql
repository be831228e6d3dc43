-- A minute in which nothing happened is not counted again as time goes on: a step knows from the change feed that no row of it was
-- written. But a row may be written before its own time; until that has passed, all is counted.
ALTER TABLE rollup_state
  ADD COLUMN dated_until timestamptz;  -- no row that the last step saw has a later time, but for messages, which wait. NULL: not known

-- Where more changes than there is time to count, minutes that a step leaves for a later one still answer, and the answer says
-- that it is not exact: were they read from the raw rows, answers would take the time that steps lack.
ALTER TABLE fact_periods
  ADD COLUMN late_since timestamptz;  -- of minutes: a row that it counts has changed, and there was no time to count it again
CREATE INDEX fact_periods_late ON fact_periods (late_since) WHERE late_since IS NOT NULL;
