"""The daemon's own schema over a generated CRM, and the change feed."""

import subprocess
import time

from measure import CannotMeasure
from measure.crm import REFERENCE, ROOT
from measure.daemon import READER, WRITER, can, configuration

FACTS = len(list((ROOT / "daemon/rollup/facts").glob("*.sql")))
RECENT_DAYS = 60
DAYS_COUNTED = "SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'day' AND stale_since IS NULL"
# Of what a step writes, all but the open periods of facts, which time alone makes longer.
WRITTEN = ("SELECT (SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'day'), (SELECT count(*) FROM "
           "crm_metrics.analytics_snapshots), (SELECT derive_before FROM crm_metrics.rollup_state)")
# How long the oldest change has been waiting to be counted, in seconds: noted by a trigger; or left for later in its minute by a
# step; or a message that none notes and the last step did not see, which has waited since then or since it was written. A server
# this young is in its first epoch of numbers. Numbers of changes are nearly in order: sessions take 32 at a time.
LAG = """SELECT coalesce(extract(epoch FROM clock_timestamp() - least(
  (SELECT min(c.noted_at) FROM (SELECT o.noted_at FROM crm_metrics.changes o ORDER BY o.seq LIMIT 1000) c),
  (SELECT min(p.late_since) FROM crm_metrics.fact_periods p WHERE p.late_since IS NOT NULL),
  (SELECT greatest(w.created_at AT TIME ZONE 'UTC', s.stepped_at)
   FROM crm_metrics.written_messages w
   WHERE w.created_at >= (SELECT n.seen_from FROM crm_metrics.rollup_state n) AT TIME ZONE 'UTC'
     AND NOT pg_visible_in_snapshot(w.written_by::text::xid8, s.seen)
   ORDER BY w.created_at
   LIMIT 1))), 0)
FROM crm_metrics.rollup_state s"""


def command(bench, crm, *words):
    """Runs crm-metricsd as its owner would."""
    file = bench.folder / f"{crm.name}-command.yaml"
    file.write_text(configuration(bench.build, crm, "1h", True)[2])
    result = subprocess.run([bench.build / "bin/crm-metricsd", *words, "--config", file], text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, timeout=120 if bench.quick else 3600)
    if result.returncode != 0:
        raise CannotMeasure(f"crm-metricsd {words[0]} ended with {result.returncode}: {result.stdout.strip()[-400:]}")
    return result.stdout


def migrate(bench, crm):
    """Schema, change feed and roles that can log in."""
    if not can(bench.build, "migrate"):
        raise CannotMeasure("this build has no `crm-metricsd migrate`")
    command(bench, crm, "migrate", "--admin-url", crm.url)
    command(bench, crm, "migrate", "--admin-url", crm.url, "--source", str(REFERENCE), "--yes")
    for role in (READER, WRITER):
        crm.psql("-c", f"ALTER ROLE {role} LOGIN")


def set_triggers(crm, on):
    crm.psql("-c", f"ALTER TABLE messages {'ENABLE' if on else 'DISABLE'} TRIGGER USER")


def forget_changes(crm):
    """What was written while nothing counts is not to be counted later."""
    crm.psql("-c", "TRUNCATE crm_metrics.changes", "-c", "UPDATE crm_metrics.rollup_state SET seen = pg_current_snapshot()")


def settle(daemon, still_seconds, most_seconds=3600):
    """Waits until the daemon has counted, derived and written what it found to do, and changes nothing any more."""
    recent = f"{DAYS_COUNTED} AND start >= now() - interval '{RECENT_DAYS + 1} days'"
    state = lambda: daemon.crm.psql("-c", WRITTEN)
    last, since = state(), time.monotonic()

    def calm():
        nonlocal last, since
        now = state()
        if now != last or daemon.crm.number(LAG) > 0 or daemon.crm.number(recent) < FACTS * RECENT_DAYS:
            last, since = now, time.monotonic()
        time.sleep(1)
        return time.monotonic() - since >= still_seconds

    daemon.wait_for(calm, most_seconds, "did not come to an end with its history")
