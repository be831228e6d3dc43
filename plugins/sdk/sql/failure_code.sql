-- The error code in the reason of the message m, as digits; NULL where it names none. "131026: …", "(#131049) …", "131050",
-- "error code 470, …" and JSON's "code": 131026 name one; a phone number or "24 hours" does not. Only the first 200
-- characters are looked at. Its patterns have no backslashes, because a server may still take those in strings for escapes.
CROSS JOIN LATERAL (
  SELECT coalesce(
    substring(left(m.failed_reason, 200) FROM '^[[:space:]]{0,4}[[#]?([0-9]{1,6})[[:space:]]?(?:[]:;,|]|- |$)'),
    substring(
      lower(left(m.failed_reason, 200))
      FROM '(?:[(]#|[(](?=13[0-9]{4}[)])|[[:<:]](?:error|code|err_?code|error_?code)[^0-9a-z+]{1,4})([0-9]{1,6})(?![0-9])'
    )
  ) AS code
) failure
