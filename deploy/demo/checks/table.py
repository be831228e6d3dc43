"""What was compared, and how it came out."""

import itertools

HEAD = ("section", "window", "scope", "what", "daemon", "own", "")
SPELLED_OUT = ("owner", "everyone", "-")  # of the other scopes, what is equal is summed up


class Table:
    def __init__(self):
        self.rows = []
        self.place = ("-", "-", "-")

    def at(self, section, window="-", scope="-"):
        """Where what is compared from now on belongs."""
        self.place = (section, window, scope)

    def add(self, what, daemon, own, ok):
        self.rows.append((*self.place, what, show(daemon), show(own), "ok" if ok else "DIFFERENT"))

    def same(self, what, daemon, own):
        self.add(what, daemon, own, type(daemon) is not bool and daemon == own)

    def near(self, what, daemon, own, tolerance):
        self.add(what, daemon, own, is_number(daemon) and abs(daemon - own) <= tolerance)

    def between(self, what, daemon, low, high):
        own = show(low) if low == high else f"{show(low)} to {show(high)}"
        self.add(what, daemon, own, is_number(daemon) and low <= daemon <= high)

    def same_list(self, what, daemon, own, equal=lambda a, b: a == b):
        """As their lengths, and the first element that differs."""
        if not isinstance(daemon, list):
            return self.add(what, daemon, f"{len(own)} rows", False)
        for i, (theirs, ours) in enumerate(itertools.zip_longest(daemon, own)):
            if i >= min(len(daemon), len(own)) or not equal(theirs, ours):
                return self.add(f"{what}[{i}]", *apart(theirs, ours), False)
        return self.add(what, f"{len(daemon)} rows", f"{len(own)} rows", True)

    def differences(self):
        return sum(row[-1] != "ok" for row in self.rows)

    def lines(self):
        """Every row of the owner; of the other scopes those that differ, and one for all that are equal."""
        for (section, scope), rows in itertools.groupby(self.rows, key=lambda row: (row[0], row[2])):
            rows = list(rows)
            shown = [row for row in rows if scope in SPELLED_OUT or row[-1] != "ok"]
            yield from shown
            if len(shown) < len(rows):
                spans = len({row[1] for row in rows})
                equal = f"{len(rows) - len(shown)} more" if shown else f"all {len(rows)} fields"
                yield (section, f"{spans} windows" if spans > 1 else rows[0][1], scope, equal, "", "", "ok")

    def print(self):
        """All; and behind the last line once more what differs, because that is what somebody looks for."""
        self.print_lines(list(self.lines()))
        different = [row for row in self.rows if row[-1] != "ok"]
        if different:
            print()
            self.print_lines(different)

    def print_lines(self, lines):
        widths = [max(len(line[i]) for line in [HEAD, *lines]) for i in range(len(HEAD))]
        for line in [HEAD, tuple("-" * width for width in widths), *lines]:
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def apart(theirs, ours):
    """Of two rows, what differs."""
    if not (isinstance(theirs, tuple) and isinstance(ours, tuple)):
        return theirs, ours
    pairs = [(a, b) for a, b in zip(theirs, ours) if a != b]
    return tuple(", ".join(show(side) for side in sides) for sides in zip(*pairs))


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def show(value):
    if value is None:
        return "absent"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    text = str(value).replace("\n", " ").replace("\t", " ")
    return text if len(text) <= 44 else text[:43] + "…"
