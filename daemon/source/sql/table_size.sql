-- How large a table is, with its partitions: its rows as last estimated, its bytes. A partition is told as the table that it
-- is part of.
SELECT
  format('%I.%I', root_schema.nspname, root.relname) AS name,
  root.relkind = 'p' AS partitioned,
  sum(greatest(part.reltuples, 0))::bigint AS rows,
  sum(pg_relation_size(part.oid))::bigint AS bytes
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class root ON root.oid = coalesce(pg_partition_root(c.oid)::oid, c.oid)
JOIN pg_catalog.pg_namespace root_schema ON root_schema.oid = root.relnamespace
CROSS JOIN LATERAL (
  SELECT root.oid
  UNION
  SELECT tree.relid::oid
  FROM pg_partition_tree(root.oid) tree
) tree
JOIN pg_catalog.pg_class part ON part.oid = tree.oid AND part.relkind IN ('r', 'm')
WHERE n.nspname = :schema
  AND c.relname = :relation
GROUP BY 1, 2
