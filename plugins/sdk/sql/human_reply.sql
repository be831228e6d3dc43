-- Is message m a human reply? Campaign messages never are, whoever sent them.
m.direction = 'outbound'
AND m.campaign_id IS NULL
AND (m.sender_type = 'agent' OR (:sla_count_bot_replies AND m.sender_type = 'bot'))
