-- The error code in the reason of the message m, as digits; NULL where it names none. "131026: …", "(#131049) …", "131050"
-- and "error code 470, …" name one; a phone number or "24 hours" does not. Only the first 200 characters are looked at.
CROSS JOIN LATERAL (
  SELECT coalesce(
    substring(left(m.failed_reason, 200) FROM '^[[:space:][(#]{0,4}([0-9]{1,6})[[:space:]]?(?:[]):;,|]|- |$)'),
    substring(lower(left(m.failed_reason, 200)) FROM '(?:[(]#|(?:error|code)[^0-9a-z+]{1,4})([0-9]{1,6})(?![0-9])')
  ) AS code
) failure
