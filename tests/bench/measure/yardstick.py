"""How fast this machine is just now, for bars in milliseconds: a piece of work that has nothing to do with the daemon, whose time is
known on the machine on which the bars were set. On a slower one a bar is as much longer; on a faster one it stays."""

import statistics
import subprocess

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
