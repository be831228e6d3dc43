"""How fast this machine is, for bars in milliseconds: a piece of work that has nothing to do with the daemon, whose time is known
on the machine on which the bars were set. On a slower one a bar is as much longer; on a faster one it stays."""

import subprocess

from measure import CannotMeasure

SET_AT_MS = 10.0  # of prometheus-cpp for 10,000 series, where the bars were set


def took_ms(build):
    program = build / "bin/bench_scrape"
    if not program.exists():
        raise CannotMeasure(f"no bench_scrape in {program.parent}: cmake --build {build} --target bench_scrape")
    output = subprocess.run([program], text=True, stdout=subprocess.PIPE).stdout  # whether it is within its own bar is no matter
    return min(float(line.split()[3]) for line in output.splitlines() if line.startswith("/metrics"))


def measure(bench):
    """Sets `bench.slowness`: how many times as long this machine takes, at least 1."""
    with bench.row("this machine"):
        took = min(took_ms(bench.build) for _ in range(5))
        bench.slowness = max(1.0, took / SET_AT_MS)
        bench.table.add("this machine: prometheus-cpp's Collect and text of 10,000 series", f"{took:.1f} ms",
                        f"{SET_AT_MS:.0f} ms where the bars were set", f"{took / SET_AT_MS:.2f} ×")
