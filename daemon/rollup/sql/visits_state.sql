-- Since when contact_visits has the conversations that were created; and may it be filled: have its ids the types that they have
-- in the views?
SELECT
  s.visits_from::text AS visits_from,
  (
    SELECT count(*) = 3 AND bool_and(v.atttypid = c.atttypid)
    FROM pg_attribute v
    JOIN pg_attribute c ON c.attrelid = to_regclass('conversations') AND c.attname = v.attname
    WHERE v.attrelid = to_regclass('contact_visits')
      AND v.attname IN ('conversation_id', 'contact_id', 'agent_id')
  ) AS fit
FROM visits_state s
