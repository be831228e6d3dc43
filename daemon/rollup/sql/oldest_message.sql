-- The oldest message since :earliest: facts have nothing to count before it.
SELECT min(m.created_at)::timestamptz AS at
FROM messages m
WHERE m.created_at >= :earliest
