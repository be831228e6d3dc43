-- Columns that the reference CRM gets for the dashboard's sake. `crm-metricsd migrate --source` runs this in a transaction of
-- its own; by hand: psql -1 -f. Columns without a default are added without rewriting the table.

-- The agent's presence: the application writes the word when it changes, and changes.sql makes spans of it.
ALTER TABLE profiles ADD COLUMN IF NOT EXISTS status text;
