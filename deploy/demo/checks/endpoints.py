"""What is the same for all sections: health, errors, rights."""

from checks.database import psql
from checks.http import fetch


def compare_endpoints(table, options, sections):
    owner = {"X-CRM-Role": "owner"}
    dashboard = f"{options.api}/api/dashboard"

    def status(what, url, code, contains="", method="GET", headers=None):
        answer = fetch(url, headers, method)
        table.same(f"{method} {what}", answer.code, code)
        if contains:
            table.add(f"{method} {what}: names '{contains}'", answer.body[:40], contains, contains in answer.body)
        return answer

    table.at("-")
    status("/-/healthy", f"{options.admin}/-/healthy", 200)
    status("/-/ready", f"{options.admin}/-/ready", 200)
    status("/", f"{options.admin}/", 200, contains="/metrics")
    errors = [("404", status("/api/dashboard/nonsense", f"{dashboard}/nonsense", 404, sections[0], headers=owner))]
    for section in sections:
        table.at(section)
        url = f"{dashboard}/{section}"
        for query, names in (("dateRange=fortnight", "dateRange"), ("endDate=2026-01-01", "endDate"), ("limits=5", "limits")):
            errors.append(("400", status(f"?{query}", f"{url}?{query}", 400, names, headers=owner)))
        errors.append(("405", status("", url, 405, method="POST", headers=owner)))
    table.at("-")
    for code, answer in errors:
        in_json = isinstance(answer.json(), dict)
        table.add(f"{code} is answered in JSON", "yes" if in_json else answer.body[:40], "yes", in_json)


def compare_rights(table, options):
    """The role that the daemon reads with sees the views and no base table."""
    sql = ("SELECT c.relname, has_table_privilege('crm_metrics_read', c.oid, 'SELECT')::text FROM pg_class c"
           " JOIN pg_namespace n ON n.oid = c.relnamespace"
           " WHERE n.nspname = '{}' AND c.relkind = '{}' ORDER BY 1")
    table.at("-")
    for schema, kind, may in (("crm_source", "v", "true"), ("public", "r", "false")):
        rows = [line.split("|") for line in psql(options.database, "-c", sql.format(schema, kind)).splitlines()]
        wrong = [name for name, allowed in rows if allowed != may]
        word = "may read all views of" if may == "true" else "may read no table of"
        table.add(f"crm_metrics_read {word} {schema}", "wrong: " + ", ".join(wrong) if wrong else f"{len(rows)} checked",
                  f"{len(rows)} {may}", not wrong and len(rows) >= 11)
