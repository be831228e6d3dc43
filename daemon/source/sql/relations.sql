-- Every relation that the views of a schema read, directly and through other views: whose rights count there, may that role
-- select from it, and which row-level security stands before its rows. Nothing of it is stored in the view: PostgreSQL asks
-- again with each query, as the owner of the view that names the relation, or as the reader where it is security_invoker. A
-- materialised view was filled by its owner, who was the reader then. Partitions are read by the rights of their parent.
WITH RECURSIVE me AS (
  SELECT r.oid
  FROM pg_catalog.pg_roles r
  WHERE r.rolname = current_user
),
walk AS (
  SELECT c.oid AS root, c.oid AS relation, NULL::oid AS through, me.oid AS role, me.oid AS reader
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN me
  WHERE n.nspname = :schema
    AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
  UNION
  SELECT
    w.root,
    d.refobjid,
    v.oid,
    CASE WHEN invoker.is THEN w.reader ELSE v.relowner END,
    CASE WHEN v.relkind = 'm' THEN v.relowner ELSE w.reader END
  FROM walk w
  JOIN pg_catalog.pg_class v ON v.oid = w.relation AND v.relkind IN ('v', 'm')
  JOIN pg_catalog.pg_rewrite rule ON rule.ev_class = v.oid AND rule.rulename = '_RETURN'
  JOIN pg_catalog.pg_depend d
    ON d.classid = 'pg_catalog.pg_rewrite'::regclass
    AND d.objid = rule.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.refobjid <> v.oid
  CROSS JOIN LATERAL (
    SELECT EXISTS (
      SELECT
      FROM pg_catalog.pg_options_to_table(v.reloptions) o
      WHERE o.option_name = 'security_invoker' AND o.option_value::boolean
    ) AS is
  ) invoker
)
SELECT DISTINCT
  root.relname::text AS view,
  format('%I.%I', n.nspname, c.relname) AS relation,
  c.relkind::text AS kind,
  CASE WHEN via.oid IS NULL THEN '' ELSE format('%I.%I', via_schema.nspname, via.relname) END AS through,
  coalesce(via.relkind = 'v' AND w.role <> via.relowner, false) AS invoker,
  role.rolname::text AS role,
  owner.rolname::text AS owner,
  has_any_column_privilege(w.role, c.oid, 'SELECT') AS may_select,
  c.relispopulated AS populated,
  c.relforcerowsecurity AS forced,
  secured.is AS secured,
  coalesce(policy.names, '') AS policies,
  coalesce(policy.show_any, false) AS show_any,
  coalesce(policy.show_all, false) AS show_all
FROM walk w
JOIN pg_catalog.pg_class root ON root.oid = w.root
JOIN pg_catalog.pg_class c ON c.oid = w.relation AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_roles role ON role.oid = w.role
JOIN pg_catalog.pg_roles owner ON owner.oid = c.relowner
LEFT JOIN pg_catalog.pg_class via ON via.oid = w.through
LEFT JOIN pg_catalog.pg_namespace via_schema ON via_schema.oid = via.relnamespace
CROSS JOIN LATERAL (
  SELECT
    c.relrowsecurity
    AND NOT role.rolsuper
    AND NOT role.rolbypassrls
    AND (c.relforcerowsecurity OR NOT pg_has_role(w.role, c.relowner, 'USAGE')) AS is
) secured
LEFT JOIN LATERAL (
  SELECT
    string_agg(p.polname::text, ', ' ORDER BY p.polname) AS names,
    bool_or(p.polpermissive AND p.polqual IS NOT NULL) AS show_any,
    bool_or(p.polpermissive AND shown.by = 'true') AND bool_and(p.polpermissive OR shown.by = 'true') AS show_all
  FROM pg_catalog.pg_policy p
  CROSS JOIN LATERAL (SELECT coalesce(pg_get_expr(p.polqual, p.polrelid), '') AS by) shown
  WHERE p.polrelid = c.oid
    AND p.polcmd IN ('r', '*')
    AND EXISTS (SELECT FROM unnest(p.polroles) to_role WHERE to_role = 0 OR pg_has_role(w.role, to_role, 'USAGE'))
) policy ON secured.is
ORDER BY 1, 2, 4
