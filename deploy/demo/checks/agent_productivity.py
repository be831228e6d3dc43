"""The section agent-productivity, and its families."""

from checks.callers import EVERYONE
from checks.clock import from_epoch, parse_instant
from checks.database import expected
from checks.http import Section, answered
from checks.numbers import MEAN_TOLERANCE, mean, percentage

NAME = "agent-productivity"
FILE = "expected_agent_productivity.sql"
STATES = ("online", "away", "offline")
BANDS = ("balanced", "overloaded", "underutilized")
# Time passes without any row, so counters of it are as of the daemon's last step, which may be some seconds ago; and the
# first step may have come some seconds after the first scrape.
LAG_SECONDS = 30


def expected_at(options, caller, window, as_of, since=None):
    start, end = window.resolve(as_of)
    return expected(options, FILE, caller, as_of, **{"from": start}, to=end, since=since or as_of,
                    lag=f"{LAG_SECONDS} seconds")


def compare_times(table, rows, own):
    """Each piece of presence that a period of the daemon's cuts is in whole milliseconds."""
    for field, name in (("activeTime", "online"), ("idleTime", "away")):
        table.same_list(f"agentMetrics.{field}", [(r.get("agentId"), r.get(field)) for r in rows],
                        [(a["agent"], a[name], 0.501 + 0.002 * a["pieces"]) for a in own],
                        lambda a, b: a[0] == b[0] and isinstance(a[1], int) and abs(a[1] - b[1]) <= b[2])


def compare_agents(table, document, own):
    name = "agentMetrics"
    daemon = document.get(name)
    rows = daemon if isinstance(daemon, list) else []
    table.same_list(name, [(r.get("chatsHandled"), r.get("agentName"), r.get("agentId")) for r in rows],
                    [(a["handled"], a["name"], a["agent"]) for a in own])
    table.same_list(f"{name}.resolutionRate", [r.get("resolutionRate") for r in rows],
                    [percentage(a["resolved"], a["handled"], of_nothing=0) for a in own])
    compare_times(table, rows, own)
    table.same_list(f"{name}.avgHandlingTime", [r.get("avgHandlingTime") for r in rows],
                    [mean(a["ended_seconds"], a["ended"]) for a in own],
                    lambda a, b: isinstance(a, int) and abs(a - b) <= MEAN_TOLERANCE)
    table.same_list(f"{name}.status", [(r.get("agentId"), r.get("status")) for r in rows],
                    [(a["agent"], a["status"]) for a in own])
    # A whole second, whichever of the two beside it.
    table.same_list(f"{name}.statusDuration", [r.get("statusDuration") for r in rows], [a["status_seconds"] for a in own],
                    lambda a, b: isinstance(a, int) and abs(a - b) < 1)


def compare_document(table, document, own):
    table.same("fields", sorted(document), ["agentMetrics", "workloadDistribution"])
    compare_agents(table, document, own["agents"])
    workload = document.get("workloadDistribution") or {}
    for band in BANDS:
        table.same(f"workloadDistribution.{band}", workload.get(band), own["workload"][band])


def compare_section(table, options, caller, windows):
    for window in windows:
        table.at(NAME, window.name, caller.name)
        answer = Section(options, NAME, caller).ask(window.query)
        document = answered(table, answer)
        if document is not None:
            as_of = parse_instant(answer.headers["X-CRM-As-Of"])
            compare_document(table, document, expected_at(options, caller, window, as_of))


def compare_by_agent(table, what, listed, daemon, own):
    """`own`: the least and the most that may be said of an agent. Who is listed has a series, whatever its value."""
    wrong = []
    for agent in sorted({*listed, *daemon, *own}):
        low, high = own.get(agent, (0, 0))
        value = daemon.get(agent)
        if value is None and (agent in listed or low > 0) or value is not None and not low <= value <= high:
            said = "absent" if value is None else f"{value:g}"
            wrong.append(f"…{agent[-6:]}: {said}, not {low:g} to {high:g}")
    table.add(what, "; ".join(wrong) or f"{len(listed)} agents listed", f"{len(listed)} agents listed", not wrong)


def by_agent(scrape, family):
    return {labels.get("agent"): value for labels, value in scrape.series(family)}


def compare_gauges(table, scrape, own):
    agents = own["agents"]
    table.same_list("crm_agent_info", sorted((labels.get("agent"), labels.get("name"), value)
                                             for labels, value in scrape.series("crm_agent_info")),
                    sorted((a["agent"], label(a["name"]), 1) for a in agents))
    table.same_list("crm_agent_status", sorted((labels.get("agent"), labels.get("status"), value)
                                               for labels, value in scrape.series("crm_agent_status")),
                    sorted((a["agent"], state, int(a["status"] == state)) for a in agents for state in STATES))
    compare_by_agent(table, "crm_agent_open_conversations", [a["agent"] for a in agents],
                     by_agent(scrape, "crm_agent_open_conversations"), {s["agent"]: (s["open"],) * 2 for s in own["since"]})
    wanted = {("crm_workload_agents", (("band", band),)): own["workload"][band] for band in BANDS}
    for (family, labels), count in wanted.items():
        scrape.compare(table, family, labels, count)
    scrape.compare_extra(table, wanted)


def label(text):
    """As it is written in /metrics."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def about(low, high):
    """A step that came between the end of a span and the row that told it has counted what little lay between, too."""
    return (low - 1, high + 1) if high > 0 else (0, 0)


def compare_counters(table, increase, own, reopened):
    """A resolution that was erased was counted if a sample saw it, in whosever name. An agent who got a conversation that was
    nobody's got it when it had been created."""
    listed, since = [a["agent"] for a in own["agents"]], own["since"]

    def grown(family):
        return {agent: increase.of(family, (("agent", agent),)) for agent in by_agent(increase.last, family)}

    def compare(family, bounds):
        compare_by_agent(table, f"{family} since the start", listed, grown(family), {s["agent"]: bounds(s) for s in since})

    compare("crm_agent_chats_total", lambda s: (s["chats"], s["chats_at_most"]))
    compare("crm_agent_online_seconds_total", lambda s: about(s["online_at_least"], s["online_at_most"]))
    compare("crm_agent_away_seconds_total", lambda s: about(s["away_at_least"], s["away_at_most"]))
    handling, ended = "crm_agent_handling_seconds", sum(s["ended"] for s in since)
    compare(f"{handling}_count", lambda s: (s["ended"] - reopened, s["ended"] + reopened))
    table.between(f"{handling}_count of all since the start", sum(grown(f"{handling}_count").values()),
                  ended - reopened, ended + reopened)
    if not reopened:
        slack = lambda s: 1e-6 + 0.001 * s["ended"]  # durations are whole milliseconds
        compare(f"{handling}_sum", lambda s: (s["ended_seconds"] - slack(s), s["ended_seconds"] + slack(s)))


def compare_metrics(table, options, scrape, increase, window):
    table.at(NAME, "/metrics", "everyone")
    since = from_epoch(increase.first.as_of(NAME)) if increase else None
    own = expected_at(options, EVERYONE, window, from_epoch(scrape.as_of(NAME)), since)
    compare_gauges(table, scrape, own)
    if increase:
        compare_counters(table, increase, own, options.reopened)
    scrape.compare_success(table, NAME)
