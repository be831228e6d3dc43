"""The section business-impact, and its families."""

from checks.callers import EVERYONE
from checks.clock import from_epoch, last_days, midnight, parse_instant, with_default
from checks.database import expected
from checks.http import Section, answered
from checks.kpi import compare_change, compare_trend
from checks.numbers import CENT_TOLERANCE, HANDLING_SECONDS, change, cost, percentage

NAME = "business-impact"
FILE = "expected_business_impact.sql"
STAGES = ("sent", "responded", "converted")


def default(zone):
    return last_days(zone, 30, "default")


def expected_at(options, caller, window, as_of, since=None):
    zone, (start, end) = options.zone, window.resolve(as_of)
    before_start, before_end = window.previous(zone, as_of)
    return expected(options, FILE, caller, as_of, **{"from": start}, to=end, before_from=before_start, before_to=before_end,
                    today=midnight(zone, as_of), week=midnight(zone, as_of, 6), month=midnight(zone, as_of, 29),
                    since=since or as_of)


def compare_campaigns(table, document, own):
    name = "campaignConversion"
    daemon = document.get(name)
    rows = daemon if isinstance(daemon, list) else []
    table.same_list(name, [(r.get("campaignId"), r.get("campaignName"), *map(r.get, STAGES)) for r in rows],
                    [(c["id"], c["name"], *map(c.get, STAGES)) for c in own])
    table.same_list(f"{name}.conversionRate", [r.get("conversionRate") for r in rows],
                    [percentage(c["converted"], c["sent"], of_nothing=0) for c in own])


def customers(own, period):
    """How many came, and how many of them not for the first time."""
    counts = own["customers"].get(period, {"all": 0, "repeated": 0})
    return counts["all"], counts["repeated"]


def compare_repeated(table, document, own):
    name, field = "repeatCustomerRate", document.get("repeatCustomerRate") or {}
    (now, repeated), (before, repeated_before) = customers(own, "now"), customers(own, "before")
    table.same(f"{name}.rate", field.get("rate"), percentage(repeated, now, of_nothing=0))
    comparable = now > 0 and before > 0
    compare_trend(table, name, field, change(repeated / now, repeated_before / before) if comparable else 0.0)


def cost_of_one(own):
    """And by how much the daemon's whole milliseconds may move it; None where nobody was handled."""
    paid, count = own["paid"], own["handled"]["by_humans"]
    return (cost(paid["seconds"]) / count, cost(0.002 * paid["pieces"]) / count) if count else (None, 0.0)


def compare_cost(table, document, own):
    name, field = "costPerConversation", document.get("costPerConversation") or {}
    amount, slack = cost_of_one(own)
    table.near(f"{name}.amount", field.get("amount"), amount or 0.0, CENT_TOLERANCE + slack)
    table.near(f"{name}.savings", field.get("savings"), cost(own["handled"]["by_bots"] * HANDLING_SECONDS), CENT_TOLERANCE)


def compare_document(table, document, own):
    table.same("fields", sorted(document),
               ["campaignConversion", "costPerConversation", "leadsGenerated", "repeatCustomerRate", "ticketsResolved"])
    leads, counts = document.get("leadsGenerated") or {}, own["leads"]
    table.same("leadsGenerated.total", leads.get("total"), counts["now"])
    compare_change(table, "leadsGenerated", leads, change(counts["now"], counts["before"]))
    tickets = document.get("ticketsResolved") or {}
    for period in ("today", "week", "month"):
        table.same(f"ticketsResolved.{period}", tickets.get(period), own["tickets"][period])
    compare_campaigns(table, document, own["campaigns"])
    compare_repeated(table, document, own)
    compare_cost(table, document, own)


def compare_section(table, options, caller, windows):
    for window in with_default(windows, default(options.zone)):
        table.at(NAME, window.name, caller.name)
        answer = Section(options, NAME, caller).ask(window.query)
        document = answered(table, answer)
        if document is not None:
            as_of = parse_instant(answer.headers["X-CRM-As-Of"])
            compare_document(table, document, expected_at(options, caller, window, as_of))


def compare_gauges(table, scrape, own):
    count, repeated = customers(own, "now")
    amount, slack = cost_of_one(own)
    wanted = {("crm_repeat_customer_ratio", ()): (repeated / count if count else None, 1e-9),
              ("crm_cost_per_conversation", (("currency", "USD"),)): (amount, 1e-9 + slack)}
    for (family, labels), (value, tolerance) in wanted.items():
        scrape.compare(table, family, labels, value, tolerance)
    scrape.compare_extra(table, wanted)


def compare_counters(table, increase, own):
    """What becomes of recipients whose message is older than two hours is counted once in a quarter of an hour."""
    increase.compare(table, "crm_leads_total", (), own["leads"]["since"])
    increase.compare(table, "crm_tickets_resolved_total", (), own["tickets"]["since"])
    family, moved = "crm_campaign_recipients_total", own["moved"]
    for stage in STAGES:
        increase.compare(table, family, (("stage", stage),), moved[f"young_{stage}"], moved[stage])
    increase.last.compare_extra(table, {(family, (("stage", stage),)) for stage in STAGES})


def compare_metrics(table, options, scrape, increase, _window):
    table.at(NAME, "/metrics", "everyone")
    since = from_epoch(increase.first.as_of(NAME)) if increase else None
    own = expected_at(options, EVERYONE, default(options.zone), from_epoch(scrape.as_of(NAME)), since)
    compare_gauges(table, scrape, own)
    if increase:
        compare_counters(table, increase, own)
    scrape.compare_success(table, NAME)
