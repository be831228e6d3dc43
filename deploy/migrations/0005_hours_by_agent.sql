-- An agent's hours, and days, side by side: of a month by hour, ten agents' rows are 400 pages instead of 3,500. Minutes, which are
-- written all the time, are not in it.
CREATE INDEX fact_bot_conversations_by_agent ON fact_bot_conversations (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_campaign_messages_by_agent ON fact_campaign_messages (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_conversations_by_agent ON fact_conversations (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_customers_by_agent ON fact_customers (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_first_responses_by_agent ON fact_first_responses (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_leads_by_agent ON fact_leads (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_messages_by_agent ON fact_messages (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_open_conversations_by_agent ON fact_open_conversations (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_presence_by_agent ON fact_presence (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_resolutions_by_agent ON fact_resolutions (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_sla_by_agent ON fact_sla (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_ticket_resolutions_by_agent ON fact_ticket_resolutions (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_turns_by_agent ON fact_turns (grain, agent, start) WHERE grain <> 'minutes';
CREATE INDEX fact_waiting_by_agent ON fact_waiting (grain, agent, start) WHERE grain <> 'minutes';
