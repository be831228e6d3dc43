"""What PostgreSQL has counted of the statements of a role: buffers, rows and time."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Counted:
    calls: int
    buffers: int
    rows: int
    ms: float


def reset(crm):
    crm.psql("-c", "SELECT pg_stat_statements_reset()")


def counted(crm, *roles):
    """Since the last reset, in this database."""
    names = ", ".join(f"'{role}'" for role in roles)
    line = crm.psql("-c", "SELECT coalesce(sum(calls), 0), coalesce(sum(shared_blks_hit + shared_blks_read), 0), "
                          "coalesce(sum(rows), 0), coalesce(sum(total_exec_time), 0) FROM pg_stat_statements s "
                          "JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database() "
                          f"JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname IN ({names})")
    calls, buffers, rows, ms = line.split("|")
    return Counted(int(calls), int(buffers), int(rows), float(ms))


def greediest(crm, most, *roles):
    """The statements that read most buffers since the last reset: (name, calls, buffers)."""
    names = ", ".join(f"'{role}'" for role in roles)
    lines = crm.psql("-c", "SELECT coalesce(substring(query FROM '^/[*] (.*?) [*]/'), regexp_replace(left(query, 40), '\s+', ' ', 'g')), sum(calls), "
                           "sum(shared_blks_hit + shared_blks_read) FROM pg_stat_statements s "
                           "JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database() "
                           f"JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname IN ({names}) "
                           f"GROUP BY 1 ORDER BY 3 DESC LIMIT {most}").splitlines()
    return [(name, int(calls), int(buffers)) for name, calls, buffers in (line.rsplit("|", 2) for line in lines)]
