-- Rows of conversation_metrics for conversations (:ids), as they are at :as_of: how long the customer waited for the first
-- response and on average for an answer, how many messages there were, how long the resolution took. Those that are gone lose
-- their row, unless they are older than the horizon: those the CRM prunes. What is dated after :as_of has not happened yet
-- and is noted for later. Bound besides: :to, the instant after :as_of.
WITH chosen AS (
  SELECT DISTINCT ON (c.conversation_id)
    c.conversation_id, c.agent_id, c.created_at, c.resolved_at, c.escalated_at, c.satisfaction_score
  FROM conversations c
  WHERE c.conversation_id = ANY (:ids)
    AND c.created_at <= :as_of
    AND c.created_at > '-infinity'
),
answered AS (
  SELECT t.conversation_id, avg(t.response_ms) AS mean_ms
  FROM (
    \i answered_turns.sql
  ) t
  GROUP BY t.conversation_id
),
derived AS MATERIALIZED (
  SELECT
    c.conversation_id,
    c.agent_id,
    c.created_at,
    c.escalated_at,
    c.satisfaction_score,
    said.message_count,
    said.by_bot,
    said.next_at,
    CASE
      WHEN reply.at IS NOT NULL
      THEN round(extract(EPOCH FROM greatest(reply.at - charged.since, '0'::interval)) * 1000)
    END AS first_response_ms,
    answered.mean_ms,
    CASE
      WHEN c.resolved_at <= :as_of AND c.resolved_at > '-infinity'
      THEN round(extract(EPOCH FROM greatest(c.resolved_at - c.created_at, '0'::interval)) * 1000)
    END AS resolution_ms
  FROM chosen c
  CROSS JOIN LATERAL (SELECT least(:as_of, c.created_at + :rollup_horizon) AS at) known
  \i first_response.sql
  CROSS JOIN LATERAL (
    SELECT
      count(*) FILTER (WHERE m.created_at <= :as_of) AS message_count,
      bool_or(
        m.direction = 'outbound' AND m.sender_type = 'bot' AND m.campaign_id IS NULL AND m.created_at <= :as_of
      ) AS by_bot,
      min(m.created_at) FILTER (WHERE m.created_at > :as_of) AS next_at
    FROM messages m
    WHERE m.conversation_id = c.conversation_id
  ) said
  LEFT JOIN answered ON answered.conversation_id = c.conversation_id
),
put AS (
  INSERT INTO conversation_metrics AS k (
    conversation_id, agent_id, first_response_time_seconds, avg_response_time_seconds, total_messages,
    resolution_time_seconds, customer_satisfaction_score, handled_by_bot, escalated_to_human, created_at, updated_at
  )
  SELECT
    d.conversation_id,
    d.agent_id,
    round(d.first_response_ms / 1000)::integer,
    round(d.mean_ms / 1000)::integer,
    d.message_count::integer,
    round(d.resolution_ms / 1000)::integer,
    d.satisfaction_score::integer,
    coalesce(d.by_bot, false),
    coalesce(d.escalated_at <= :as_of, false),
    d.created_at::timestamp,
    (:as_of)::timestamp
  FROM derived d
  ON CONFLICT (conversation_id) DO UPDATE SET
    agent_id = excluded.agent_id,
    first_response_time_seconds = excluded.first_response_time_seconds,
    avg_response_time_seconds = excluded.avg_response_time_seconds,
    total_messages = excluded.total_messages,
    resolution_time_seconds = excluded.resolution_time_seconds,
    customer_satisfaction_score = excluded.customer_satisfaction_score,
    handled_by_bot = excluded.handled_by_bot,
    escalated_to_human = excluded.escalated_to_human,
    created_at = excluded.created_at,
    updated_at = excluded.updated_at
  WHERE (
    k.agent_id, k.first_response_time_seconds, k.avg_response_time_seconds, k.total_messages,
    k.resolution_time_seconds, k.customer_satisfaction_score, k.handled_by_bot, k.escalated_to_human, k.created_at
  ) IS DISTINCT FROM (
    excluded.agent_id, excluded.first_response_time_seconds, excluded.avg_response_time_seconds, excluded.total_messages,
    excluded.resolution_time_seconds, excluded.customer_satisfaction_score, excluded.handled_by_bot,
    excluded.escalated_to_human, excluded.created_at
  )
),
-- Few or none, and found by their ids: by their age, all rows within the horizon would be read.
lost AS MATERIALIZED (
  SELECT i.id
  FROM unnest(:ids) AS i (id)
  WHERE NOT EXISTS (SELECT FROM chosen c WHERE c.conversation_id = i.id)
),
gone AS (
  DELETE FROM conversation_metrics k
  USING lost
  WHERE k.conversation_id = lost.id
    AND k.created_at >= (:as_of - :rollup_horizon)::timestamp
)
INSERT INTO changes (entity, id, at)
SELECT 'later', c.conversation_id::text, next.at
FROM conversations c
LEFT JOIN derived d ON d.conversation_id = c.conversation_id
CROSS JOIN LATERAL (
  SELECT
    least(
      CASE WHEN c.created_at > :as_of THEN c.created_at END,
      CASE WHEN c.escalated_at > :as_of THEN c.escalated_at END,
      CASE WHEN c.resolved_at > :as_of THEN c.resolved_at END,
      d.next_at
    ) AS at
) next
WHERE c.conversation_id = ANY (:ids)
  AND next.at < 'infinity'
