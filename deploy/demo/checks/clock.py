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


def same_time_yesterday(zone, instant):
    return wall_to_instant(zone, wall(zone, instant) - DAY)


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

    def resolve(self, as_of):
        return self.start(as_of), min(self.end(as_of), as_of)


def buckets(zone, start, end):
    return (hour_starts if end - start <= 2 * DAY else day_starts)(zone, start, end)


def windows(zone, now):
    """Every way to name a window: by default, by its name, by dates (past the horizon of 35 days), by instants."""
    since_midnight = lambda days_earlier: lambda as_of: midnight(zone, as_of, days_earlier)
    until_now = lambda as_of: as_of
    first, last = midnight(zone, now, 48), midnight(zone, now, 41)
    after_last = midnight(zone, now, 40)
    begin = now.replace(second=18, microsecond=0) - dt.timedelta(hours=29)
    finish = now.replace(second=0, microsecond=0) - dt.timedelta(minutes=47)
    date = lambda instant: wall(zone, instant).date().isoformat()
    instant = lambda t: urllib.parse.quote(t.astimezone(zone).isoformat())
    return [
        Window("today", "", since_midnight(0), until_now),
        Window("yesterday", "dateRange=yesterday", since_midnight(1), since_midnight(0)),
        Window("week", "dateRange=week", since_midnight(6), until_now),
        Window("month", "dateRange=month", since_midnight(29), until_now),
        Window("8 days", f"startDate={date(first)}&endDate={date(last)}", lambda _: first, lambda _: after_last),
        Window("28 hours", f"startDate={instant(begin)}&endDate={instant(finish)}", lambda _: begin, lambda _: finish),
    ]
