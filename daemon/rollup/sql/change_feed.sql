-- What the change feed does not note: for each view that it follows, the kinds of writes for which none of the tables below
-- the view has an enabled trigger, for every such write, that runs the own schema's function for it, with the rights of
-- somebody who may write the feed. The views are in the schema that comes first in search_path.
WITH RECURSIVE followed AS (
  SELECT f.entity, c.oid AS view
  FROM (
    VALUES
      ('message', 'messages'), ('conversation', 'conversations'), ('recipient', 'campaign_recipients'),
      ('intent', 'bot_intents'), ('lead', 'contacts'), ('ticket', 'tickets'), ('presence', 'agent_status')
  ) AS f (entity, view)
  JOIN pg_catalog.pg_class c ON c.relname = f.view
  WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema()))
),
walk AS (
  SELECT f.entity, f.view AS relation
  FROM followed f
  UNION
  SELECT w.entity, d.refobjid
  FROM walk w
  JOIN pg_catalog.pg_rewrite rule ON rule.ev_class = w.relation AND rule.rulename = '_RETURN'
  JOIN pg_catalog.pg_depend d
    ON d.classid = 'pg_catalog.pg_rewrite'::regclass
    AND d.objid = rule.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass
)
SELECT f.entity || ' ' || written.how AS missing
FROM followed f
CROSS JOIN (
  VALUES (1, 'insert', 4), (2, 'update', 16), (3, 'delete', 8), (4, 'truncate', 32)
) AS written (ordinal, how, bit)
WHERE NOT EXISTS (
  SELECT
  FROM walk w
  JOIN pg_catalog.pg_trigger t ON t.tgrelid = w.relation
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE w.entity = f.entity
    AND n.nspname = :own_schema
    AND p.proname = CASE
      WHEN written.how = 'truncate' THEN 'note_truncate' ELSE 'note_' || f.entity || '_' || written.how
    END
    AND t.tgtype & written.bit <> 0
    AND t.tgenabled IN ('O', 'A')
    AND t.tgqual IS NULL
    AND t.tgattr = ''
    AND p.prosecdef
    AND has_table_privilege(p.proowner, to_regclass(quote_ident(:own_schema) || '.changes'), 'INSERT')
    AND has_table_privilege(p.proowner, to_regclass(quote_ident(:own_schema) || '.rescans'), 'INSERT')
)
ORDER BY f.entity, written.ordinal
