"""What is the same for all sections: health, errors, rights."""

from checks.database import psql
from checks.http import fetch

BAD_QUERIES = (("dateRange=fortnight", "dateRange"), ("endDate=2026-01-01", "endDate"),
               ("startDate=2026-01-01T00:00:00", "startDate"), ("limits=5", "limits"))


def compare_endpoints(table, options, sections):
    def answers(what, url, code, names, method="GET"):
        answer = fetch(url, {"X-CRM-Role": "owner"}, method)
        table.add(f"{method} {what}", f"{answer.code} {answer.body[:50]}", f"{code}, naming '{names}'",
                  answer.code == code and names in answer.body)
        return answer

    def refuses(what, url, code, names="error", method="GET"):
        answer = answers(what, url, code, names, method)
        table.add(f"{method} {what}: in JSON", "yes" if isinstance(answer.json(), dict) else answer.body, "yes",
                  isinstance(answer.json(), dict))

    dashboard = f"{options.api}/api/dashboard"
    table.at("-")
    answers("/-/healthy", f"{options.admin}/-/healthy", 200, "")
    answers("/-/ready", f"{options.admin}/-/ready", 200, "")
    answers("/", f"{options.admin}/", 200, "/metrics")
    answers("/api/dashboard", dashboard, 200, sections[-1])
    refuses("/api/dashboard/nonsense", f"{dashboard}/nonsense", 404, sections[0])
    for section in sections:
        table.at(section)
        for query, names in BAD_QUERIES:
            refuses(f"?{query}", f"{dashboard}/{section}?{query}", 400, names)
        refuses(f"/api/dashboard/{section}", f"{dashboard}/{section}", 405, method="POST")


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
