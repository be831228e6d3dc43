-- Open conversations whose customer waits for the first response now, inside the SLA target and past it. What the bot
-- handles waits for nobody.
SELECT
  count(*) FILTER (WHERE w.due >= :as_of) AS in_time,
  count(*) FILTER (WHERE w.due < :as_of) AS overdue
FROM (
  SELECT charged.since + :sla_first_response_seconds * interval '1 second' AS due
  FROM conversations c
  CROSS JOIN LATERAL (SELECT :as_of AS at) known
  \i first_response.sql
  \i handled_by_bot.sql
  WHERE c.resolved_at IS NULL
    AND c.created_at <= :as_of
    AND (:agents IS NULL OR c.agent_id = ANY (:agents))
    AND asked.at IS NOT NULL
    AND reply.at IS NULL
    AND NOT handled.by_bot
) w
