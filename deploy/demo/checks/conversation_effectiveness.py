"""The section conversation-effectiveness, and its families."""

from checks.callers import EVERYONE
from checks.clock import buckets, from_epoch, parse_instant
from checks.database import expected
from checks.http import Section, answered
from checks.numbers import MEAN_TOLERANCE, SLA_TARGET_SECONDS, mean, percentage

NAME = "conversation-effectiveness"
FILE = "expected_conversation_effectiveness.sql"


def expected_at(options, caller, window, as_of, since=None):
    start, end = window.resolve(as_of)
    starts = buckets(options.zone, start, end)
    array = "{" + ",".join(s.isoformat() for s in starts) + "}"
    own = expected(options, FILE, caller, as_of, **{"from": start}, to=end, since=since or as_of, buckets=array)
    for row in own["over_time"]:
        row["timestamp"] = starts[row["bucket"] - 1].astimezone(options.zone).isoformat()
    return own


def close(daemon, own):
    return isinstance(daemon, int) and abs(daemon - own) <= MEAN_TOLERANCE


def compare_agents(table, document, own):
    name = "conversationsPerAgent"
    daemon = document.get(name)
    rows = daemon if isinstance(daemon, list) else []
    table.same_list(name, [(r.get("count"), r.get("agentName"), r.get("agentId")) for r in rows],
                    [(a["count"], a["name"], a["agent"]) for a in own])
    table.same_list(f"{name}.avgResponseTime", [r.get("avgResponseTime") for r in rows],
                    [mean(a["seconds"], a["answered"]) for a in own], close)


def compare_over_time(table, document, own):
    name = "avgResponseTimeOverTime"
    daemon = document.get(name)
    rows = daemon if isinstance(daemon, list) else []
    table.same_list(f"{name}.timestamp", [r.get("timestamp") for r in rows], [o["timestamp"] for o in own])
    table.same_list(f"{name}.avgSeconds", [r.get("avgSeconds") for r in rows],
                    [mean(o["seconds"], o["answered"]) for o in own], close)


def compare_document(table, document, own):
    table.same("fields", sorted(document),
               ["avgResponseTimeOverTime", "conversationsPerAgent", "resolvedVsOpen", "slaCompliance"])
    compare_agents(table, document, own["per_agent"])
    compare_over_time(table, document, own["over_time"])
    sla, counts = document.get("slaCompliance") or {}, own["sla"]
    table.same("slaCompliance.compliant", sla.get("compliant"), counts["compliant"])
    table.same("slaCompliance.nonCompliant", sla.get("nonCompliant"), counts["breached"])
    table.same("slaCompliance.percentage", sla.get("percentage"),
               percentage(counts["compliant"], counts["compliant"] + counts["breached"], of_nothing=100))
    resolved, counts = document.get("resolvedVsOpen") or {}, own["conversations"]
    table.same("resolvedVsOpen.resolved", resolved.get("resolved"), counts["resolved"])
    table.same("resolvedVsOpen.open", resolved.get("open"), counts["open"])
    table.same("resolvedVsOpen.percentage", resolved.get("percentage"),
               percentage(counts["resolved"], counts["resolved"] + counts["open"], of_nothing=0))


def compare_section(table, options, caller, windows):
    for window in windows:
        table.at(NAME, window.name, caller.name)
        answer = Section(options, NAME, caller).ask(window.query)
        document = answered(table, answer)
        if document is not None:
            as_of = parse_instant(answer.headers["X-CRM-As-Of"])
            compare_document(table, document, expected_at(options, caller, window, as_of))


def compare_gauges(table, scrape, own):
    wanted = {("crm_sla_waiting", (("state", state),)): own["waiting"][state] for state in ("in_time", "overdue")}
    wanted["crm_sla_target_seconds", ()] = SLA_TARGET_SECONDS
    for (family, labels), value in wanted.items():
        scrape.compare(table, family, labels, value)
    scrape.compare_extra(table, wanted)


def compare_counters(table, increase, own, reopened):
    """A conversation that left a state again was counted if a sample saw it there. `reopened` are resolutions that were
    erased while counting. What becomes of conversations older than two hours is counted once in a quarter of an hour."""
    since, moved = own["since"], own["moved"]
    increase.compare(table, "crm_conversations_created_total", (), since["created"])
    resolved = len(since["resolutions"])
    increase.compare(table, "crm_conversations_resolved_total", (), resolved - reopened, resolved + reopened)
    for outcome in ("compliant", "breached"):
        became, left = moved[outcome], moved[f"no_longer_{outcome}"]
        increase.compare(table, "crm_sla_conversations_total", (("outcome", outcome),),
                         moved[f"young_{outcome}"] - left, became)
    increase.compare_histogram(table, "crm_first_response_seconds", since["first_responses"])
    increase.compare_histogram(table, "crm_response_seconds", since["responses"])
    increase.compare_histogram(table, "crm_resolution_seconds", since["resolutions"], slack=reopened)
    increase.last.compare_extra(table, {("crm_sla_conversations_total", (("outcome", outcome),))
                                        for outcome in ("compliant", "breached")})


def compare_metrics(table, options, scrape, increase, window):
    table.at(NAME, "/metrics", "everyone")
    since = from_epoch(increase.first.as_of(NAME)) if increase else None
    own = expected_at(options, EVERYONE, window, from_epoch(scrape.as_of(NAME)), since)
    compare_gauges(table, scrape, own)
    if increase:
        compare_counters(table, increase, own, options.reopened)
    scrape.compare_success(table, NAME)
