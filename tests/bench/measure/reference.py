"""The straight SQL that the daemon is held against, timed by psql: tests/bench/reference/*.sql, and for the other sections the
statement that the demo's check holds their answers against, deploy/demo/expected_*.sql: one each, over the tables."""

import dataclasses
import datetime as dt
import json
import re

from measure import CannotMeasure
from measure.crm import ROOT, UTC

FILES = ROOT / "tests/bench/reference"
CHECKS = ROOT / "deploy/demo"
SETTINGS = "SET jit = off; SET TimeZone = 'UTC'; SET work_mem = '64MB';\n"
NOBODY = "00000000-0000-0000-0000-000000000000"
HOUR = dt.timedelta(hours=1)
PEAK_DAYS = 28


@dataclasses.dataclass
class Straight:
    ms: float
    buffers: int
    numbers: dict


def naive(instant):
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def variables(crm, agents, window, as_of):
    """psql's. Whoever writes such SQL by hand joins conversations only where the caller's rows are not all rows."""
    start, end = window.resolve(crm, as_of)
    before = crm.midnight(as_of, 1)
    ids = None if agents is None else "ANY ('{" + ",".join(agents) + "}'::uuid[])"
    return {
        "from": naive(start), "to": naive(end), "as_of": naive(as_of), "step": "hour" if window.by_hour else "day",
        "zone": crm.zone, "before_from": naive(before), "before": naive(before + (as_of - crm.midnight(as_of))),
        "and_mine": f"AND c.assigned_agent_id = {ids}" if ids else "", "and_all": "AND false" if ids else "",
        "of_messages": f"JOIN conversations c ON c.id = m.conversation_id AND c.assigned_agent_id = {ids}" if ids else "",
    }


def of_the_check(crm, caller, window, as_of):
    """psql's, of the demo's statements, which know of roles, zones and counters by themselves. Zones here have whole hours."""
    start, end = window.resolve(crm, as_of)
    role, subject = caller
    length = dt.timedelta(days=window.days)
    peaks_from = crm.midnight(as_of, PEAK_DAYS)
    hours = [min(start, peaks_from)]
    while hours[-1] + HOUR <= as_of:
        hours.append(hours[-1] + HOUR)
    instants = {"from": start, "to": end, "as_of": as_of, "since": as_of, "chats_from": start, "heatmap_from": start,
                "peaks_from": peaks_from, "peaks_to": crm.midnight(as_of), "before_from": start - length, "before_to": end - length,
                "today": crm.midnight(as_of), "week": crm.midnight(as_of, 6), "month": crm.midnight(as_of, 29)}
    return {**{name: instant.isoformat() for name, instant in instants.items()}, "role": role, "subject": subject or NOBODY,
            "lag": "0 seconds", "hours": "{" + ",".join(hour.isoformat() for hour in hours) + "}"}


def file_and_variables(crm, section, caller, agents, window, as_of):
    own = FILES / f"{section}.sql"
    if own.exists():
        return own, variables(crm, agents, window, as_of)
    return CHECKS / f"expected_{section.replace('-', '_')}.sql", of_the_check(crm, caller, window, as_of)


def explained(sql):
    """Each statement of the file under EXPLAIN, for its buffers."""
    without_comments = re.sub(r"--[^\n]*", "", sql)
    return "".join(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement.strip()};\n\\echo @@\n"
                   for statement in without_comments.split(";\n") if statement.strip())


def run(crm, section, role, caller, window, as_of, with_buffers=False):
    """`caller`: who asks, and the agents whose rows that one sees; None: all."""
    subject, agents = caller
    file, bound = file_and_variables(crm, section, (role, subject), agents, window, as_of)
    arguments = [word for name, value in bound.items() for word in ("-v", f"{name}={value}")]
    output = crm.psql(*arguments, script=SETTINGS + "\\timing on\n" + file.read_text())
    times = [float(ms) for ms in re.findall(r"^Time: ([\d.]+) ms", output, re.M)]
    numbers = {}
    for line in output.splitlines():
        if line.startswith("{"):
            numbers.update(json.loads(line))
    if not times or not numbers:
        raise CannotMeasure(f"{file.name} answered nothing: {output[:200]}")
    buffers = 0
    if with_buffers:
        plans = crm.psql(*arguments, script=SETTINGS + explained(file.read_text())).split("@@")
        for plan in plans:
            if plan.strip():
                top = json.loads(plan)[0]["Plan"]
                buffers += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return Straight(sum(times), buffers, numbers)
