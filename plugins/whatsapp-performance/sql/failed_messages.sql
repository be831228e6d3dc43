-- Failed messages created in the window, newest failure first: one page of them, behind the failure at :after_at of the
-- message :after_id. A failure is dated by failed_at, and not before its message was created: so it lies after :from, too, and
-- an index over failures by that instant is read from its end, as far as the page goes. What counts as failed is the fact
-- messages'.
--
-- Candidates are named first, by what such an index can hold; of an agent's few the table is read, not of everybody's many.
SELECT
  m.message_id AS id,
  m.recipient,
  failure.code,
  left(m.failed_reason, 500) AS reason,
  happened.at::timestamptz AS at
FROM messages candidate
CROSS JOIN LATERAL (
  SELECT CASE WHEN candidate.failed_at > candidate.created_at THEN candidate.failed_at ELSE candidate.created_at END AS at
) happened
JOIN messages m ON m.message_id = candidate.message_id
\i message_fate.sql
\i failure_code.sql
WHERE (
    -- Of a window that ends now, failures are read from the newest on, by when they failed: IS TRUE keeps the planner, who
    -- thinks that few are left of what it filters, from sorting all of the window. Of a window of the past they lie far
    -- behind the newest: those are sorted.
    (:to >= :as_of AND (candidate.created_at >= :from AND candidate.created_at < :to) IS TRUE AND happened.at >= :from)
    OR (:to < :as_of AND candidate.created_at >= :from AND candidate.created_at < :to)
  )
  -- Implied by what follows, and what the partial index over failed messages is about.
  AND (candidate.failed_at IS NOT NULL OR candidate.delivery_status = 'failed')
  AND m.direction = 'outbound'
  AND failed.reached
  AND (
    :agents IS NULL
    -- Of one agent few of all failures are: the agent's conversations are read once. Of a team's, each failure's is looked up.
    OR (
      cardinality(:agents) = 1
      AND candidate.conversation_id IN (SELECT c.conversation_id FROM conversations c WHERE c.agent_id = ANY (:agents))
    )
    OR (
      cardinality(:agents) > 1
      -- As a value, and not as EXISTS, for which all conversations that the team ever had would be read.
      AND (SELECT c.agent_id FROM conversations c WHERE c.conversation_id = candidate.conversation_id) = ANY (:agents)
    )
  )
  AND (happened.at, candidate.message_id) < (:after_at, :after_id)
ORDER BY
  CASE WHEN :to >= :as_of THEN happened.at END DESC,
  CASE WHEN :to < :as_of THEN happened.at + interval '0' END DESC,
  candidate.message_id DESC
LIMIT :page_limit
