"""Rows on sampling: what a cycle of all collectors reads, against the same numbers by straight SQL, and how it grows with
what has changed. Everything that the daemon reads in a cycle counts: collectors, and the rollup's steps between them."""

import datetime as dt
import time

from measure import CannotMeasure, reference
from measure.daemon import READER, SECTIONS, WRITER
from measure.sections import TODAY
from measure.statements import counted, greediest, reset
from measure.traffic import traffic

CYCLE_SECONDS = 10
SHARE = 50
PROPORTIONAL = 1.3
IDLE, USUAL, BUSY = 0, 1.3, 26  # messages a second; 10 million in 90 days are 1.3
CHANGED = ("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE schemaname = 'public' "
           "AND relname IN ('messages', 'conversations', 'campaign_recipients', 'tickets')")


def runs(daemon):
    return daemon.metric("crm_collector_runs_total")


def next_cycle(daemon):
    """Waits until every collector has run once more."""
    before = runs(daemon)
    daemon.wait_for(lambda: runs(daemon) >= before + len(SECTIONS), 3 * CYCLE_SECONDS, "ran no collector")
    time.sleep(1)  # PostgreSQL's sessions report their rows once a second


def cycle(bench, daemon, rate):
    """Buffers that the daemon read in a cycle with so much traffic, and the rows that changed meanwhile."""
    crm = daemon.crm
    if rate == IDLE:
        next_cycle(daemon)
        reset(crm)
        next_cycle(daemon)
        return counted(crm, READER, WRITER).buffers, 0
    with traffic(bench, crm, rate):
        next_cycle(daemon)
        reset(crm)
        before = crm.number(CHANGED)
        next_cycle(daemon)
        read = counted(crm, READER, WRITER).buffers
        for name, calls, buffers in greediest(crm, 8, READER, WRITER):
            bench.say(f"  at {rate} messages/s: {buffers:9,} buffers by {calls:5} of {name}")
        return read, crm.number(CHANGED) - before


def straight_buffers(crm):
    as_of = dt.datetime.now(dt.timezone.utc)
    return sum(reference.run(crm, section, "owner", ("", None), TODAY, as_of, with_buffers=True).buffers for section in SECTIONS)


def measure(bench):
    with bench.daemon(bench.crm, f"{CYCLE_SECONDS}s") as daemon:
        with bench.row("sampling, one cycle of all collectors"):
            straight = straight_buffers(bench.crm)
            idle = min(cycle(bench, daemon, IDLE)[0] for _ in range(2))
            usual, changed = cycle(bench, daemon, USUAL)
            bench.table.add(f"sampling, one cycle of all collectors at {USUAL} messages/s",
                            f"{usual:,} buffers ({idle:,} at no traffic)", f"{straight:,} buffers",
                            f"1/{straight / usual:.1f}", f"≤ 1/{SHARE}", straight / usual >= SHARE, judged=not bench.quick)
        with bench.row("sampling, growth with what has changed"):
            busy, more_changed = cycle(bench, daemon, BUSY)
            if min(changed, more_changed, usual - idle, busy - idle) <= 0:
                raise CannotMeasure(f"a cycle without traffic read {idle:,} buffers, one with {changed:.0f} changed rows "
                                    f"{usual:,}, one with {more_changed:.0f} {busy:,}: the daemon had something else to do")
            few, many = (usual - idle) / changed, (busy - idle) / more_changed
            bench.table.add(f"sampling, buffers for each row changed, {more_changed:.0f} rows a cycle against {changed:.0f}",
                            f"{many:.1f} buffers", f"{few:.1f} buffers", f"{many / few:.2f} ×", f"≤ {PROPORTIONAL} ×",
                            many / few <= PROPORTIONAL)
