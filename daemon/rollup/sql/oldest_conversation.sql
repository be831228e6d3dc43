-- When the oldest conversation began, or one was first resolved: facts have nothing to count before it.
SELECT
  least(
    (SELECT min(c.created_at) FROM conversations c WHERE c.created_at > '-infinity'),
    (SELECT min(c.resolved_at) FROM conversations c WHERE c.resolved_at > '-infinity')
  )::timestamptz AS at
