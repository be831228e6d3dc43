"""Rows on sections: every section and window as every role, against straight SQL and against a tenth of the messages.

The API has no cache of answers, so that every request is cold; callers of one role take turns nevertheless, so that it stays
so for them when there is one. Requests and references alternate.
"""

import dataclasses
import datetime as dt
import itertools
import statistics
import time

from measure import CannotMeasure, reference, yardstick
from measure.agreement import differences
from measure.daemon import READER, SECTIONS
from measure.statements import counted, reset
from measure.table import ms, times

ROLES = ("owner", "supervisor", "agent")
MOST_MS, MOST_DISTINCT_MS = 50, 250
FASTER = 10
GROWTH = 1.3


@dataclasses.dataclass(frozen=True)
class Window:
    name: str
    days: int

    def resolve(self, crm, as_of):
        return crm.midnight(as_of, self.days - 1), as_of

    @property
    def by_hour(self):
        return self.days <= 2


TODAY = Window("today", 1)
WINDOWS = (TODAY, Window("week", 7), Window("month", 30))
# kpi answers for now, whatever the window.
CELLS = [("kpi", TODAY)] + [(section, window) for section in SECTIONS if section != "kpi" for window in WINDOWS]
# With distinct contacts: business-impact's repeat customers, and customer-load's new ones. Everybody's are a fact; the bar is that of
# counting them live.
DISTINCT = ("customer-load", "business-impact")


@dataclasses.dataclass(frozen=True)
class Effort:
    rounds: int          # of references, each between two batches of requests
    requests: int        # of a batch
    seconds: float       # after which a cell begins no further round


FULL, QUICK = Effort(7, 30, 15), Effort(2, 20, 2)


@dataclasses.dataclass
class Cell:
    what: str
    window: Window
    most_ms: int
    ours: list = dataclasses.field(default_factory=list)   # ms of each request
    small: list = dataclasses.field(default_factory=list)  # the same at a tenth of the messages
    straight: list = dataclasses.field(default_factory=list)
    yardsticks: list = dataclasses.field(default_factory=list)  # ms, before and after it
    buffers: float = 0
    small_buffers: float = 0
    straight_buffers: int = 0
    failed: str = ""


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def path_of(section, window):
    return f"/api/dashboard/{section}?dateRange={window.name}"


def ask(daemon, cell, path, role, subject):
    reply = daemon.ask(path, role, subject)
    if reply.status != 200:
        cell.failed = f"{reply.status} after {ms(reply.ms)}"
    return reply


def buffers_of_a_request(daemon, cell, path, role, callers, requests=5):
    reset(daemon.crm)
    for subject, _ in itertools.islice(callers, requests):
        ask(daemon, cell, path, role, subject)
    return counted(daemon.crm, READER).buffers / requests


def agree(big, cell, section, role, callers):
    """Does the straight SQL count the same numbers? Else its time says nothing."""
    caller = next(callers)
    reply = ask(big, cell, path_of(section, cell.window), role, caller[0])
    if reply.status != 200:
        return
    straight = reference.run(big.crm, section, role, caller, cell.window, dt.datetime.fromisoformat(reply.as_of.replace("Z", "+00:00")),
                             with_buffers=True)
    cell.straight_buffers = straight.buffers
    wrong = differences(section, reply.document, straight.numbers)
    if wrong:
        raise CannotMeasure(f"{cell.what}: the straight SQL counts something else: {'; '.join(wrong)}")


def measure_cell(build, big, small, section, window, role, effort):
    most = MOST_DISTINCT_MS if section in DISTINCT and role == "owner" else MOST_MS
    cell = Cell(f"{section}, {window.name}, {role}", window, most)
    path = path_of(section, window)
    of_big, of_small = (itertools.cycle(daemon.crm.callers(role)) for daemon in (big, small))
    agree(big, cell, section, role, of_big)
    cell.buffers = buffers_of_a_request(big, cell, path, role, of_big)
    cell.small_buffers = buffers_of_a_request(small, cell, path, role, of_small)
    cell.yardsticks.append(yardstick.took_ms(build))
    deadline = time.monotonic() + effort.seconds
    for round_ in range(effort.rounds):
        if round_ > 0 and time.monotonic() > deadline:
            break
        as_of = dt.datetime.now(dt.timezone.utc)
        cell.straight.append(reference.run(big.crm, section, role, next(of_big), window, as_of).ms)
        for _ in range(effort.requests):
            cell.ours.append(ask(big, cell, path, role, next(of_big)[0]).ms)
            cell.small.append(ask(small, cell, path, role, next(of_small)[0]).ms)
    cell.yardsticks.append(yardstick.took_ms(build))
    return cell


def add_rows(table, cell, judged_size):
    p50, p99 = statistics.median(cell.ours), percentile(cell.ours, 0.99)
    straight = statistics.median(cell.straight)
    is_month = cell.window.name == "month"
    slowness = yardstick.slowness(cell.yardsticks)
    fast = p99 <= cell.most_ms * slowness and not cell.failed
    faster = not is_month or straight / p50 >= FASTER
    scaled = f" × {slowness:.2f}" if slowness > 1 else ""
    bar = f"p99 ≤ {cell.most_ms} ms{scaled}" + (f", ≥ {FASTER} × faster" if is_month else "")
    table.add(cell.what, cell.failed or f"p50 {ms(p50)}, p99 {ms(p99)}, {cell.buffers:,.0f} buffers",
              f"{ms(straight)}, {cell.straight_buffers:,} buffers", times(straight / p50), bar, fast and faster,
              judged=judged_size or not is_month, only_here=p99 > cell.most_ms)


def add_growth(table, cell, big, small, judged_size):
    ours, tenth = statistics.median(cell.ours), statistics.median(cell.small)
    table.add(f"{cell.what}: at {big.crm.messages:,} messages against {small.crm.messages:,}",
              f"{ms(ours)}, {cell.buffers:,.0f} buffers", f"{ms(tenth)}, {cell.small_buffers:,.0f} buffers",
              times(ours / tenth), f"≤ {GROWTH} ×", ours / tenth <= GROWTH and not cell.failed,
              judged=judged_size and cell.window.name == "month")


def measure(bench):
    with bench.daemon(bench.crm, "1h") as big, bench.daemon(bench.small_crm, "1h") as small:
        cells = []
        for section, window in CELLS:
            for role in ROLES:
                with bench.row(f"{section}, {window.name}, {role}"):
                    cell = measure_cell(bench.build, big, small, section, window, role, QUICK if bench.quick else FULL)
                    add_rows(bench.table, cell, not bench.quick)
                    cells.append(cell)
        yardstick.add_row(bench.table, [took for cell in cells for took in cell.yardsticks])
        yardstick.add_steadiness_row(bench.table)
        for cell in cells:
            add_growth(bench.table, cell, big, small, not bench.quick)
