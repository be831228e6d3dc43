-- Have ids in conversation_metrics the types that they have in the views?
SELECT bool_and(k.atttypid = c.atttypid) AS fit
FROM (VALUES ('conversation_id'), ('agent_id')) AS id (name)
JOIN pg_attribute k ON k.attrelid = to_regclass('conversation_metrics') AND k.attname = id.name
JOIN pg_attribute c ON c.attrelid = to_regclass('conversations') AND c.attname = id.name
