"""The section automation-impact, and its families."""

from checks.callers import EVERYONE
from checks.clock import from_epoch, last_days, parse_instant, with_default
from checks.database import expected
from checks.http import Section, answered
from checks.numbers import CENT_TOLERANCE, HANDLING_SECONDS, cost, percentage

NAME = "automation-impact"
FILE = "expected_automation_impact.sql"
MOST_INTENTS = 10


def default(zone):
    return last_days(zone, 30, "default")


def expected_at(options, caller, window, as_of, since=None):
    start, end = window.resolve(as_of)
    return expected(options, FILE, caller, as_of, **{"from": start}, to=end, since=since or as_of)


def compare_share(table, name, document, part, whole, of_nothing):
    """`part` and `whole`: their names in the answer, and what they must be."""
    field = document.get(name) or {}
    for key, count in (part, whole):
        table.same(f"{name}.{key}", field.get(key), count)
    table.same(f"{name}.percentage", field.get("percentage"), percentage(part[1], whole[1], of_nothing))


def compare_intents(table, document, own):
    name = "topIntents"
    daemon = document.get(name)
    rows = daemon if isinstance(daemon, list) else []
    table.same_list(name, [(r.get("intent"), r.get("count"), r.get("successRate")) for r in rows],
                    [(i["intent"], i["count"], percentage(i["succeeded"], i["decided"], of_nothing=0))
                     for i in own[:MOST_INTENTS]])


def compare_document(table, document, own):
    table.same("fields", sorted(document),
               ["autoReplySuccess", "chatbotVsHuman", "dropOffRate", "escalationRate", "timeSaved", "topIntents"])
    counts = own["conversations"]
    alone, human = counts["chatbot"], counts["human"]
    field = document.get("chatbotVsHuman") or {}
    table.same("chatbotVsHuman.chatbot", field.get("chatbot"), alone)
    table.same("chatbotVsHuman.human", field.get("human"), human)
    table.same("chatbotVsHuman.percentage", field.get("percentage"), percentage(alone, alone + human, of_nothing=0))
    total = ("total", counts["bot"])
    compare_share(table, "autoReplySuccess", document, ("successful", counts["successful"]), total, of_nothing=100)
    compare_share(table, "dropOffRate", document, ("dropped", counts["dropped"]), total, of_nothing=0)
    compare_share(table, "escalationRate", document, ("escalated", counts["escalated"]), total, of_nothing=0)
    compare_intents(table, document, own["intents"])
    saved, seconds = document.get("timeSaved") or {}, counts["successful"] * HANDLING_SECONDS
    table.near("timeSaved.hours", saved.get("hours"), seconds / 3600, CENT_TOLERANCE)
    table.near("timeSaved.estimatedCost", saved.get("estimatedCost"), cost(seconds), CENT_TOLERANCE)


def compare_section(table, options, caller, windows):
    for window in with_default(windows, default(options.zone)):
        table.at(NAME, window.name, caller.name)
        answer = Section(options, NAME, caller).ask(window.query)
        document = answered(table, answer)
        if document is not None:
            as_of = parse_instant(answer.headers["X-CRM-As-Of"])
            compare_document(table, document, expected_at(options, caller, window, as_of))


def compare_gauges(table, scrape, own):
    wanted = {("crm_bot_conversations_dropped", ()): own["dropped"],
              ("crm_time_saved_seconds", ()): own["successful"] * HANDLING_SECONDS}
    for (family, labels), value in wanted.items():
        scrape.compare(table, family, labels, value)
    scrape.compare_extra(table, wanted)


def compare_counters(table, increase, own, reopened):
    """A conversation that left a state again was counted if a sample saw it there. `reopened` are resolutions that were
    erased while counting. What becomes of conversations older than two hours is counted once in a quarter of an hour."""
    moved, family = own["moved"], "crm_bot_conversations_total"
    for outcome, state, slack in (("resolved", "successful", reopened), ("escalated", "escalated", 0)):
        became, left = moved[state], moved[f"no_longer_{state}"]
        increase.compare(table, family, (("outcome", outcome),), moved[f"young_{state}"] - left - slack, became + slack)
    increase.last.compare_extra(table, {(family, (("outcome", outcome),)) for outcome in ("resolved", "escalated")})


def compare_intent_counters(table, increase, own):
    family, outcomes = "crm_intents_total", ("detected", "succeeded", "unsuccessful")
    wanted = {(("intent", i["intent"]), ("outcome", outcome)): i[outcome] for i in own for outcome in outcomes}
    for labels, count in sorted(wanted.items()):
        increase.compare(table, family, labels, count)
    others = sum(increase.of(family, labels.items()) for labels, _ in increase.last.series(family)
                 if tuple(sorted(labels.items())) not in wanted)
    table.same(f"{family} of other intents since the start", others, 0)


def compare_metrics(table, options, scrape, increase, _window):
    table.at(NAME, "/metrics", "everyone")
    since = from_epoch(increase.first.as_of(NAME)) if increase else None
    own = expected_at(options, EVERYONE, default(options.zone), from_epoch(scrape.as_of(NAME)), since)
    compare_gauges(table, scrape, own["conversations"])
    if increase:
        compare_counters(table, increase, own, options.reopened)
        compare_intent_counters(table, increase, own["intents_since"])
    scrape.compare_success(table, NAME)
