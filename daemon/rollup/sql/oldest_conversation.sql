-- When the oldest conversation began, or one was first resolved, since :earliest: facts have nothing to count before it.
SELECT
  least(
    (SELECT min(c.created_at) FROM conversations c WHERE c.created_at >= :earliest),
    (SELECT min(c.resolved_at) FROM conversations c WHERE c.resolved_at >= :earliest)
  )::timestamptz AS at
