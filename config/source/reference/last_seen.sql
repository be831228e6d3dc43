-- Presence where the application writes no word, but when it last heard from an agent (profiles.last_seen, UTC, set every minute
-- or so): instead of the triggers on profiles.status that changes.sql makes. By hand, behind changes.sql: psql -1 -f.
--
-- An agent is online while last_seen comes at least every five minutes. A longer pause ends the span where it was last heard
-- from, and begins one where it is heard from again; a heartbeat within the five minutes runs nothing at all.

DROP TRIGGER IF EXISTS crm_metrics_presence ON profiles;
DROP TRIGGER IF EXISTS crm_metrics_presence_changed ON profiles;

CREATE OR REPLACE FUNCTION crm_metrics.note_last_seen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM crm_metrics.agent_activity_logs l
    WHERE l.agent_id = OLD.id
      AND l.ended_at IS NULL
      AND l.started_at >= OLD.last_seen;
    UPDATE crm_metrics.agent_activity_logs l
    SET ended_at = OLD.last_seen, duration_seconds = extract(epoch FROM OLD.last_seen - l.started_at)
    WHERE l.agent_id = OLD.id
      AND l.ended_at IS NULL;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO crm_metrics.agent_activity_logs (agent_id, status, started_at) VALUES (NEW.id, 'online', NEW.last_seen);
  END IF;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE LOG 'crm_metrics.note_last_seen: %', SQLERRM;
  RETURN NULL;
END
$$;

DROP TRIGGER IF EXISTS crm_metrics_seen ON profiles;
CREATE TRIGGER crm_metrics_seen AFTER INSERT ON profiles
  FOR EACH ROW WHEN (NEW.last_seen IS NOT NULL) EXECUTE FUNCTION crm_metrics.note_last_seen();
DROP TRIGGER IF EXISTS crm_metrics_seen_again ON profiles;
CREATE TRIGGER crm_metrics_seen_again AFTER UPDATE OF last_seen ON profiles
  FOR EACH ROW WHEN (NEW.last_seen > coalesce(OLD.last_seen + interval '5 minutes', '-infinity'))
  EXECUTE FUNCTION crm_metrics.note_last_seen();
DROP TRIGGER IF EXISTS crm_metrics_seen_last ON profiles;
CREATE TRIGGER crm_metrics_seen_last AFTER DELETE ON profiles
  FOR EACH ROW WHEN (OLD.last_seen IS NOT NULL) EXECUTE FUNCTION crm_metrics.note_last_seen();

-- Who is there now has begun unseen: since when nobody knows, so that it is counted from the last sign.
UPDATE crm_metrics.agent_activity_logs l
SET ended_at = greatest(l.started_at, p.last_seen),
    duration_seconds = extract(epoch FROM greatest(l.started_at, p.last_seen) - l.started_at)
FROM profiles p
WHERE p.id = l.agent_id
  AND l.ended_at IS NULL
  AND (l.status <> 'online' OR p.last_seen IS NULL OR p.last_seen < now() AT TIME ZONE 'UTC' - interval '5 minutes');
INSERT INTO crm_metrics.agent_activity_logs (agent_id, status, started_at)
SELECT p.id, 'online', p.last_seen
FROM profiles p
WHERE p.last_seen >= now() AT TIME ZONE 'UTC' - interval '5 minutes'
  AND NOT EXISTS (SELECT FROM crm_metrics.agent_activity_logs l WHERE l.agent_id = p.id AND l.ended_at IS NULL);

-- Nothing tells when an agent falls silent: what is open has ended where last_seen is old.
CREATE OR REPLACE VIEW crm_source.agent_status AS
SELECT
  l.agent_id,
  l.status::text AS status,
  l.started_at,
  CASE
    WHEN l.ended_at IS NULL AND NOT coalesce(p.last_seen >= now() AT TIME ZONE 'UTC' - interval '5 minutes', false)
    THEN greatest(l.started_at, p.last_seen)
    ELSE l.ended_at
  END AS ended_at
FROM crm_metrics.agent_activity_logs l
LEFT JOIN profiles p ON p.id = l.agent_id;
