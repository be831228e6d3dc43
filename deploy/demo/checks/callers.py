"""In whose name the daemon is asked."""

import dataclasses

from checks import CannotCheck
from checks.database import NOBODY, psql


@dataclasses.dataclass(frozen=True)
class Caller:
    role: str
    subject: str
    name: str

    @property
    def sees_everyone(self):
        return self.role in ("owner", "admin")

    @property
    def sees_numbers(self):
        """Phone numbers, that is: agents see their last four digits."""
        return self.role != "agent"


EVERYONE = Caller("owner", NOBODY, "everyone")  # whose rows /metrics counts


def callers(options):
    """owner, admin, the supervisors of the largest and the smallest team, several agents, and somebody unknown."""
    def rows(sql):
        return psql(options.database, "-c", sql).split()
    teams = rows("SELECT supervisor_id FROM team_members GROUP BY 1 ORDER BY count(*) DESC, 1")
    agents = rows("SELECT p.id FROM profiles p LEFT JOIN conversations c ON c.assigned_agent_id = p.id"
                  " AND c.created_at > (now() AT TIME ZONE 'UTC') - interval '1 day'"
                  " WHERE p.role = 'agent' GROUP BY 1 ORDER BY count(c.id) DESC, 1")
    owner, admin = (rows(f"SELECT id FROM profiles WHERE role = '{role}' LIMIT 1") for role in ("owner", "admin"))
    missing = [what for what, found in (("owner", owner), ("admin", admin), ("team", teams), ("agent", agents)) if not found]
    if missing:
        raise CannotCheck(f"the database has no {', '.join(missing)}; write a history with crm-simulator first")
    found = [Caller("owner", owner[0], "owner"), Caller("admin", admin[0], "admin"),
             Caller("supervisor", teams[0], "supervisor of most")]
    if len(teams) > 1:
        found.append(Caller("supervisor", teams[-1], "supervisor of fewest"))
    found.append(Caller("agent", agents[0], "busiest agent"))
    if len(agents) > 2:
        found.append(Caller("agent", agents[len(agents) // 2], "middling agent"))
    if len(agents) > 1:
        found.append(Caller("agent", agents[-1], "idlest agent"))
    return found + [Caller("agent", "12345678-1234-4234-8234-123456789abc", "unknown agent")]
