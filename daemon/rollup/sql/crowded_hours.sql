-- Which of the hours [:starts, :untils) have :crowd messages or more; no more of each are looked at.
SELECT h.start
FROM unnest(:starts, :untils) AS h (start, until)
CROSS JOIN LATERAL (
  SELECT count(*) AS messages
  FROM (
    SELECT
    FROM messages m
    WHERE m.created_at >= h.start
      AND m.created_at < h.until
    LIMIT :crowd
  ) seen
) of_hour
WHERE of_hour.messages >= :crowd
