"""The daemon's own schema over a generated CRM, and the change feed."""

import subprocess

from measure import CannotMeasure
from measure.crm import REFERENCE
from measure.daemon import READER, WRITER, can, configuration

DAYS_COUNTED = "SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'day' AND stale_since IS NULL"
# How long the oldest change has been waiting to be counted, in seconds.
LAG = "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(noted_at)), 0) FROM crm_metrics.changes"


def command(bench, crm, *words):
    """Runs crm-metricsd as its owner would."""
    file = bench.folder / f"{crm.name}-command.yaml"
    file.write_text(configuration(bench.build, crm, "1h", True)[2])
    result = subprocess.run([bench.build / "bin/crm-metricsd", *words, "--config", file], text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
    if result.returncode != 0:
        raise CannotMeasure(f"crm-metricsd {words[0]} ended with {result.returncode}: {result.stdout.strip()[-400:]}")
    return result.stdout


def migrate(bench, crm):
    """Schema, change feed and roles that can log in."""
    if not can(bench.build, "migrate"):
        raise CannotMeasure("this build has no `crm-metricsd migrate`")
    command(bench, crm, "migrate", "--admin-url", crm.url)
    for file in ("columns.sql", "changes.sql"):
        crm.psql("-1", "-f", str(REFERENCE / file))
    for role in (READER, WRITER):
        crm.psql("-c", f"ALTER ROLE {role} LOGIN")


def set_triggers(crm, on):
    crm.psql("-c", f"ALTER TABLE messages {'ENABLE' if on else 'DISABLE'} TRIGGER USER")
