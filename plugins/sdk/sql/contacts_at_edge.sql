-- Between :edge, an end of a day of UTC, and the window [:since, :until): whose conversations in the window have one before them
-- in that day, of which the fact visits does not tell on which side of :since it was. Where :edge is before :since, contacts
-- with a conversation between them and one in the window; else conversations between them with another one of the same contact
-- after them in the window. Of everybody's rows.
SELECT
  CASE
    WHEN :edge < :since THEN (
      SELECT count(*)
      FROM (
        SELECT DISTINCT c.contact_id
        FROM conversations c
        WHERE c.created_at >= :edge
          AND c.created_at < :since
          AND c.contact_id IS NOT NULL
          AND :agents IS NULL
      ) seen
      WHERE EXISTS (
        SELECT
        FROM conversations next
        WHERE next.contact_id = seen.contact_id
          AND next.created_at >= :since
          AND next.created_at < :until
      )
    )
    ELSE (
      SELECT count(*)
      FROM conversations c
      WHERE c.created_at >= :since
        AND c.created_at < least(:edge, :until)
        AND c.contact_id IS NOT NULL
        AND :agents IS NULL
        AND EXISTS (
          SELECT
          FROM conversations next
          WHERE next.contact_id = c.contact_id
            AND next.created_at >= c.created_at
            AND next.created_at < :until
            AND (next.created_at, next.conversation_id) > (c.created_at, c.conversation_id)
        )
    )
  END AS contacts
