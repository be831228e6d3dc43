-- Conversations by who answered in them, counted where they were created. Of those in which the bot wrote (bot): chatbot, where
-- no human replied and nothing was handed over; successful, resolved by :as_of without a human reply; escalated, handed to a
-- human; dropped, where for :automation_drop_off_after a message of the bot's was followed by no message of the customer's, no
-- human reply, no resolution and no hand-off, whatever the bot said meanwhile: a later return does not undo that. human: a human
-- replied, bot or none; a bot is none here, also where sla.count_bot_replies takes it for one.
--
-- fact: bot_conversations
-- clock: created
-- touched_by: conversation, outcome, talk
-- shares: conversations c
-- columns: bot count, human count, chatbot count, successful count, escalated count, dropped count
-- settings: automation.drop_off_after, rollup.horizon
-- next_due: due
SELECT
  c.created_at AS at,
  c.agent_id AS agent,
  NULL::text AS key,
  said.by_bot AS bot,
  said.by_human AS human,
  said.by_bot AND NOT said.by_human AND NOT handed.over AS chatbot,
  said.by_bot
    AND NOT said.by_human
    AND c.resolved_at IS NOT NULL
    AND c.resolved_at <= :as_of
    AND c.resolved_at < c.created_at + :rollup_horizon AS successful,
  said.by_bot AND handed.over AS escalated,
  said.dropped,
  least(
    said.quiet_at,
    CASE WHEN c.resolved_at > :as_of THEN c.resolved_at END,
    CASE WHEN c.escalated_at > :as_of THEN c.escalated_at END
  ) AS due,
  c.conversation_id::text AS part
FROM conversations c
CROSS JOIN LATERAL (SELECT least(:as_of, c.created_at + :rollup_horizon) AS at) known
CROSS JOIN LATERAL (SELECT c.escalated_at IS NOT NULL AND c.escalated_at <= known.at AS over) handed
CROSS JOIN LATERAL (
  SELECT
    coalesce(bool_or(t.by_bot), false) AS by_bot,
    coalesce(bool_or(t.by_human), false) AS by_human,
    coalesce(
      bool_or(
        t.by_bot
          AND t.quiet_at <= known.at
          AND (t.next_at IS NULL OR t.next_at > t.quiet_at)
          AND (c.resolved_at IS NULL OR c.resolved_at > t.quiet_at)
          AND (c.escalated_at IS NULL OR c.escalated_at > t.quiet_at)
      ),
      false
    ) AS dropped,
    min(t.quiet_at) FILTER (WHERE t.by_bot AND t.next_at IS NULL AND t.quiet_at > :as_of) AS quiet_at
  FROM (
    SELECT
      speaker.by_bot,
      speaker.by_human,
      m.created_at + :automation_drop_off_after AS quiet_at,
      min(CASE WHEN NOT speaker.by_bot THEN m.created_at END) OVER (
        ORDER BY m.created_at DESC, m.direction = 'inbound', m.message_id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS next_at
    FROM messages m
    CROSS JOIN LATERAL (
      SELECT
        m.direction = 'outbound' AND m.sender_type = 'bot' AS by_bot,
        m.direction = 'outbound' AND m.sender_type = 'agent' AS by_human
    ) speaker
    WHERE m.conversation_id = c.conversation_id
      AND m.created_at <= known.at
      AND m.created_at <> '-infinity'
      -- What a system writes and what a campaign sends is as if absent.
      AND (m.direction = 'inbound' OR (m.direction = 'outbound' AND m.sender_type IN ('agent', 'bot') AND m.campaign_id IS NULL))
  ) t
) said
WHERE c.created_at >= :from
  AND c.created_at < :to
  AND (said.by_bot OR said.by_human)
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
