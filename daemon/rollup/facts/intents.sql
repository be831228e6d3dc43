-- What the bot understood, by intent, when it was detected: how often, and of those decided how often it served or did not.
-- An intent is its conversation's agent's.
--
-- fact: intents
-- clock: happened
-- touched_by: intent, agent_intent
-- columns: detected count, succeeded count, unsuccessful count
-- settings: none
-- next_due: none
SELECT
  i.detected_at AS at,
  c.agent_id AS agent,
  i.intent AS key,
  true AS detected,
  coalesce(i.succeeded, false) AS succeeded,
  coalesce(NOT i.succeeded, false) AS unsuccessful
FROM bot_intents i
LEFT JOIN conversations c ON c.conversation_id = i.conversation_id
WHERE i.detected_at >= :from
  AND i.detected_at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
