-- What became of campaigns' recipients whose message left the queue (sent, failed included), by campaign, counted where that
-- message was created. responded: an inbound message of the contact's within :campaign_response_window after it. converted:
-- marked so, or the contact became a lead, or had a ticket resolved, within :campaign_conversion_window after it. After it is
-- after it was sent, or where that is not known, created. Recipients are the company's: only owner and admin see them.
--
-- fact: campaign_results
-- clock: created
-- touched_by: message, delivery, recipient, campaign
-- shares: messages m
-- columns: sent count, responded count, converted count
-- settings: campaign.response_window, campaign.conversion_window, rollup.horizon
-- next_due: due
SELECT
  m.created_at AS at,
  NULL::text AS agent,
  r.campaign_id AS key,
  left_queue.reached AS sent,
  left_queue.reached AND answer.at IS NOT NULL AS responded,
  left_queue.reached AND (marked.converted OR lead.won_at IS NOT NULL OR ticket.resolved_at IS NOT NULL) AS converted,
  least(
    known.due,
    CASE WHEN r.converted_at > :as_of THEN r.converted_at END,
    lead.due,
    ticket.due
  ) AS due,
  coalesce(m.conversation_id::text, 'message ' || m.message_id::text) AS part
FROM campaign_recipients r
JOIN messages m ON m.message_id = r.message_id
\i message_fate.sql
CROSS JOIN LATERAL (SELECT CASE WHEN m.sent_at IS NOT NULL THEN m.sent_at ELSE m.created_at END AS at) begun
CROSS JOIN LATERAL (
  SELECT CASE WHEN r.converted_at IS NOT NULL THEN r.converted_at <= known.at ELSE coalesce(r.status, '') = 'converted' END AS converted
) marked
LEFT JOIN LATERAL (
  SELECT said.created_at AS at
  FROM conversations c
  JOIN messages said ON said.conversation_id = c.conversation_id
  WHERE c.contact_id = r.contact_id
    AND said.direction = 'inbound'
    AND said.created_at > begun.at
    AND said.created_at <= begun.at + :campaign_response_window
    AND said.created_at <= known.at
  LIMIT 1
) answer ON true
LEFT JOIN LATERAL (
  SELECT
    min(l.lead_at) FILTER (WHERE l.lead_at <= known.at) AS won_at,
    min(l.lead_at) FILTER (WHERE l.lead_at > :as_of) AS due
  FROM contacts l
  WHERE l.contact_id = r.contact_id
    AND l.lead_at > begun.at
    AND l.lead_at <= begun.at + :campaign_conversion_window
) lead ON true
LEFT JOIN LATERAL (
  SELECT
    min(t.resolved_at) FILTER (WHERE t.resolved_at <= known.at) AS resolved_at,
    min(t.resolved_at) FILTER (WHERE t.resolved_at > :as_of) AS due
  FROM tickets t
  WHERE t.contact_id = r.contact_id
    AND t.resolved_at > begun.at
    AND t.resolved_at <= begun.at + :campaign_conversion_window
) ticket ON true
WHERE m.created_at >= :from
  AND m.created_at < :to
  AND m.direction = 'outbound'
  AND :agents IS NULL
