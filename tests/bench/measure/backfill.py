"""The row on backfill: all days counted for the first time, against one sequential read of the same tables."""

import re
import statistics
import time

from measure import CannotMeasure
from measure.daemon import can
from measure.history import DAYS_COUNTED, FACTS, command

MOST = 6
SEQUENTIAL = """SET jit = off; SET max_parallel_workers_per_gather = 0; SET enable_indexscan = off; SET enable_indexonlyscan = off;
SET enable_bitmapscan = off;
\\timing on
SELECT date_trunc('hour', created_at), count(*) FROM messages GROUP BY 1 \\g /dev/null
SELECT date_trunc('hour', created_at), count(*) FROM conversations GROUP BY 1 \\g /dev/null
SELECT date_trunc('hour', sent_at), count(*) FROM campaign_recipients GROUP BY 1 \\g /dev/null
"""


GROUPED = """SET jit = off; SET max_parallel_workers_per_gather = 0; SET work_mem = '256MB';
\\timing on
SELECT date_trunc('hour', m.created_at), c.assigned_agent_id, count(*) FILTER (WHERE m.direction = 'inbound'),
  count(m.delivered_at), count(m.read_at), count(m.failed_at)
FROM messages m LEFT JOIN conversations c ON c.id = m.conversation_id GROUP BY 1, 2 \\g /dev/null
"""


def one_read(crm):
    return sum(float(ms) for ms in re.findall(r"^Time: ([\d.]+) ms", crm.psql(script=SEQUENTIAL), re.M)) / 1000


def run(bench, crm):
    if not can(bench.build, "rollup"):
        raise CannotMeasure("this build has no `crm-metricsd rollup`")
    started = time.monotonic()
    said = command(bench, crm, "rollup", "--from", crm.day(crm.days), "--to", crm.day(0))
    took = time.monotonic() - started
    counted = int(crm.number(DAYS_COUNTED))
    if counted < FACTS * (crm.days - 1):
        raise CannotMeasure(f"after the backfill {counted} days of facts are stored, and not {FACTS} facts of {crm.days - 1} days")
    return took, float(re.search(r"^stored: .*? in ([\d.]+) s;", said, re.M)[1])


def least(crm):
    """What nothing that counts messages by hour and agent can do without: the join and the grouping, nothing stored."""
    return sum(float(ms) for ms in re.findall(r"^Time: ([\d.]+) ms", crm.psql(script=GROUPED), re.M)) / 1000


def measure(bench):
    crm = bench.crm
    reads = [one_read(crm) for _ in range(2)]
    took, facts = run(bench, crm)
    reads += [one_read(crm) for _ in range(2)]
    reference = statistics.median(reads)
    bench.table.add(f"backfill of {crm.days} days, {crm.messages:,} messages", f"{took:.1f} s", f"{reference:.2f} s, one read",
                    f"{took / reference:.1f} ×", f"≤ {MOST} ×", took / reference <= MOST, judged=not bench.quick)
    for what, seconds in (("backfill, facts alone, without the tables for other readers", facts),
                          ("backfill, one plain GROUP BY hour and agent over messages, nothing stored, for comparison", least(crm))):
        bench.table.add(what, f"{seconds:.1f} s", f"{reference:.2f} s, one read", f"{seconds / reference:.1f} ×")
