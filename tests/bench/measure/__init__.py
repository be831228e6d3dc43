"""What tests/bench/run measures: a module for each row of its table, and the servers that they measure on."""


class CannotMeasure(Exception):
    """A measurement that could not be made, with the reason: it counts as failed, and the others go on."""
