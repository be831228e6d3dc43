-- What has become of the message m by :as_of. A timestamp decides by its instant; the status word decides only where no
-- timestamp speaks. What was delivered did not fail, and each fate includes those before it: of outbound messages
-- sent ≥ delivered ≥ read and sent ≥ delivered + failed. An incoming message's words and times mean something else.
-- known.due is when time alone will change it: an event dated after :as_of, by a clock that goes ahead.
CROSS JOIN LATERAL (
  SELECT
    least(:as_of, m.created_at + :rollup_horizon) AS at,
    coalesce(m.delivery_status, '') AS word,
    least(
      CASE WHEN m.sent_at > :as_of THEN m.sent_at END,
      CASE WHEN m.delivered_at > :as_of THEN m.delivered_at END,
      CASE WHEN m.read_at > :as_of THEN m.read_at END,
      CASE WHEN m.failed_at > :as_of THEN m.failed_at END
    ) AS due
) known
-- How far it has got: 4 read, 3 delivered, 2 failed, 1 sent, 0 none of these. The first that is true decides. OFFSET 0 has it
-- worked out once for a message; else the planner writes all of it anew wherever a statement asks (twice the planning).
CROSS JOIN LATERAL (
  SELECT
    CASE
      WHEN CASE WHEN m.read_at IS NOT NULL THEN m.read_at <= known.at ELSE known.word = 'read' END THEN 4
      WHEN CASE
        WHEN m.delivered_at IS NOT NULL THEN m.delivered_at <= known.at
        WHEN m.read_at IS NOT NULL THEN false
        ELSE known.word IN ('delivered', 'read')
      END THEN 3
      WHEN CASE WHEN m.failed_at IS NOT NULL THEN m.failed_at <= known.at ELSE known.word = 'failed' END THEN 2
      WHEN CASE
        WHEN m.sent_at IS NOT NULL THEN m.sent_at <= known.at
        WHEN m.delivered_at IS NOT NULL OR m.read_at IS NOT NULL OR m.failed_at IS NOT NULL THEN false
        ELSE known.word IN ('sent', 'delivered', 'read', 'failed')
      END THEN 1
      ELSE 0
    END AS stage
  OFFSET 0
) fate
CROSS JOIN LATERAL (SELECT fate.stage = 4 AS reached) read
CROSS JOIN LATERAL (SELECT fate.stage >= 3 AS reached) delivered
CROSS JOIN LATERAL (SELECT fate.stage = 2 AS reached) failed
CROSS JOIN LATERAL (SELECT fate.stage >= 1 AS reached) left_queue
