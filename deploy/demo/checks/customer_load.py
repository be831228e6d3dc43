"""The section customer-load, and its families."""

from checks.callers import EVERYONE
from checks.clock import from_epoch, hour_starts, last_days, last_hours, midnight, parse_instant, with_default
from checks.database import expected
from checks.http import Section, answered
from checks.numbers import MEAN_TOLERANCE, mean

NAME = "customer-load"
FILE = "expected_customer_load.sql"
CHATS_HOURS, HEATMAP_DAYS, PEAK_DAYS = 24, 28, 28
DAYS_OF_WEEK, HOURS_OF_DAY = 7, 24


def default(zone):
    """Today, but two fields have windows of their own while none is named."""
    return last_days(zone, 1, "default")


def hour_of_day(zone, start):
    return start.astimezone(zone).hour


def cell(zone, start):
    """Business day of the week, from Sunday on, and hour."""
    local = start.astimezone(zone)
    return local.isoweekday() % DAYS_OF_WEEK, local.hour


def summed(keys, rows, key_of):
    """The counts of these rows, each an hour, under all of `keys`."""
    counts = dict.fromkeys(keys, 0)
    for row in rows:
        counts[key_of(row["start"])] += row["count"]
    return counts


def peak_hours(zone, company):
    """`load.peak_hours: auto`: hours of the day at or above the 75th percentile of all 24, which lies a quarter of the way
    from the 18th to the 19th; an hour in which nobody wrote is none."""
    volume = summed(range(HOURS_OF_DAY), company, lambda start: hour_of_day(zone, start))
    ranked = sorted(volume.values())
    return {hour for hour, count in volume.items() if count > 0 and 4 * count >= 3 * ranked[17] + ranked[18]}


def mean_wait(waits):
    return mean(sum(w["seconds"] for w in waits), sum(w["count"] for w in waits))


def expected_at(options, caller, window, as_of, since=None):
    zone, (start, end) = options.zone, window.resolve(as_of)
    chats_start = start if window.query else last_hours(zone, CHATS_HOURS, as_of)
    heatmap_start = start if window.query else midnight(zone, as_of, HEATMAP_DAYS - 1)
    peaks_start, peaks_end = midnight(zone, as_of, PEAK_DAYS), midnight(zone, as_of)
    starts = hour_starts(zone, min(start, chats_start, peaks_start, since or as_of), as_of)
    own = expected(options, FILE, caller, as_of, **{"from": start}, to=end, chats_from=chats_start, heatmap_from=heatmap_start,
                   peaks_from=peaks_start, peaks_to=peaks_end, since=since or as_of,
                   hours="{" + ",".join(s.isoformat() for s in starts) + "}")
    for rows in (own["chats"], own["heatmap"], own["company"], own["waits"]):
        for row in rows:
            row["start"] = starts[row["hour"] - 1]
    peaks = peak_hours(zone, own["company"])
    own["peak"] = mean_wait([w for w in own["waits"] if hour_of_day(zone, w["start"]) in peaks])
    own["off_peak"] = mean_wait([w for w in own["waits"] if hour_of_day(zone, w["start"]) not in peaks])
    own["per_hour"] = summed(hour_starts(zone, chats_start, end), own["chats"], lambda start: start)
    own["cells"] = summed([(day, hour) for day in range(DAYS_OF_WEEK) for hour in range(HOURS_OF_DAY)], own["heatmap"],
                          lambda start: cell(zone, start))
    return own


def compare_chats(table, document, own, zone):
    name = "incomingChatsPerHour"
    daemon = document.get(name)
    rows = daemon if isinstance(daemon, list) else []
    hours = [(start.astimezone(zone).isoformat(), count) for start, count in own.items()]
    table.same_list(name, [(r.get("hour"), r.get("count")) for r in rows], hours)
    most = max(hours, key=lambda hour: hour[1])  # the earliest of several
    peak = document.get("peakHour") or {}
    table.same("peakHour.hour", peak.get("hour"), most[0])
    table.same("peakHour.count", peak.get("count"), most[1])


def compare_heatmap(table, document, own):
    name = "heatmap"
    daemon = document.get(name)
    rows = daemon if isinstance(daemon, list) else []
    table.same_list(name, [(r.get("dayOfWeek"), r.get("hour"), r.get("count")) for r in rows],
                    [(day, hour, count) for (day, hour), count in own.items()])


def compare_document(table, document, own, zone):
    table.same("fields", sorted(document), ["avgWaitTime", "heatmap", "incomingChatsPerHour", "newVsReturning", "peakHour"])
    compare_chats(table, document, own["per_hour"], zone)
    customers, counts = document.get("newVsReturning") or {}, own["customers"]
    table.same("newVsReturning.new", customers.get("new"), counts["new"])
    table.same("newVsReturning.returning", customers.get("returning"), counts["all"] - counts["new"])
    wait = document.get("avgWaitTime") or {}
    table.near("avgWaitTime.peak", wait.get("peak"), own["peak"], MEAN_TOLERANCE)
    table.near("avgWaitTime.offPeak", wait.get("offPeak"), own["off_peak"], MEAN_TOLERANCE)
    compare_heatmap(table, document, own["cells"])


def compare_section(table, options, caller, windows):
    for window in with_default(windows, default(options.zone)):
        table.at(NAME, window.name, caller.name)
        answer = Section(options, NAME, caller).ask(window.query)
        document = answered(table, answer)
        if document is not None:
            as_of = parse_instant(answer.headers["X-CRM-As-Of"])
            compare_document(table, document, expected_at(options, caller, window, as_of), options.zone)


def compare_gauges(table, scrape, own):
    family = "crm_chats_hour_of_week"
    daemon = {(labels.get("day"), labels.get("hour")): value for labels, value in scrape.series(family)}
    table.same_list(family, sorted((*key, value) for key, value in daemon.items()),
                    sorted((str(day), str(hour), count) for (day, hour), count in own.items()))


def compare_metrics(table, options, scrape, increase, _window):
    table.at(NAME, "/metrics", "everyone")
    since = from_epoch(increase.first.as_of(NAME)) if increase else None
    own = expected_at(options, EVERYONE, default(options.zone), from_epoch(scrape.as_of(NAME)), since)
    compare_gauges(table, scrape, own["cells"])
    if increase:
        wanted = {("crm_customers_total", (("kind", kind),)): own["since"][kind] for kind in ("new", "returning")}
        for (family, labels), count in wanted.items():
            increase.compare(table, family, labels, count)
        scrape.compare_extra(table, wanted)
    scrape.compare_success(table, NAME)
