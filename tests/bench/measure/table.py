"""The table that tests/bench/run prints: a row for each thing measured, with its verdict."""

import dataclasses

PASS, PASS_HERE, FAIL, SHOWN = "pass", "pass (here)", "FAIL", "shown"
COLUMNS = ("what", "ours", "reference", "ratio", "bar", "verdict")


@dataclasses.dataclass(frozen=True)
class Row:
    what: str
    ours: str
    reference: str
    ratio: str
    bar: str
    verdict: str

    def cells(self):
        return [getattr(self, column) for column in COLUMNS]


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, ours, reference="–", ratio="–", bar="–", good=None, judged=True, only_here=False):
        """`good`: is it within the bar? None: there is no bar. Not judged: the bar needs a size that this run has not. Only here:
        within the bar as it is on this machine, which is slower than the one on which it was set."""
        if good is None:
            verdict = SHOWN
        elif judged:
            verdict = FAIL if not good else PASS_HERE if only_here else PASS
        else:
            verdict = f"{SHOWN} ({'within' if good else 'outside'})"
        self.rows.append(Row(what, ours, reference, ratio, bar, verdict))

    def cannot(self, what, reason):
        self.rows.append(Row(what, "not measured: " + " ".join(str(reason).split()), "–", "–", "–", FAIL))

    def failures(self):
        return [row for row in self.rows if row.verdict == FAIL]

    def text(self):
        lines = [COLUMNS, *(row.cells() for row in self.rows)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
        shape = lambda line: "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
        return "\n".join([shape(COLUMNS), "| " + " | ".join("-" * width for width in widths) + " |",
                          *(shape(line) for line in lines[1:])])


def ms(value):
    return f"{value:.0f} ms" if value >= 100 else f"{value:.1f} ms"


def times(ratio):
    return f"{ratio:,.0f} ×" if ratio >= 100 else f"{ratio:.1f} ×" if ratio >= 10 else f"{ratio:.2f} ×"
