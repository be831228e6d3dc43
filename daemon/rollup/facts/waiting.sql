-- Open conversations whose customer waits for the first response now, inside the SLA target or past it, counted where they
-- were created. What the bot handles waits for nobody.
--
-- fact: waiting
-- clock: created
-- state: now
-- touched_by: conversation, outcome, asked
-- columns: in_time count, overdue count
-- settings: sla.first_response_seconds, sla.count_bot_replies
-- next_due: due
SELECT
  c.created_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  NOT handled.by_bot AND target.due >= :as_of AS in_time,
  NOT handled.by_bot AND target.due < :as_of AS overdue,
  least(
    CASE WHEN NOT handled.by_bot AND target.due >= :as_of THEN target.due END,
    CASE WHEN c.escalated_at > :as_of THEN c.escalated_at END
  ) AS due
FROM conversations c
CROSS JOIN LATERAL (SELECT :as_of AS at) known
\i first_response.sql
CROSS JOIN LATERAL (SELECT charged.since + :sla_first_response_seconds * interval '1 second' AS due) target
\i handled_by_bot.sql
WHERE c.created_at >= :from
  AND c.created_at < :to
  AND c.resolved_at IS NULL
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
  AND asked.at IS NOT NULL
  AND reply.at IS NULL
