-- Supervisors, who see the rows of their teams.
SELECT DISTINCT t.supervisor_id::text AS id
FROM team_members t
ORDER BY 1
