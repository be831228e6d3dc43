-- All conversations within the horizon are to be derived again; older ones, some of whose messages the CRM may have pruned, only
-- where they have not been yet.
UPDATE rollup_state
SET
  derive_before = 'infinity',
  derive_before_id = NULL,
  derive_down_to = CASE
    WHEN derive_before IS NULL THEN :as_of - :rollup_horizon ELSE least(derive_down_to, :as_of - :rollup_horizon)
  END,
  derive_version = :version
