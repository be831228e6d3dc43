-- A step: whoever writes this row is the only writer, and a writer whose snapshot is older fails here.
UPDATE rollup_state s
SET
  steps = s.steps + 1,
  stepped_at = :as_of,
  counting_since = coalesce(s.counting_since, CASE WHEN :counts THEN :as_of END),
  feed_since = CASE WHEN :fed IS NULL THEN s.feed_since WHEN :fed THEN coalesce(s.feed_since, :as_of) END
FROM (SELECT b.feed_since, b.stepped_at FROM rollup_state b) AS before
RETURNING
  s.counting_since,
  s.feed_since,
  before.stepped_at AS last_step,
  before.feed_since IS NULL AND s.feed_since IS NOT NULL AS feed_began
