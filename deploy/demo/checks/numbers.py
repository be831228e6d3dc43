"""The arithmetic of the definitions: changes, trends, percentages."""

SLA_TARGET_SECONDS = 300
DEAD_BAND_PERCENT = 5
HANDLING_SECONDS = 300  # of an agent's time, for each conversation that the bot resolves
AGENT_HOUR_COST = 15


def change(now, before):
    if before == 0:
        return 0.0 if now == 0 else 100.0
    return 100.0 * (now - before) / before


def trend(percent):
    return "up" if percent > DEAD_BAND_PERCENT else "down" if percent < -DEAD_BAND_PERCENT else "stable"


def percentage(part, whole, of_nothing):
    """One decimal, half away from zero, in whole numbers so that nothing is lost before the rounding."""
    return (2000 * part + whole) // (2 * whole) / 10 if whole else of_nothing


def mean(seconds, count):
    return seconds / count if count else 0.0


# Half a second of rounding to whole ones, and a millisecond because durations are summed in whole milliseconds.
MEAN_TOLERANCE = 0.501
# Hours and money have two decimals.
CENT_TOLERANCE = 0.005 + 1e-9


def cost(seconds):
    return seconds / 3600 * AGENT_HOUR_COST
