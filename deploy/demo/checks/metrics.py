"""/metrics: one scrape of it, and what counters have counted between two."""

import bisect
import re
import shutil
import subprocess
import time

from checks import CannotCheck
from checks.http import fetch

AS_OF = "crm_collector_as_of_timestamp_seconds"


def series_name(family, labels):
    return family + ("{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}" if labels else "")


class Scrape:
    def __init__(self, text):
        self.text, self.samples = text, {}
        for line in text.splitlines():
            match = re.fullmatch(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)", line)
            if match and not line.startswith("#"):
                labels = tuple(sorted(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or "")))
                self.samples[match[1], labels] = float(match[3])

    def get(self, family, labels=()):
        return self.samples.get((family, tuple(sorted(labels))))

    def as_of(self, collector):
        return self.get(AS_OF, (("collector", collector),))

    def series(self, family):
        """Values of a family by their labels, as dictionaries."""
        return [(dict(labels), value) for (name, labels), value in self.samples.items() if name == family]

    def compare(self, table, family, labels, own, tolerance=0):
        """None: the series must be absent."""
        daemon, name = self.get(family, labels), series_name(family, labels)
        if own is None or daemon is None:
            table.same(name, daemon, own)
        else:
            table.near(name, daemon, own, tolerance)

    def compare_extra(self, table, wanted):
        """No series of these families but those of `wanted`, a set of (family, labels)."""
        wanted = {(family, tuple(sorted(labels))) for family, labels in wanted}
        families = {family for family, _ in wanted}
        extra = sorted(series_name(*key) for key in self.samples if key[0] in families and key not in wanted)
        table.same("series that nobody expects", ", ".join(extra) or "none", "none")

    def compare_success(self, table, collector):
        self.compare(table, "crm_collector_success", (("collector", collector),), 1)


class Increase:
    """What counters grew by between two scrapes. A series that the first one lacks began at zero."""

    def __init__(self, first, last):
        self.first, self.last = first, last

    def of(self, family, labels=()):
        now = self.last.get(family, labels)
        return None if now is None else now - (self.first.get(family, labels) or 0)

    def compare(self, table, family, labels, low, high=None):
        """`high`: where a state that was left again may have been counted or not."""
        name = f"{series_name(family, labels)} since the start"
        table.between(name, self.of(family, labels), low, low if high is None else high)

    def compare_histogram(self, table, family, seconds, slack=0):
        """Of these events; `slack` of them may be counted besides, or not."""
        count, total = self.of(f"{family}_count"), self.of(f"{family}_sum")
        table.between(f"{family}_count since the start", count, len(seconds) - slack, len(seconds) + slack)
        if not slack:
            table.near(f"{family}_sum since the start", total, float(sum(seconds)), 1e-6 + 0.001 * len(seconds))
        bounds = [dict(labels)["le"] for name, labels in self.last.samples if name == f"{family}_bucket"]
        wrong = []
        for bound in sorted(bounds, key=float):
            # A millisecond to either side: durations are whole ones.
            low = bisect.bisect_right(sorted(seconds), float(bound) - 0.001) - slack
            high = bisect.bisect_right(sorted(seconds), float(bound) + 0.001) + slack
            daemon = self.of(f"{family}_bucket", (("le", bound),))
            if not low <= daemon <= high:
                wrong.append(f"le {bound}: {daemon:.0f}, not {low}")
        good = bool(bounds) and not wrong
        table.add(f"{family}_bucket since the start", ", ".join(wrong) or f"{len(bounds)} buckets",
                  f"{len(bounds)} buckets", good)


def scrape(options):
    answer = fetch(f"{options.admin}/metrics")
    if answer.code != 200:
        raise CannotCheck(f"/metrics: {answer.code} {answer.body[:60]}")
    return Scrape(answer.body)


def fresh_scrape(options, collectors, since=0.0):
    """A scrape whose samples were all taken at or after `since`, so that all traffic is in them."""
    deadline = time.monotonic() + 90
    while True:
        found = scrape(options)
        late = [name for name in collectors if (found.as_of(name) or 0) < max(since, 1)]
        if not late:
            return found
        if time.monotonic() > deadline:
            raise CannotCheck(f"/metrics: no sample of {', '.join(late)} newer than {since:.0f} within 90 s")
        time.sleep(0.5)


def compare_lint(table, found):
    table.at("-", "/metrics")
    if shutil.which("promtool"):
        lint = subprocess.run(["promtool", "check", "metrics"], input=found.text, capture_output=True, text=True, timeout=60)
        said = " ".join((lint.stdout + lint.stderr).split())
        table.same("promtool check metrics", said[:80] or "silent", "silent")
