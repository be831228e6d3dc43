-- Changes that wait to be counted: in what they touch, what is stored does not hold.
SELECT c.entity, c.id, CASE WHEN isfinite(c.at) THEN c.at END AS at
FROM changes c
WHERE c.at IS NULL OR c.at <= :as_of OR c.entity NOT IN ('message', 'later')
ORDER BY c.seq
LIMIT :most
