-- The newest campaigns of all, whatever the window. They are the company's: only owner and admin see them.
SELECT
  c.campaign_id::text AS campaign,
  c.campaign_name AS name,
  c.created_at::timestamptz AS created_at
FROM campaigns c
WHERE :agents IS NULL
  AND c.created_at <= :as_of
  AND c.created_at <> '-infinity'
ORDER BY c.created_at DESC, c.campaign_name COLLATE "C", c.campaign_id
LIMIT 10
