"""The section kpi: always for now, whatever window is asked for."""

from checks.callers import EVERYONE
from checks.clock import from_epoch, parse_instant
from checks.database import expected_kpi
from checks.http import Section, answered
from checks.numbers import DEAD_BAND_PERCENT, MEAN_TOLERANCE, SLA_TARGET_SECONDS, change, mean, trend

NAME = "kpi"


def compare_change(table, name, field, exact, slack=0.0):
    """`slack` is what the daemon's whole milliseconds may move the exact change by."""
    table.near(f"{name}.change", field.get("change"), exact, 0.05 + slack + 1e-9)
    compare_trend(table, name, field, exact, slack)


def compare_trend(table, name, field, exact, slack=0.0):
    at_edge = abs(abs(exact) - DEAD_BAND_PERCENT) <= slack + 1e-9
    table.add(f"{name}.trend", field.get("trend"), trend(exact), at_edge or field.get("trend") == trend(exact))


def compare_count(table, name, document, now, before):
    field = document.get(name) or {}
    table.same(f"{name}.value", field.get("value"), now)
    compare_change(table, name, field, change(now, before))


def compare_response_time(table, document, own):
    name, field = "avgResponseTime", document.get("avgResponseTime") or {}
    now, before = mean(own["today_seconds"], own["today"]), mean(own["yesterday_seconds"], own["yesterday"])
    comparable = own["today"] > 0 and own["yesterday"] > 0
    slack = 100.0 * 0.002 * max(1.0, now / before) / before if comparable and before > 0 else 0.0
    table.near(f"{name}.value", field.get("value"), now, MEAN_TOLERANCE)
    compare_change(table, name, field, change(now, before) if comparable else 0.0, slack)
    status = "good" if now <= SLA_TARGET_SECONDS else "warning" if now <= 1.5 * SLA_TARGET_SECONDS else "critical"
    table.same(f"{name}.slaStatus", field.get("slaStatus"), status)


def compare_delivery(table, document, own):
    def settled(delivered, failed):
        return delivered / (delivered + failed) if delivered + failed else None

    name, field = "whatsappDeliveryRate", document.get("whatsappDeliveryRate") or {}
    rate = 100.0 * own["delivered"] / own["sent"] if own["sent"] else 100.0
    table.near(f"{name}.value", field.get("value"), rate, 0.05 + 1e-9)
    now = settled(own["delivered"], own["failed"])
    before = settled(own["yesterday_delivered"], own["yesterday_failed"])
    compare_change(table, name, field, 0.0 if now is None or before is None else change(now, before))


def compare_document(table, document, own):
    compare_count(table, "activeConversations", document, own["conversations"]["now"], own["conversations"]["before"])
    compare_response_time(table, document, own["responses"])
    compare_delivery(table, document, own["deliveries"])
    tickets = own["tickets"]
    compare_count(table, "openTickets", document, tickets["now"], tickets["before"])
    by_priority = (document.get("openTickets") or {}).get("byPriority") or {}
    table.same("openTickets.byPriority.high", by_priority.get("high"), tickets["high"] + tickets["urgent"])
    table.same("openTickets.byPriority.medium", by_priority.get("medium"), tickets["medium"])
    table.same("openTickets.byPriority.low", by_priority.get("low"), tickets["low"])
    messages = own["messages"]
    compare_count(table, "messagesToday", document, messages["inbound"] + messages["outbound"], messages["yesterday"])


def compare_section(table, options, caller, windows):
    """It validates a window and answers for now: the first and the last of them say as much as all."""
    for window in (windows[0], windows[-1]):
        table.at(NAME, window.name, caller.name)
        answer = Section(options, NAME, caller).ask(window.query)
        document = answered(table, answer)
        if document is not None:
            as_of = parse_instant(answer.headers["X-CRM-As-Of"])
            compare_document(table, document, expected_kpi(options, caller, as_of))


def samples(own):
    """What /metrics must say, by (family, labels): a value, or None for a series that must be absent."""
    responses, deliveries = own["responses"], own["deliveries"]
    wanted = {("crm_conversations_active", ()): own["conversations"]["now"]}
    for priority in ("low", "medium", "high", "urgent"):
        wanted["crm_tickets_open", (("priority", priority),)] = own["tickets"][priority]
    for direction in ("inbound", "outbound"):
        wanted["crm_messages_today", (("direction", direction),)] = own["messages"][direction]
    for event in ("sent", "delivered", "read", "failed"):
        wanted["crm_outbound_today", (("event", event),)] = deliveries[event]
    wanted["crm_answered_turns_today", ()] = responses["today"]
    wanted["crm_answered_turns_response_seconds", ()] = responses["today_seconds"]
    wanted["crm_response_today_mean_seconds", ()] = (
        responses["today_seconds"] / responses["today"] if responses["today"] else None)
    wanted["crm_delivery_ratio", ()] = deliveries["delivered"] / deliveries["sent"] if deliveries["sent"] else None
    return wanted


def compare_metrics(table, options, scrape, _increase, _window):
    table.at(NAME, "/metrics", "everyone")
    own = expected_kpi(options, EVERYONE, from_epoch(scrape.as_of(NAME)))
    # Durations are summed in whole milliseconds.
    tolerances = {"crm_answered_turns_response_seconds": 1e-6 + 0.001 * own["responses"]["today"],
                  "crm_response_today_mean_seconds": 0.001001, "crm_delivery_ratio": 1e-9}
    wanted = samples(own)
    for (family, labels), value in wanted.items():
        scrape.compare(table, family, labels, value, tolerances.get(family, 0))
    scrape.compare_extra(table, wanted)
    scrape.compare_success(table, NAME)
