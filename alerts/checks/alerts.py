"""What the house asks of an alert beyond what promtool does."""

import re

NAME = re.compile(r"CRM(?:[A-Z][a-z0-9]+)+$")
HEADINGS = ("## What it means", "## How to look", "## What to do")
ANNOTATIONS = ("summary", "description", "runbook_url", "dashboard_url")

# Families of parts of the daemon that are still to come; a family that is there is taken from the list.
coming = {"crm_page_load_seconds", "crm_websocket_connections", "crm_websocket_disconnects_total",
          "crm_cache_requests_total", "crm_audit_failures_total", "crm_rollup_queue_rows"}


def known_families(root):
    table = (root / "plugins/METRICS.md").read_text(encoding="utf-8")
    code = (root / "daemon/metrics/telemetry_families.cpp").read_text(encoding="utf-8")
    there = set(re.findall(r"^\| `(crm_\w+)` \|", table, re.M)) | set(re.findall(r'"(crm_\w+)"', code))
    return there, there | coming


def check_families(faults, file, text, known):
    for name in sorted(set(re.findall(r"(?<![\w:])crm_\w+", text))):
        if name not in known and re.sub(r"_(bucket|sum|count)$", "", name) not in known:
            faults.append(f"{file}: {name} is a family that nothing exports")


def check_alert(faults, file, rule, root):
    name = rule["alert"]

    def say(what):
        faults.append(f"{file}: {name}: {what}")

    if not NAME.match(name):
        say("is not named CRM… in CamelCase")
    if (rule.get("labels") or {}).get("severity") not in ("critical", "warning"):
        say("has no label severity that is critical or warning")
    annotations = rule.get("annotations") or {}
    for key in ANNOTATIONS:
        if not annotations.get(key):
            say(f"has no annotation {key}")
    if not annotations.get("runbook_url", "").endswith(f"/{name}.md"):
        say(f"has a runbook_url that does not end in /{name}.md")
    if not (root / f"alerts/runbooks/{name}.md").exists():
        say(f"has no runbook alerts/runbooks/{name}.md")


def check_tested(faults, alerts, tests):
    fired, silent = set(), set()
    for file in tests.values():
        for test in file.get("tests") or []:
            for case in test.get("alert_rule_test") or []:
                (fired if case.get("exp_alerts") else silent).add(case["alertname"])
    for name, file in alerts.items():
        if name not in fired:
            faults.append(f"{file}: {name}: no test fires it")
        if name not in silent:
            faults.append(f"{file}: {name}: no test holds it silent")
    for name in sorted((fired | silent) - set(alerts)):
        faults.append(f"alerts/tests: {name}: is tested, and no rule")


def queries_of(page):
    """One query a line, in the fences ```promql."""
    blocks = re.findall(r"^```promql\n(.*?)^```$", page, re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip() and not line.startswith("#")]


def check_runbook(faults, file, page, name, alerts):
    if name not in alerts:
        faults.append(f"{file}: no alert has this name")
    if not page.startswith(f"# {name}\n"):
        faults.append(f"{file}: does not begin with # {name}")
    for heading in HEADINGS:
        if f"\n{heading}\n" not in page:
            faults.append(f"{file}: lacks the heading {heading}")
    if not queries_of(page):
        faults.append(f"{file}: has no query to paste")
