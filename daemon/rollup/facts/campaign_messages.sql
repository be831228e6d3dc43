-- Campaign recipients whose message was created in the window, counted where it was created, by that message's fate. Those
-- without a message do not count. Recipients are the company's: they belong to no agent, and only owner and admin see them.
--
-- fact: campaign_messages
-- clock: created
-- touched_by: message, delivery, recipient
-- shares: messages m
-- columns: created count, sent count, delivered count, read count, failed count
-- settings: rollup.horizon
-- next_due: due
SELECT
  m.created_at AS at,
  NULL::text AS agent,
  NULL::text AS key,
  true AS created,
  left_queue.reached AS sent,
  delivered.reached AS delivered,
  read.reached AS read,
  failed.reached AS failed,
  known.due AS due,
  coalesce(m.conversation_id::text, 'message ' || m.message_id::text) AS part
FROM campaign_recipients r
JOIN messages m ON m.message_id = r.message_id
\i message_fate.sql
WHERE m.created_at >= :from
  AND m.created_at < :to
  AND m.direction = 'outbound'
  AND :agents IS NULL
