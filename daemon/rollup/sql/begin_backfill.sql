-- A backfill says, as a step does, whether the CRM's triggers note every change. Counters do not begin with it.
UPDATE rollup_state s
SET feed_since = CASE WHEN :fed THEN coalesce(s.feed_since, :as_of) END
FROM (SELECT b.feed_since FROM rollup_state b) AS before
RETURNING before.feed_since IS NULL AND s.feed_since IS NOT NULL AS feed_began
