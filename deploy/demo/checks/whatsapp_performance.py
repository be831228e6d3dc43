"""The section whatsapp-performance, and its families."""

from checks.callers import EVERYONE
from checks.clock import from_epoch, parse_instant
from checks.database import expected
from checks.failures import by_label, error, masked
from checks.http import Section, answered
from checks.numbers import percentage

NAME = "whatsapp-performance"
FILE = "expected_whatsapp_performance.sql"
PAGE = 50


def expected_at(options, caller, window, as_of, since=None):
    start, end = window.resolve(as_of)
    return expected(options, FILE, caller, as_of, **{"from": start}, to=end, since=since or as_of)


def number(text, caller):
    return text if caller.sees_numbers else masked(text)


def own_failures(own, caller):
    return [(f["id"], number(f["recipient"], caller), error(f["reason"], caller), whole_second(from_epoch(f["at"])))
            for f in own["failed_messages"]]


def failures(document):
    rows = document.get("failedMessages")
    rows = rows if isinstance(rows, list) else []
    return [(r.get("id"), r.get("recipient"), r.get("error"), instant(r.get("timestamp"))) for r in rows]


def instant(text):
    return parse_instant(text) if isinstance(text, str) else text


def whole_second(instant):
    """People read no more of it."""
    return instant.replace(microsecond=0)


def compare_failures(table, section, window, answer, document, own):
    """The first page as it came, and the whole list as Link leads through it."""
    name, wanted = "failedMessages", own_failures(own, section.caller)
    table.same_list(f"{name}: the first {PAGE}", failures(document), wanted[:PAGE])
    more = "there is" if len(wanted) > PAGE else "none"
    table.same(f"{name}: Link to more", "there is" if answer.next_path() else "none", more)
    limit = 5 if len(wanted) < 100 else 500
    query = "&".join(part for part in (window.query, f"limit={limit}") if part)
    pages = [page.json() or {} for page in section.pages(query)]
    table.same_list(f"{name}: all, {limit} a page", [row for page in pages for row in failures(page)], wanted)
    table.same(f"{name}: pages", len(pages), max(1, -(-len(wanted) // limit)))


def compare_sessions(table, document, own, caller):
    rows = document.get("activeSessions")
    rows = rows if isinstance(rows, list) else []
    table.same_list("activeSessions",
                    [(r.get("sessionId"), r.get("phoneNumber"), r.get("status"), instant(r.get("lastSeen"))) for r in rows],
                    [(number(s["id"], caller), number(s["phone"], caller), s["status"],
                      None if s["seen"] is None else whole_second(from_epoch(s["seen"]))) for s in own])


def compare_document(table, document, own):
    table.same("fields", sorted(document),
               ["activeSessions", "broadcastSuccessRate", "failedMessages", "messageFunnel", "queueMetrics"])
    funnel = document.get("messageFunnel") or {}
    for fate in ("sent", "delivered", "read", "failed"):
        table.same(f"messageFunnel.{fate}", funnel.get(fate), own["funnel"][fate])
    broadcasts, counts = document.get("broadcastSuccessRate") or {}, own["broadcasts"]
    for fate in ("total", "successful", "failed"):
        table.same(f"broadcastSuccessRate.{fate}", broadcasts.get(fate), counts[fate])
    table.same("broadcastSuccessRate.percentage", broadcasts.get("percentage"),
               percentage(counts["successful"], counts["total"], of_nothing=100))


def compare_section(table, options, caller, windows):
    section = Section(options, NAME, caller)
    for window in windows:
        table.at(NAME, window.name, caller.name)
        answer = section.ask(window.query)
        document = answered(table, answer)
        if document is None:
            continue
        as_of = parse_instant(answer.headers["X-CRM-As-Of"])
        own = expected_at(options, caller, window, as_of)
        compare_document(table, document, own)
        compare_failures(table, section, window, answer, document, own)
        compare_sessions(table, document, own["sessions"], caller)
        options.queue.compare_document(table, document.get("queueMetrics") or {}, own["queue"], as_of)


def compare_session_metrics(table, scrape, own):
    """Labels are masked ids, each with a hash behind it that only the daemon can compute."""
    states, seen = scrape.series("crm_session_state"), scrape.series("crm_session_last_seen_timestamp_seconds")
    for session in own:
        prefix = masked(session["id"])
        mine = lambda found: [(labels, value) for labels, value in found if labels.get("session", "").startswith(prefix)]
        table.same(f'crm_session_state{{session="{prefix}…"}}',
                   sorted(labels.get("state") for labels, value in mine(states) if value == 1), [session["status"]])
        last_seen = [value for _, value in mine(seen)]
        table.same_list(f'crm_session_last_seen_timestamp_seconds{{session="{prefix}…"}}', last_seen,
                        [] if session["seen"] is None else [session["seen"]], lambda a, b: abs(a - b) < 0.001)
    table.same("crm_session_state: series", len(states), 3 * len(own))
    for state in ("connected", "disconnected", "reconnecting"):
        scrape.compare(table, "crm_sessions", (("state", state),), sum(session["status"] == state for session in own))


def compare_counters(table, increase, own):
    messages, campaigns, fates = "crm_messages_total", "crm_campaign_messages_total", ("sent", "delivered", "read", "failed")
    wanted = {(messages, (("direction", "inbound"), ("event", "received"))): own["received"]}
    wanted |= {(messages, (("direction", "outbound"), ("event", event))): own["events"].get(event, 0) for event in fates}
    wanted |= {(campaigns, (("event", event),)): own["campaign_events"].get(event, 0) for event in ("created", *fates)}
    for (family, labels), count in wanted.items():
        increase.compare(table, family, labels, count)
    increase.last.compare_extra(table, wanted)
    failed, family = by_label(own["failures"]), "crm_message_failures_total"
    for labels, count in sorted(failed.items()):
        increase.compare(table, family, labels, count)
    others = sum(increase.of(family, labels.items()) for labels, _ in increase.last.series(family)
                 if tuple(sorted(labels.items())) not in failed)
    table.same(f"{family} of other codes since the start", others, 0)


def compare_metrics(table, options, scrape, increase, window):
    table.at(NAME, "/metrics", "everyone")
    since = from_epoch(increase.first.as_of(NAME)) if increase else None
    as_of = from_epoch(scrape.as_of(NAME))
    own = expected_at(options, EVERYONE, window, as_of, since)
    compare_session_metrics(table, scrape, own["sessions"])
    options.queue.compare_metrics(table, scrape, increase, own["queue"], as_of)
    scrape.compare(table, "crm_undelivered_messages", (), own["undelivered"]["messages"])
    scrape.compare(table, "crm_undelivered_seconds", (), own["undelivered"]["seconds"], 0.001)
    if increase:
        compare_counters(table, increase, own)
    scrape.compare_success(table, NAME)
