"""RESULTS.md: what a full run found, on what, and the plans of its costliest statements."""

import os
import pathlib
import platform
import re

from measure.crm import ROOT

FILE = ROOT / "tests/bench/RESULTS.md"


def machine(cluster):
    cpu = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    memory = int(re.search(r"^MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text(), re.M)[1]) / 2**20
    return (f"{os.cpu_count()} × {cpu[1] if cpu else platform.machine()}, {memory:.0f} GiB, "
            f"PostgreSQL {cluster.psql('-c', 'SHOW server_version').split()[0]}, shared_buffers "
            f"{cluster.psql('-c', 'SHOW shared_buffers')}, all in memory; load {os.getloadavg()[2]:.1f}")


def write(bench, took):
    lines = ["# What tests/bench/run found", "",
             f"- {bench.started:%Y-%m-%d %H:%M} UTC, {took / 60:.0f} minutes",
             f"- {machine(bench.cluster)}", f"- big: {bench.crm.size()}", f"- small: {bench.small_crm.size()}", "",
             "Each ratio is of one run. References: `tests/bench/reference/*.sql` on the same tables with the same indexes.",
             "A bar in milliseconds is as many times longer as this machine was slower just then than the one on which it was set;",
             "`pass (here)`: within that, not within the bar as it stands. What tells it has nothing to do with the daemon: the row `this machine`.",
             "Requests are cold: the API has no cache of answers, every one reads the database.",
             "[How it is measured](../README.md#bench)", "",
             bench.table.text(), "", f"## The {len(bench.costliest)} costliest statements", "",
             "By the longest time each took, with auto_explain watching (which costs time itself), while the daemon samples,",
             "answers and counts. Backfill is not among them: it reads every message by its nature.", "",
             "| | statement | longest | buffers then | times met |", "| ---: | --- | ---: | ---: | ---: |",
             *(f"| {number} | {statement.name()} | {statement.ms:.1f} ms | {statement.buffers():,} | {statement.times} |"
               for number, statement in enumerate(bench.costliest, 1)), ""]
    for number, statement in enumerate(bench.costliest, 1):
        lines += [f"### {number}. {statement.name()}", "", "```sql", shortened(statement.text), "```",
                  "", "```", *(line[:180] + " …" if len(line) > 180 else line for line in statement.plan.splitlines()),
                  "```", ""]
    FILE.write_text("\n".join(lines))


def shortened(text):
    flat = re.sub(r"\s+", " ", text).strip()
    return flat if len(flat) <= 400 else flat[:400] + " …"
