"""Business days, hours and windows, computed with Python's zoneinfo: the calendar, a second time."""

import dataclasses
import datetime as dt
import re
import urllib.parse

from checks import CannotCheck

UTC = dt.timezone.utc
DAY = dt.timedelta(days=1)
QUARTER = dt.timedelta(minutes=15)


def parse_instant(text):
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)", text)
    if not match:
        raise CannotCheck(f"'{text}' is not an instant like 2026-11-23T22:40:18.123456Z")
    instant = dt.datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00")).astimezone(UTC)
    return instant + dt.timedelta(microseconds=int((match[2] or "0").ljust(6, "0")))


def from_epoch(seconds):
    return dt.datetime.fromtimestamp(0, UTC) + dt.timedelta(microseconds=round(seconds * 1e6))


def wall_to_instant(zone, wall):
    """The first of two when the clock went back; out of a gap, its end."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    offset = lambda t: t.astimezone(zone).utcoffset()
    before, after = instant - dt.timedelta(hours=30), instant + dt.timedelta(hours=30)
    while after - before > dt.timedelta(microseconds=1):
        middle = before + (after - before) / 2
        before, after = (middle, after) if offset(middle) == offset(before) else (before, middle)
    return after


def wall(zone, instant):
    return instant.astimezone(zone).replace(tzinfo=None)


def midnight(zone, instant, days_earlier=0):
    """When the business day began that lies so many days before the one of `instant`."""
    day = wall(zone, instant).replace(hour=0, minute=0, second=0, microsecond=0)
    return wall_to_instant(zone, day - days_earlier * DAY)


def same_time(zone, instant, days_earlier):
    return wall_to_instant(zone, wall(zone, instant) - days_earlier * DAY)


def same_time_yesterday(zone, instant):
    return same_time(zone, instant, 1)


def hour_starts(zone, start, end):
    """An hour begins at each full hour of the local clock and wherever its offset changes."""
    starts = []
    instant = start.replace(minute=0, second=0, microsecond=0) - 4 * QUARTER
    while instant < end:
        local, before = instant.astimezone(zone), (instant - QUARTER).astimezone(zone)
        if local.minute == 0 or local.utcoffset() != before.utcoffset():
            starts.append(instant)
        instant += QUARTER
    return [s for i, s in enumerate(starts) if i + 1 == len(starts) or starts[i + 1] > start]


def day_starts(zone, start, end):
    starts, days_later = [], 0
    while True:
        day = midnight(zone, start, -days_later)
        if day >= end and starts:
            return starts
        if not starts or day > starts[-1]:
            starts.append(day)
        days_later += 1


@dataclasses.dataclass(frozen=True)
class Window:
    """What a caller asks for, and which instants that are at the answer's."""

    name: str
    query: str
    start: object  # as_of → instant
    end: object
    days: int | None = None  # how many business days; None: between two instants

    def resolve(self, as_of):
        return self.start(as_of), min(self.end(as_of), as_of)

    def previous(self, zone, as_of):
        """The period before: as many business days earlier, at the same time of day, or as long, immediately before."""
        start, end = self.resolve(as_of)
        if self.days is None:
            return start - (end - start), start
        return same_time(zone, start, self.days), same_time(zone, end, self.days)


def last_days(zone, days, name, query=""):
    """The last so many business days, today included."""
    return Window(name, query, lambda as_of: midnight(zone, as_of, days - 1), lambda as_of: as_of, days)


def last_hours(zone, hours, as_of):
    """When the first of the last so many business hours began, the current one included."""
    return hour_starts(zone, as_of - dt.timedelta(hours=hours + 4), as_of)[-hours]


def with_default(windows, default):
    """Of a section whose default is not today: its own, and today by name."""
    today, *others = windows
    return [default, dataclasses.replace(today, query="dateRange=today"), *others]


def buckets(zone, start, end):
    return (hour_starts if end - start <= 2 * DAY else day_starts)(zone, start, end)


def windows(zone, now):
    """Every way to name a window: by default, by its name, by dates (past the horizon of 35 days), by instants."""
    since_midnight = lambda days_earlier: lambda as_of: midnight(zone, as_of, days_earlier)
    first, last = midnight(zone, now, 48), midnight(zone, now, 41)
    after_last = midnight(zone, now, 40)
    begin = now.replace(second=18, microsecond=0) - dt.timedelta(hours=29)
    finish = now.replace(second=0, microsecond=0) - dt.timedelta(minutes=47)
    date = lambda instant: wall(zone, instant).date().isoformat()
    instant = lambda t: urllib.parse.quote(t.astimezone(zone).isoformat())
    return [
        last_days(zone, 1, "today"),
        Window("yesterday", "dateRange=yesterday", since_midnight(1), since_midnight(0), 1),
        last_days(zone, 7, "week", "dateRange=week"),
        last_days(zone, 30, "month", "dateRange=month"),
        Window("8 days", f"startDate={date(first)}&endDate={date(last)}", lambda _: first, lambda _: after_last, 8),
        Window("28 hours", f"startDate={instant(begin)}&endDate={instant(finish)}", lambda _: begin, lambda _: finish),
    ]
