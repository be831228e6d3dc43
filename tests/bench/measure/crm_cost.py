"""Rows on what the change feed costs the CRM: single-row inserts of messages without its triggers and with them, in turns,
by pgbench. PostgreSQL waits for the disk at each commit here (fsync), as a CRM's does; what the triggers cost beside an insert that
waits for nothing is shown too."""

import re
import statistics
import subprocess

from measure import CannotMeasure, history

OFFERED = 1000
MOST_GROWTH, MOST_FALL = 1.10, 0.20
CLIENTS = 16  # enough for 1,000 commits a second on a slow disk
TARGETS = """DROP TABLE IF EXISTS bench_conversations;
CREATE TABLE bench_conversations AS
SELECT row_number() OVER (ORDER BY created_at DESC)::int AS n, id FROM conversations ORDER BY created_at DESC LIMIT 5000;
ALTER TABLE bench_conversations ADD PRIMARY KEY (n); ANALYZE bench_conversations"""
INSERT = """\\set n random(1, 5000)
INSERT INTO messages (conversation_id, direction, sender_type, content, delivery_status)
VALUES ((SELECT id FROM bench_conversations WHERE n = :n), 'inbound', 'customer', 'Where is my order?', 'delivered');
"""


def pgbench(bench, seconds, *more):
    script = bench.folder / "insert.sql"
    script.write_text(INSERT)
    for log in bench.folder.glob("insert-log*"):
        log.unlink()
    result = subprocess.run(["pgbench", "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", script,
                             "--log", "--log-prefix=insert-log", *more, bench.crm.url], text=True, cwd=bench.folder,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if result.returncode != 0:
        raise CannotMeasure(f"pgbench failed: {result.stderr.strip()[-300:]}")
    return result.stdout


def offered_ms(bench, seconds):
    """p50 of an insert at 1,000 a second, without the time that pgbench began late."""
    pgbench(bench, seconds, "--rate", str(OFFERED))
    took = []
    for log in bench.folder.glob("insert-log*"):
        for line in log.read_text().splitlines():
            fields = line.split()
            took.append((int(fields[2]) - int(fields[6])) / 1000)
    if len(took) < 0.8 * OFFERED * seconds:
        raise CannotMeasure(f"only {len(took)} of {OFFERED * seconds} inserts were made")
    return statistics.median(took)


def saturated_tps(bench, seconds):
    return float(re.search(r"tps = ([\d.]+)", pgbench(bench, seconds))[1])


def alternate(bench, rounds, seconds, measure_once):
    """[(without triggers, with them)] of each round."""
    pairs = []
    for _ in range(rounds):
        pair = []
        for on in (False, True):
            history.set_triggers(bench.crm, on)
            history.forget_changes(bench.crm)
            pair.append(measure_once(bench, seconds))
        pairs.append(pair)
    return pairs


def medians(pairs):
    without, with_them = (statistics.median(side) for side in zip(*pairs))
    return without, with_them, statistics.median(b / a for a, b in pairs)


def compare(bench, rounds, seconds, how, judged=True):
    """A row for inserts at a moderate rate, and one for as many as there can be."""
    with bench.row(f"CRM's cost, offered{how}"):
        without, with_them, growth = medians(alternate(bench, rounds, seconds, offered_ms))
        bench.table.add(f"CRM's cost: p50 of {OFFERED:,} single-row inserts/s{how}", f"{with_them:.3f} ms with triggers",
                        f"{without:.3f} ms without", f"{growth:.2f} ×", f"≤ {MOST_GROWTH:.2f} ×", growth <= MOST_GROWTH, judged)
    with bench.row(f"CRM's cost, saturated{how}"):
        without, with_them, share = medians(alternate(bench, rounds, seconds, saturated_tps))
        least = 1 - MOST_FALL
        bench.table.add(f"CRM's cost: most single-row inserts/s{how}", f"{with_them:,.0f}/s with triggers",
                        f"{without:,.0f}/s without", f"{share:.2f} ×", f"≥ {least:.2f} ×", share >= least, judged)


def measure(bench):
    rounds, seconds = (3, 2) if bench.quick else (10, 5)
    bench.crm.psql("-c", TARGETS)
    bench.cluster.set("fsync", "on")
    try:
        compare(bench, rounds, seconds, "")
        with bench.row("CRM's cost, with the daemon"), bench.daemon(bench.crm, "15s"):
            bench.table.add(f"CRM's cost: p50 of {OFFERED:,} single-row inserts/s, the daemon counting them",
                            f"{offered_ms(bench, seconds):.3f} ms")
        bench.cluster.set("fsync", "off")
        compare(bench, rounds // 2, seconds, ", waiting for no disk", judged=False)
    finally:
        bench.cluster.set("fsync", "off")
        history.set_triggers(bench.crm, True)
        history.forget_changes(bench.crm)
