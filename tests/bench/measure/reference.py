"""The straight SQL that the daemon is held against: tests/bench/reference/*.sql, timed by psql."""

import dataclasses
import json
import re

from measure import CannotMeasure
from measure.crm import ROOT, UTC

FILES = ROOT / "tests/bench/reference"
SETTINGS = "SET jit = off; SET TimeZone = 'UTC';\n"


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


def explained(sql):
    """Each statement of the file under EXPLAIN, for its buffers."""
    without_comments = re.sub(r"--[^\n]*", "", sql)
    return "".join(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement.strip()};\n\\echo @@\n"
                   for statement in without_comments.split(";\n") if statement.strip())


def run(crm, section, agents, window, as_of, with_buffers=False):
    file = FILES / f"{section}.sql"
    arguments = [word for name, value in variables(crm, agents, window, as_of).items() for word in ("-v", f"{name}={value}")]
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
