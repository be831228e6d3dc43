"""A CRM with a generated history, in a database of its own."""

import datetime as dt
import pathlib
import subprocess
import sys
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "config/source/reference"
UTC = dt.timezone.utc


def evening_zone(now):
    """Where it is evening now, so that `today` is most of a day whenever this runs."""
    hours = (18 - now.hour + 9) % 24 - 9
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


class Crm:
    """Tables, rows, indexes, views and the daemon's roles; the same days, agents and `now` for every size."""

    def __init__(self, cluster, name, messages, days, agents, now, simulator):
        self.cluster, self.name, self.messages, self.days, self.now = cluster, name, messages, days, now
        self.url, self.zone = cluster.url_of(name), evening_zone(now)
        cluster.psql("-c", f"CREATE DATABASE {name}")
        self.psql("-f", str(REFERENCE / "tables.sql"))
        subprocess.run([simulator, "--url", self.url, "--messages", str(messages), "--days", str(days), "--agents", str(agents),
                        "--timezone", self.zone, "--now", now.strftime("%Y-%m-%dT%H:%M:%SZ")], check=True, stdout=sys.stderr)
        for file in ("indexes.sql", "views.sql"):
            self.psql("-f", str(REFERENCE / file))
        self.psql("-f", str(ROOT / "deploy/roles.sql"))
        self.psql("-c", "ALTER ROLE crm_metrics_read LOGIN")
        self.psql("-c", "CREATE EXTENSION pg_stat_statements", "-c", "VACUUM ANALYZE")
        self.agents = self.psql("-c", "SELECT p.id FROM profiles p JOIN conversations c ON c.assigned_agent_id = p.id "
                                      "WHERE p.role = 'agent' GROUP BY 1 ORDER BY count(*) DESC, 1").split()
        self.teams = {}
        for line in self.psql("-c", "SELECT supervisor_id, agent_id FROM team_members ORDER BY 1, 2").splitlines():
            supervisor, agent = line.split("|")
            self.teams.setdefault(supervisor, []).append(agent)

    def psql(self, *arguments, script=None):
        return self.cluster.psql(*arguments, script=script, url=self.url)

    def number(self, sql):
        return float(self.psql("-c", sql) or 0)

    def size(self):
        counts = [f"{int(self.number(f'SELECT count(*) FROM {table}')):,} {table}" for table in ("messages", "conversations")]
        return f"{', '.join(counts)}, {len(self.agents)} agents, {self.days} days"

    def callers(self, role):
        """(subject, agents whose rows it sees; None: all), one after the other for distinct requests."""
        if role == "owner":
            return [("", None)]
        if role == "supervisor":
            return [(supervisor, [supervisor, *team]) for supervisor, team in self.teams.items()]
        return [(agent, [agent]) for agent in self.agents]

    def local_midnight(self, instant, days_earlier):
        local = instant.astimezone(zoneinfo.ZoneInfo(self.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        return local - dt.timedelta(days=days_earlier)

    def midnight(self, instant, days_earlier=0):
        """When the business day began that lies so many days before the one of `instant`."""
        return self.local_midnight(instant, days_earlier).astimezone(UTC)

    def day(self, days_earlier):
        """The date of the business day that lies so many days before the history's last."""
        return self.local_midnight(self.now, days_earlier).date().isoformat()
