"""How fast this machine is just now, for bars in milliseconds: a piece of work that has nothing to do with the daemon, whose time is
known on the machine on which the bars were set. On a slower one a bar is as much longer; on a faster one it stays."""

import statistics
import subprocess
import time

PROGRAM = "bin/bench_scrape"
SET_AT_MS = 10.0  # of prometheus-cpp for 10,000 series, where the bars were set


def took_ms(build):
    output = subprocess.run([build / PROGRAM], text=True, stdout=subprocess.PIPE).stdout  # its own bar is no matter here
    return min(float(line.split()[3]) for line in output.splitlines() if line.startswith("/metrics"))


def slowness(times):
    """How many times as long as there these took, at least 1."""
    return max(1.0, statistics.mean(times) / SET_AT_MS)


def add_row(table, times):
    table.add("this machine: prometheus-cpp's Collect and text of 10,000 series",
              f"{statistics.median(times):.1f} ms ({min(times):.1f} to {max(times):.1f})", f"{SET_AT_MS:.0f} ms where the bars were set",
              f"{statistics.median(times) / SET_AT_MS:.2f} ×")


ROUNDS = 500


def add_steadiness_row(table):
    """How unequal times are here of work that is always the same: a p99 of anything is hardly less unequal than this."""
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        sum(i * i for i in range(150_000))
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    p50, p99 = statistics.median(took), took[int(0.99 * ROUNDS)]
    table.add(f"this machine: one piece of work that is always the same, {ROUNDS} times", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", "–",
              f"{p99 / p50:.2f} ×")
