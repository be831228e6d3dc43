-- First responses, at the moment of the reply, and how long the customer had waited for it.
--
-- fact: first_responses
-- clock: happened
-- touched_by: first_response
-- shares: messages m
-- columns: answered count, response_ms sum, response histogram(response_ms: 15000 30000 60000 120000 300000 600000 900000 1800000 3600000 14400000 43200000 86400000)
-- settings: sla.count_bot_replies, rollup.horizon
-- next_due: due
WITH replied AS (
  SELECT DISTINCT m.conversation_id
  FROM messages m
  WHERE m.created_at >= :from
    AND m.created_at < :to
    AND (
      \i human_reply.sql
    )
)
SELECT
  reply.at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  true AS answered,
  round(extract(EPOCH FROM greatest(reply.at - charged.since, '0'::interval)) * 1000)::bigint AS response_ms,
  CASE WHEN c.escalated_at > :as_of THEN c.escalated_at END AS due,
  r.conversation_id::text AS part
FROM replied r
JOIN conversations c ON c.conversation_id = r.conversation_id
CROSS JOIN LATERAL (SELECT least(:as_of, c.created_at + :rollup_horizon) AS at) known
\i first_response.sql
WHERE reply.at >= :from
  AND reply.at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
