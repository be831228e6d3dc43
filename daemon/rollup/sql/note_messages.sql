-- Messages in conversations (:ids) that are dated after :as_of wait for their time as noted ones do.
INSERT INTO changes (entity, id, at)
SELECT 'message', nullif(n.id, ''), n.at
FROM unnest(:ids, :ats) n (id, at)
