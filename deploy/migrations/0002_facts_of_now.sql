-- What is true now of conversations, by when they were created: facts of their own, so that nobody has to look at each open
-- conversation again and again.
CREATE TABLE fact_open_conversations (
  grain text NOT NULL,
  start timestamptz NOT NULL,
  agent text NOT NULL,
  open  bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

CREATE TABLE fact_waiting (
  grain   text NOT NULL,
  start   timestamptz NOT NULL,
  agent   text NOT NULL,
  in_time bigint NOT NULL,
  overdue bigint NOT NULL,
  PRIMARY KEY (grain, start, agent)
);

-- A counter's numbers in one row: they grow together, and a step writes one row an agent instead of one a number. names has the
-- fact's columns, and response[1], response[2], … for a histogram's counts; n their values.
CREATE TABLE counters_of_all_numbers (
  fact  text NOT NULL,
  agent text NOT NULL,
  key   text NOT NULL,
  names text[] NOT NULL,
  n     bigint[] NOT NULL,
  PRIMARY KEY (fact, agent, key)
) WITH (fillfactor = 70);
INSERT INTO counters_of_all_numbers
SELECT c.fact, c.agent, c.key, array_agg(v.name ORDER BY v.name), array_agg(v.n ORDER BY v.name)
FROM counters c
CROSS JOIN LATERAL (
  SELECT c.column_name AS name, c.n WHERE c.buckets IS NULL
  UNION ALL
  SELECT c.column_name || '[' || b.i || ']', b.n FROM unnest(c.buckets) WITH ORDINALITY AS b (n, i)
) v
GROUP BY c.fact, c.agent, c.key;
DROP TABLE counters;
ALTER TABLE counters_of_all_numbers RENAME TO counters;
ALTER INDEX counters_of_all_numbers_pkey RENAME TO counters_pkey;
