-- What the change feed does not note: for each view that it follows, the kinds of writes for which none of the tables below
-- the view has an enabled trigger, for every such write, that runs the own schema's function for it, with the rights of
-- somebody who may write the feed. The views are in the schema that comes first in search_path.
-- A trigger that leaves out the messages that are found by their transaction (deploy/migrations/0004) has its condition, a
-- second one for savepoints, and the view over its table, of which created_at begins an index unless it is small, and whose
-- rows no row-level security hides from the view's owner.
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
),
noting AS (
  SELECT w.entity, p.proname, t.tgrelid AS relation, t.tgtype AS type, pg_get_triggerdef(t.oid) AS definition, t.tgqual
  FROM walk w
  JOIN pg_catalog.pg_trigger t ON t.tgrelid = w.relation
  JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = :own_schema
    AND t.tgenabled IN ('O', 'A')
    AND t.tgattr = ''
    AND p.prosecdef
    AND has_table_privilege(p.proowner, to_regclass(quote_ident(:own_schema) || '.changes'), 'INSERT')
    AND has_table_privilege(p.proowner, to_regclass(quote_ident(:own_schema) || '.rescans'), 'INSERT')
),
leaving_out AS (
  SELECT n.entity, n.proname, n.type, n.relation
  FROM noting n
  WHERE n.proname = 'note_message_insert'
    AND n.definition LIKE '%new.xmin <> (pg_current_xact_id())::xid%'
    AND n.definition LIKE '%''00:00:10''::interval%'
    AND EXISTS (
      SELECT
      FROM noting s
      WHERE s.relation = n.relation
        AND s.proname = n.proname
        AND s.type & 17 = 17
        AND s.definition LIKE '%WHEN ((new.xmin <> (pg_current_xact_id())::xid))%'
    )
),
seen_by_view AS (
  SELECT d.refobjid AS relation, d.refobjsubid AS attnum, v.relowner AS reader
  FROM pg_catalog.pg_class v
  JOIN pg_catalog.pg_rewrite rule ON rule.ev_class = v.oid AND rule.rulename = '_RETURN'
  JOIN pg_catalog.pg_depend d
    ON d.classid = 'pg_catalog.pg_rewrite'::regclass
    AND d.objid = rule.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass
  WHERE v.oid = to_regclass(quote_ident(:own_schema) || '.written_messages')
),
hidden AS (
  SELECT w.relation
  FROM seen_by_view w
  JOIN pg_catalog.pg_class c ON c.oid = w.relation AND c.relrowsecurity
  JOIN pg_catalog.pg_roles r ON r.oid = w.reader AND NOT r.rolsuper AND NOT r.rolbypassrls
  WHERE c.relforcerowsecurity
    OR NOT pg_has_role(w.reader, c.relowner, 'USAGE')
),
indexed AS (
  SELECT w.relation
  FROM seen_by_view w
  JOIN pg_catalog.pg_index i ON i.indrelid = w.relation AND i.indkey[0] = w.attnum AND i.indisvalid AND i.indpred IS NULL
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_am am ON am.oid = c.relam AND am.amname = 'btree'
  JOIN pg_catalog.pg_attribute a ON a.attrelid = w.relation AND a.attnum = w.attnum
  WHERE a.atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype)
  UNION
  SELECT w.relation
  FROM seen_by_view w
  JOIN pg_catalog.pg_class c ON c.oid = w.relation
  WHERE c.relkind = 'r'
    AND pg_relation_size(c.oid) < 8 * 1024 * 1024
)
SELECT
  f.entity || ' ' || written.how || CASE
    WHEN written.bit <> 4 OR NOT EXISTS (SELECT FROM leaving_out l WHERE l.entity = f.entity AND l.type & 4 <> 0) THEN ''
    WHEN EXISTS (SELECT FROM hidden) THEN ' (row-level security hides them from the owner of written_messages)'
    ELSE ' (for want of an index that begins with created_at: indexes.sql)'
  END AS missing
FROM followed f
CROSS JOIN (
  VALUES (1, 'insert', 4), (2, 'update', 16), (3, 'delete', 8), (4, 'truncate', 32)
) AS written (ordinal, how, bit)
WHERE NOT EXISTS (
  SELECT
  FROM noting n
  WHERE n.entity = f.entity
    AND n.proname = CASE
      WHEN written.how = 'truncate' THEN 'note_truncate' ELSE 'note_' || f.entity || '_' || written.how
    END
    AND n.type & written.bit <> 0
    AND n.tgqual IS NULL
)
AND NOT EXISTS (
  SELECT
  FROM leaving_out l
  WHERE l.entity = f.entity
    AND written.bit = 4
    AND l.type & 4 <> 0
    AND l.relation IN (SELECT i.relation FROM indexed i)
    AND l.relation NOT IN (SELECT h.relation FROM hidden h)
)
ORDER BY f.entity, written.ordinal
