-- Conversations by whether their first response came within the SLA target, counted where they were created. Compliant: it
-- did. Breached: it came later, or has not come and the target has passed. Neither: inside the target still, handled by the
-- bot without a hand-off, or the customer never wrote. The wait of those that got a response is summed beside.
--
-- fact: sla
-- clock: created
-- touched_by: conversation, asked
-- shares: conversations c
-- columns: compliant count, breached count, answered count, response_ms sum
-- settings: sla.first_response_seconds, sla.count_bot_replies, rollup.horizon
-- next_due: due
SELECT
  c.created_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  reply.at IS NOT NULL AND reply.at <= target.due AS compliant,
  asked.at IS NOT NULL
    AND CASE WHEN reply.at IS NOT NULL THEN reply.at > target.due ELSE target.due < known.at AND NOT handled.by_bot END AS breached,
  reply.at IS NOT NULL AS answered,
  round(extract(EPOCH FROM greatest(reply.at - charged.since, '0'::interval)) * 1000)::bigint AS response_ms,
  least(
    CASE WHEN reply.at IS NULL AND target.due >= :as_of AND target.due <= c.created_at + :rollup_horizon THEN target.due END,
    CASE WHEN c.escalated_at > :as_of THEN c.escalated_at END
  ) AS due,
  c.conversation_id::text AS part
FROM conversations c
CROSS JOIN LATERAL (SELECT least(:as_of, c.created_at + :rollup_horizon) AS at) known
\i first_response.sql
CROSS JOIN LATERAL (SELECT charged.since + :sla_first_response_seconds * interval '1 second' AS due) target
\i handled_by_bot.sql
WHERE c.created_at >= :from
  AND c.created_at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
