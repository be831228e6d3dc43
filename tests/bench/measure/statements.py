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


def rows_read(crm):
    """Rows of the CRM's tables that anybody has read, by an index or not, as far as sessions have reported them."""
    return crm.number("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables "
                      "WHERE schemaname = 'public'")
