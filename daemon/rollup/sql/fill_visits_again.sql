-- A change was missed, so contact_visits may lack anything: none of it is used until it is filled again. What is older than the
-- horizon stays, because the CRM may have pruned it.
WITH forgotten AS (
  DELETE FROM contact_visits v
  WHERE v.created_at >= :as_of - :rollup_horizon
)
UPDATE visits_state
SET visits_from = 'infinity'
