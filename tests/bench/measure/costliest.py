"""The plans of the daemon's costliest statements, as auto_explain saw them, and whether any scans messages from end to end.

A pass of its own, because watching costs time: the daemon starts, samples, answers every section in every window as every
role, and counts what a little traffic changes.
"""

import contextlib
import dataclasses
import re
import time

from measure import CannotMeasure
from measure.daemon import READER, WRITER
from measure.history import LAG
from measure.sections import CELLS, ROLES, path_of
from measure.traffic import traffic

COUNT = 20
WATCH = {"log_min_duration": "0", "log_analyze": "on", "log_buffers": "on", "log_timing": "off"}
ENTRY = re.compile(r"^\S+ \S+ \S+ \[\d+\] LOG:  duration: ([\d.]+) ms  plan:\n"
                   r"\tQuery Text: (.*?)\n\t(?=\S[^\n]*\(cost=)(.*?)(?=^\S|\Z)", re.M | re.S)


@dataclasses.dataclass
class Statement:
    text: str
    plan: str
    ms: float
    times: int = 1

    def name(self):
        """As the daemon's comment before it says."""
        named = re.match(r"\s*/\* (.*?) \*/", self.text)
        return named[1] if named else without_values(self.text)[:60]

    def buffers(self):
        of_all = re.search(r"Buffers: shared([^\n]*)", self.plan)
        return sum(int(count) for count in re.findall(r"(?:hit|read)=(\d+)", of_all[1])) if of_all else 0

    def scans_messages(self):
        return re.search(r"Seq Scan on (\w+\.)?messages\b", self.plan) is not None


@contextlib.contextmanager
def watched(bench):
    """auto_explain for the daemon's roles, and the part of the log that comes meanwhile."""
    settings = [f"auto_explain.{name} = {value}" for name, value in WATCH.items()]
    for role in (READER, WRITER):
        for setting in settings:
            bench.cluster.psql("-c", f"ALTER ROLE {role} SET {setting}")
    begin = bench.cluster.log.stat().st_size
    try:
        yield lambda: bench.cluster.log.read_bytes()[begin:].decode(errors="replace")
    finally:
        for role in (READER, WRITER):
            bench.cluster.psql("-c", f"ALTER ROLE {role} RESET ALL")


def without_values(text):
    return re.sub(r"\s+", " ", re.sub(r"'(?:[^']|'')*'|\b\d+\b", "?", text)).strip()


def statements(log):
    """Each statement once, with the plan that took longest."""
    found = {}
    for ms, text, plan in ENTRY.findall(log):
        ms, key = float(ms), without_values(text)
        plan = "\n".join(line[1:] if line.startswith("\t") else line for line in plan.rstrip().splitlines())
        if key not in found:
            found[key] = Statement(text, plan, ms)
            continue
        found[key].times += 1
        if ms > found[key].ms:
            found[key].plan, found[key].ms, found[key].text = plan, ms, text
    return sorted(found.values(), key=lambda statement: -statement.ms)


def use_everything(bench, daemon):
    for section, window in CELLS:
        for role in ROLES:
            for subject, _ in daemon.crm.callers(role)[:2]:
                daemon.ask(path_of(section, window), role, subject)
    with traffic(bench, daemon.crm, 50):
        time.sleep(10)
    daemon.wait_for(lambda: daemon.crm.number(LAG) == 0, 60, "did not count the traffic")


def measure(bench):
    with bench.row("the costliest statements"):
        with watched(bench) as log:
            with bench.daemon(bench.crm, "5s") as daemon:
                use_everything(bench, daemon)
            found = statements(log())
        if len(found) < COUNT:
            raise CannotMeasure(f"auto_explain logged {len(found)} statements only")
        bench.costliest = found[:COUNT]
        for statement in bench.costliest:
            bench.say(f"  {statement.ms:8.1f} ms {statement.buffers():9,} buffers {statement.times:5} times  {statement.name()}")
        scans = [statement for statement in found if statement.scans_messages()]
        bench.table.add("statements that scan messages sequentially", str(len(scans)), f"{len(found)} statements", bar="none",
                        good=not scans, judged=not bench.quick)
        for statement in scans:
            bench.say(f"scans messages, {statement.ms:.0f} ms: {statement.name()}")
