-- Shares of minutes (:starts) of a :fact that are counted anew.
DELETE FROM fact_shares h
WHERE h.fact = :fact
  AND h.start = ANY (:starts)
