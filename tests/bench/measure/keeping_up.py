"""Rows on keeping up: 1,000 messages a second for minutes; how far the rollup lags, and whether that grows."""

import itertools
import statistics
import time

from measure import CannotMeasure
from measure.history import LAG
from measure.sections import ROLES, CELLS, path_of, percentile
from measure.table import ms
from measure.traffic import traffic

RATE = 1000
MOST_LAG = 5


def watch(daemon, seconds):
    """The lag twice a second; between, a request of each section as each role in turn."""
    requests = itertools.cycle([(section, window, role) for section, window in CELLS for role in ROLES])
    callers = {role: itertools.cycle(daemon.crm.callers(role)) for role in ROLES}
    lags, replies = [], []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        next_look = time.monotonic() + 0.5
        lags.append(daemon.crm.number(LAG))
        section, window, role = next(requests)
        replies.append(daemon.ask(path_of(section, window), role, next(callers[role])[0]))
        time.sleep(max(0, next_look - time.monotonic()))
    return lags, replies


def drained(daemon):
    started = time.monotonic()
    daemon.wait_for(lambda: daemon.crm.number(LAG) == 0, 120, "did not count what was left")
    return time.monotonic() - started


def measure(bench):
    seconds, warm_up = (20, 20) if bench.quick else (300, 90)  # a simulator's conversations take a while to come to their rate
    what = f"keeping up with {RATE:,} messages/s for {seconds} s"
    with bench.row(what), bench.daemon(bench.crm, "15s") as daemon:
        drained(daemon)
        with traffic(bench, bench.crm, RATE) as count:
            watch(daemon, warm_up)
            before, began = count(), time.monotonic()
            lags, replies = watch(daemon, seconds)
            written = (count() - before) / (time.monotonic() - began)
        third = len(lags) // 3
        middle, last = statistics.mean(lags[third:-third]), statistics.mean(lags[-third:])
        # What is too slow at a lower rate is at this one; what is not may be.
        reached = written >= 0.95 * RATE
        prompt, steady = max(lags) <= MOST_LAG, last <= 1.2 * middle + 0.2
        bench.table.add(f"{what}: lag", f"at most {max(lags):.1f} s", f"{written:.0f} messages/s written",
                        bar=f"≤ {MOST_LAG} s", good=prompt, judged=reached or not prompt)
        bench.table.add(f"{what}: growth of the lag", f"mean {last:.2f} s in the last third",
                        f"{middle:.2f} s in the middle one", f"{last / middle:.2f} ×" if middle else "–",
                        "no growth (≤ 1.2 × + 0.2 s)", steady, reached or not steady)
        times = [reply.ms for reply in replies]
        failed = sum(reply.status != 200 for reply in replies)
        bench.table.add(f"{what}: every section meanwhile", f"p50 {ms(statistics.median(times))}, p99 "
                                                            f"{ms(percentile(times, 0.99))}, {failed} of {len(times)} failed")
        bench.table.add(f"{what}: resident afterwards", f"{daemon.resident_mib():.0f} MiB")
        bench.table.add(f"{what}: all is counted after the end", f"after {drained(daemon):.1f} s")
        if not reached:
            raise CannotMeasure(f"only {written:.0f} messages/s were written: this machine cannot offer {RATE}")
