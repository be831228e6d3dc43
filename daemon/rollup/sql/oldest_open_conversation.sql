-- Before this instant nothing is open: there what is true now of conversations is nothing.
SELECT min(c.created_at)::timestamptz AS at
FROM conversations c
WHERE c.resolved_at IS NULL
  AND c.created_at > '-infinity'
  AND c.created_at <= :as_of
