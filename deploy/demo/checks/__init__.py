"""What deploy/demo/check is made of: one file a section, one for HTTP, time, the database, /metrics and the table."""


class CannotCheck(Exception):
    """Something that the comparison needs is not there: no verdict, exit 2."""
