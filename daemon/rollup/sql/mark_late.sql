-- Minutes of a :fact (:starts) in which something has changed, and for which there was no time: they answer, but late. Very many at
-- times: joined, the planner may compare each with all stored ones.
UPDATE fact_periods p
SET late_since = :as_of
WHERE p.fact = :fact
  AND p.grain = 'minutes'
  AND p.start = ANY (:starts)
  AND p.late_since IS NULL
